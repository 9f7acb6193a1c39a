"""A source as one file: claims, tables, verdicts, protocols and contradictions."""

import pytest

from fmnist_core.evaluation.ledger.choice import choose_runs, needed_recipe
from fmnist_core.evaluation.ledger.evidence import read_evidence
from fmnist_core.figures.papers.claims import claims
from fmnist_core.figures.papers.report import papers_report
from fmnist_core.figures.papers.rows import source_words
from fmnist_core.figures.papers.words import CLAIMS_NOTE, DOTS_NOTE, FOUND, OTHER_IMAGES
from fmnist_core.figures.words import without_markup
from fmnist_core.papers import contradictions, find_paper, find_system, papers, tables
from fmnist_core.runs.index import DamagedRun
from tests.fixture_facts import facts_of
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.html_outline import assert_stands_alone


@pytest.fixture
def report_of(tmp_path):
    def make(paper_id, damaged=()):
        return papers_report(paper_id, facts_of(tmp_path), {}, damaged).decode()

    return make


@pytest.mark.parametrize("paper_id", ["", *(paper.id for paper in papers())])
def test_without_runs_a_report_still_has_all_that_the_sources_print(report_of, paper_id):
    outline = assert_stands_alone(report_of(paper_id))
    for paper in papers():
        wanted = paper_id in ("", paper.id)
        assert (paper.summary in outline.words) == wanted
        assert all((claim in outline.words) == wanted for claim in paper.claims)
    for table in tables():
        assert (table.place in outline.words) >= (paper_id in ("", table.paper))
    for entry in contradictions():
        assert (entry.place in outline.words) >= (paper_id in ("", *entry.papers))


def test_ours_stands_beside_the_published_with_verdict_and_budget(tmp_path):
    wanted = FixtureRun("awasthi_basic", 0.9, number=1, epochs=2, batch_size=512)
    run_id = write_fixture_run(tmp_path, wanted)
    system = find_system("awasthi_basic")
    choice = choose_runs(system, needed_recipe(system), [read_evidence(tmp_path, run_id)])
    text = papers_report("000", facts_of(tmp_path), {"awasthi_basic": choice}, ()).decode()
    words = assert_stands_alone(text).words
    assert "91.7%" in words
    assert "78.75% (reduced)" in words
    protocols = words[words.index("\nProtocols") : words.index("\nContradictions")]
    assert "reduced" in protocols


def test_a_damaged_run_is_named(report_of):
    lost = DamagedRun("awasthi_basic-20260101-000000-abcdef", "run.json is damaged.")
    words = assert_stands_alone(report_of("000", [lost])).words
    assert "1 damaged run left out" in words
    assert f"{lost.run_id}: {lost.reason}" in words
    assert "damaged" not in report_of("000")


def test_claims_stand_under_their_source_with_what_each_check_found(report_of, tmp_path):
    words = assert_stands_alone(report_of("")).words
    assert CLAIMS_NOTE in words
    heads = [words.index(f"{source_words(paper.id)}: claims") for paper in papers()]
    for paper, start, end in zip(papers(), heads, [*heads[1:], len(words)], strict=True):
        assert all(claim in words[start:end] for claim in paper.claims)
    found = claims("001", facts_of(tmp_path))
    for claim in found:
        assert f"{claim.text} {claim.standing.capitalize()}." in words
        for part in claim.findings:
            assert f"{FOUND[part.holds]}: {without_markup(part.says)}" in words


def test_what_stands_below_the_dots_and_is_not_in_the_file_is_said(report_of):
    words = assert_stands_alone(report_of("000")).words
    assert words.count(DOTS_NOTE) >= 1
    assert OTHER_IMAGES in words  # the source prints numbers of MNIST too
    assert words.rstrip().endswith("and the references.")
    assert OTHER_IMAGES not in report_of("002")


def test_markdown_does_not_reach_the_file(report_of):
    words = assert_stands_alone(report_of("")).words
    assert "**" not in words
    assert "\\" not in words
    assert find_paper("000").claims[0] in words
