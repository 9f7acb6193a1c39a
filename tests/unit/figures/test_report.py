"""A report opens anywhere, says what the comparison says, and cannot be broken by a run's name."""

import dataclasses
import io
import json
import re
import shutil
import subprocess
from collections import Counter
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.compare import compare_runs
from fmnist_core.figures.comparison import TESTS_NOTE, short_runs_caveat
from fmnist_core.figures.critical_difference import NO_PROOF
from fmnist_core.figures.fit_verdicts import fit_limits
from fmnist_core.figures.report.contents import make_report
from fmnist_core.figures.report.file import report_bytes
from fmnist_core.figures.report.html import report_html
from fmnist_core.figures.report.latex import report_latex
from fmnist_core.figures.seed_bands import SEEDS_NOTE
from fmnist_core.figures.table_latex import latex_escaped
from fmnist_core.figures.words import without_markup
from fmnist_core.runs.read import run_ids
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.html_outline import Outline, assert_stands_alone

SHIPPED = Path(__file__).parents[3] / "cached_runs"
WANTED = [
    FixtureRun("awasthi_enhanced", 0.93, number=1, epochs=4),
    FixtureRun("awasthi_enhanced", 0.92, number=2, seed=1, epochs=6),
    FixtureRun("kadam_a1", 0.86, number=3, optimizer="sgd"),
]
HOSTILE_NAME = r"<script>alert(1)</script> & 100 % \input{x} $ # ^ ~ [1] Å Ω Demšar"


@pytest.fixture
def three(tmp_path):
    return [write_fixture_run(tmp_path, run) for run in WANTED]


@pytest.fixture
def report(tmp_path, three):
    return make_report(tmp_path, three)


def renamed(report, name):
    """The report as it would be if a reader had given the first run this name."""
    first, *rest = report.labels
    labels = {first: name, **{run_id: report.labels[run_id] for run_id in rest}}
    rows = report.numbers.frame.assign(label=list(labels.values()))
    columns = report.settings.columns
    return dataclasses.replace(
        report,
        labels=labels,
        numbers=dataclasses.replace(report.numbers, frame=rows),
        settings=dataclasses.replace(
            report.settings,
            columns={**columns, first: dataclasses.replace(columns[first], label=name)},
        ),
        histories=report.histories.assign(label=report.histories["run_id"].map(labels)),
    )


def environments(text):
    """Checks that LaTeX environments nest, and returns how often each was opened."""
    opened, seen = [], Counter()
    for word, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if word == "begin":
            opened.append(name)
            seen[name] += 1
        else:
            assert opened.pop() == name
    assert opened == []
    return seen


def tabulars(text):
    """Each tabular as its column letters and its rows, cells split at unescaped ampersands."""
    for spec, body in re.findall(
        r"\\begin\{tabular\}\{(.*?)\}\n(.*?)\\end\{tabular\}", text, re.DOTALL
    ):
        columns = re.sub(r">\{.*?\}p\{.*?\}", "p", spec)
        rows = [line[: -len(r" \\")] for line in body.split("\n") if line.endswith(r"\\")]
        yield columns, [re.split(r"(?<!\\)&", row) for row in rows], body


def test_the_html_file_needs_nothing_but_itself(report):
    assert_stands_alone(report_html(report).decode())


def test_the_html_file_has_the_numbers_the_charts_and_the_words(report):
    outline = Outline(report_html(report).decode())
    assert outline.tags["svg"] == 3  # ties, accuracy, loss
    assert outline.tags["table"] == 4
    for label, run in zip(report.labels.values(), report.compared.comparison.runs, strict=True):
        assert label in outline.words
        assert f"{100 * run.test_accuracy:.2f}" in outline.words
    for sentence in report.compared.says(report.labels)["pairs"]:
        assert sentence in outline.words
    assert "measured while training, with dropout and augmentation on" in outline.words
    assert "McNemar" in outline.words  # in a sentence, not only in a table's tooltip
    assert "optimizer" in outline.words
    assert "Ankle boot" in outline.words


def test_the_charts_of_one_file_do_not_share_names(report):
    ids = re.findall(r'\bid="([^"]+)"', report_html(report).decode())
    assert len(ids) == len(set(ids)) > 0


def test_the_names_of_rows_have_room_in_wider_letters_too(report):
    ties, *_ = re.findall(r"<svg.*?</svg>", report_html(report).decode(), re.DOTALL)
    left = float(re.search(r'transform="translate\(([\d.]+),', ties)[1])
    names = map(unescape, re.findall(r'font-size="10px"[^>]*>(\d+\. [^<]+)</text>', ties))
    assert left > 0.65 * 10 * max(map(len, names))  # wide type has 0.6 em a letter on average


def test_a_hostile_name_stays_text(report):
    text = report_html(renamed(report, HOSTILE_NAME)).decode()
    outline = Outline(text)
    assert outline.tags["script"] == 0
    assert HOSTILE_NAME in outline.words


def test_latex_tables_are_whole_and_in_booktabs_style(report):
    text = report_latex(report).decode()
    seen = environments(text)
    assert seen["document"] == 1
    assert seen["table"] == seen["tabular"] == 4
    for columns, rows, body in tabulars(text):
        assert all(len(row) == len(columns) for row in rows)
        assert [body.count(rule) for rule in (r"\toprule", r"\midrule", r"\bottomrule")] == [
            1,
            1,
            1,
        ]
        assert r"\hline" not in body


def test_latex_prints_each_accuracy_with_its_interval(report):
    text = report_latex(report).decode()
    for run in report.compared.comparison.runs:
        low, high = run.test_accuracy_ci95
        assert f"{100 * run.test_accuracy:.2f} {{[}}{100 * low:.2f}, {100 * high:.2f}]" in text


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="LaTeX is not on this machine")
@pytest.mark.parametrize("name", ["plain", HOSTILE_NAME])
def test_latex_compiles(name, report, tmp_path):
    (tmp_path / "report.tex").write_bytes(report_latex(renamed(report, name)))
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "report.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "report.pdf").stat().st_size > 10_000


@pytest.mark.parametrize("ending", ["html", "tex"])
def test_a_file_says_what_the_page_says_its_numbers_do_not(ending, tmp_path):
    seen = FixtureRun("s003_enhanced", 0.93, number=1, protocol="test-as-validation")
    short = FixtureRun("s003_enhanced", 0.89, number=2, epochs=2)
    made = make_report(tmp_path, [write_fixture_run(tmp_path, run) for run in (seen, short)])
    text = report_bytes(made, ending).decode()
    words = Outline(text).words if ending == "html" else text
    fits = fit_limits(dict(zip(made.labels.values(), made.runs, strict=True)))
    limits = [*fits, TESTS_NOTE, short_runs_caveat(made.numbers.frame), NO_PROOF, SEEDS_NOTE]
    assert len(fits) >= 2
    for limit in limits:
        plain = without_markup(limit)
        assert (plain if ending == "html" else latex_escaped(plain)) in words
    departures = made.runs[1].provenance.protocol_differences
    assert ("Departures from the sources" in words) == bool(departures)


def test_latex_marks_who_knew_the_test_images_and_tells_networks_apart(tmp_path):
    of_report = [
        FixtureRun(name, 0.9, number=n, protocol="test-as-validation", epochs=15)
        for n, name in enumerate(("s003_basic_a", "s003_basic_b"))
    ]
    held_out = FixtureRun("kadam_a2", 0.86, number=2)
    runs = [write_fixture_run(tmp_path, run) for run in (*of_report, held_out)]
    made = make_report(tmp_path, runs)
    text = report_latex(made).decode()
    numbers, pairs = text.split("Is the difference more than chance?")
    names = [row.split(" & ")[1] for row in re.findall(r"^[123] & .*", numbers, re.MULTILINE)]
    assert len(set(names)) == 3
    accuracies = [100 * row for row in made.numbers.frame["test_accuracy"]]
    printed = [f"{accuracy:.2f}" for accuracy in accuracies]
    assert f"{printed[0]}\\dag{{}} {{[}}" in numbers
    assert f"{printed[2]} {{[}}" in numbers
    assert r"(1)\dag{} & (2)\dag{} &" in pairs
    assert r"(2)\dag{} & (3) &" in pairs
    assert text.count(r"\dag{} used its test images for validation, which flatters it.") == 2
    assert r"\dag" not in report_latex(make_report(tmp_path, runs[2:])).decode()


def test_a_caption_names_a_few_networks_and_of_many_says_where_their_numbers_are(tmp_path, report):
    runs = [
        write_fixture_run(tmp_path, FixtureRun(accuracy=0.7 + number / 100, number=number))
        for number in range(10, 23)
    ]
    many = report_latex(make_report(tmp_path, runs)).decode()
    assert "The networks have the numbers of the first table." in many
    assert max(map(len, re.findall(r"\\caption\{.*", many))) < 300
    assert "(1) Enhanced CNN" in report_latex(report).decode()


def test_csv_gives_back_every_number(tmp_path, three, report):
    frame = pd.read_csv(io.BytesIO(report_bytes(report, "csv")), dtype={"value": str})
    accuracy = frame.query("table == 'numbers' and name == 'test_accuracy'")
    compared = compare_runs(tmp_path, three)
    assert [float(v) for v in accuracy["value"]] == [run.test_accuracy for run in compared.runs]
    pairs = frame.query("table == 'pairs'").pivot_table(
        index=["run_id", "other_run_id"],
        columns="name",
        values="value",
        aggfunc="first",
        sort=False,
    )
    found = [float(value) for value in pairs["mcnemar_p_holm"]]
    assert found == [pair.mcnemar_p_holm for pair in compared.pairs]
    settings = frame.query("table == 'settings' and name == 'optimizer'")
    assert list(settings["value"]) == ["adam", "adam", "sgd"]
    history = frame.query("table == 'history' and name == 'val_loss'")
    assert list(history.groupby("run_id", sort=False)["epoch"].max()) == [4, 6, 6]
    classes = frame.query("table == 'classes' and name == 'f1'")
    assert len(classes) == 30


@pytest.mark.parametrize("ending", ["html", "tex", "csv"])
def test_one_run_has_a_report_too(ending, tmp_path, three):
    text = report_bytes(make_report(tmp_path, three[:1]), ending).decode()
    assert "awasthi_enhanced" in text or "Enhanced CNN" in text


@pytest.mark.parametrize("ending", ["html", "tex", "csv"])
def test_runs_that_share_no_image_are_reported_beside_each_other(ending, tmp_path, three):
    pooled = FixtureRun("kadam_a2", 0.9, number=4, protocol="pooled-60-20-20")
    runs = [three[0], write_fixture_run(tmp_path, pooled)]
    text = report_bytes(make_report(tmp_path, runs), ending).decode()
    if ending != "csv":
        assert "No two of these runs were tested on the same images" in text


def test_every_shipped_run_fits_into_one_report():
    report = make_report(SHIPPED, run_ids(SHIPPED))
    outline = Outline(report_html(report).decode())
    assert outline.tags["svg"] == 3
    environments(report_latex(report).decode())


def test_runs_that_cannot_be_read_are_named(tmp_path, three):
    with pytest.raises(UnknownNameError):
        make_report(tmp_path, [three[0], three[1][:-1] + "f"])
    with pytest.raises(RunError, match="twice"):
        make_report(tmp_path, [three[0], three[0]])
    manifest = json.loads((tmp_path / three[0] / "manifest.json").read_text())
    (tmp_path / three[0] / "run.json").write_bytes(b"{}")
    assert manifest["run_id"] == three[0]
    with pytest.raises(RunError, match=r"run.json is damaged"):
        make_report(tmp_path, three)
