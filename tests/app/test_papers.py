"""Papers: what was claimed, and what did we measure?"""

import json
from pathlib import Path

import pytest

from fmnist_core.papers import contradictions, papers, systems
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.fixture_runs import FixtureRun, write_fixture_run

PRINTED = sum(len(system.published) for system in systems())
VIEWS = ("Claims", "Numbers", "Protocols", "Curves", "Contradictions", "References")
SOURCES = ("Awasthi & Soni", "Sivakumar et al.", "Fashion-MNIST Classification", "Mini-Project")


def counted(app) -> dict[str, int]:
    return {metric.label: int(metric.value.replace(",", "")) for metric in app.metric}


@pytest.mark.parametrize("view", VIEWS)
def test_without_runs_every_view_of_every_source_says_what_is_published(
    view: str, runs_root: Path, open_page: OpenPage
) -> None:
    for paper in ("All sources", *SOURCES, "Ajani et al."):
        app = open_page("papers", paper=paper, paper_view=view)
        assert not app.error
        counts = counted(app)
        total = counts.pop("Published numbers")
        assert total == sum(counts.values()) > 0
        assert (total == PRINTED) == (paper == "All sources")


def test_the_five_sources_claims_stand_each_with_its_standing(
    runs_root: Path, open_page: OpenPage
) -> None:
    for number, name in enumerate(("awasthi_basic", "awasthi_enhanced")):
        of_source = FixtureRun(name, 0.9 + number / 50, number=number, epochs=100, batch_size=512)
        write_fixture_run(runs_root, of_source)
    app = open_page("papers")
    text = shown_text(app)
    said = text.replace("\\", "")
    for paper in papers():
        assert all(f"**{claim}**" in said for claim in paper.claims)
    assert f"Of {sum(len(p.claims) for p in papers())} claims:" in text
    # The paired test of the two networks of the first source.
    assert "+2.00 points (95 % interval" in said
    assert "more than the choice of test images explains" in said


def test_a_table_stands_as_published_with_ours_beside_it(
    runs_root: Path, open_page: OpenPage
) -> None:
    write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.88, epochs=50))
    app = open_page(
        "papers",
        paper="Awasthi & Soni",
        paper_view="Numbers",
        paper_table="kadam_accuracies",
    )
    printed = app.dataframe[0].value
    assert list(printed["printed_1"])[:2] == ["89.65%", "92.76%"]
    assert printed["ours_1"].iloc[0] == "88.00%"
    ledger = app.dataframe[-1].value
    mnist = ledger[ledger["what"].str.endswith("MNIST")]
    assert len(mnist) == 12
    assert set(mnist["verdict"]) == {"not reproducible"}
    assert "C9" in shown_text(app)


def test_the_log_opens_over_our_curve(runs_root: Path, open_page: OpenPage) -> None:
    run = FixtureRun("s003_enhanced", 0.89, epochs=15, protocol="test-as-validation")
    write_fixture_run(runs_root, run)
    app = open_page(
        "papers", paper="Mini-Project", paper_view="Curves", paper_quantity="Training loss"
    )
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert spec["layer"][0]["encoding"]["y"]["title"] == "Training loss"
    drawn = next(table.value for table in app.dataframe if "who" in table.value)
    assert set(drawn["who"]) == {"Ours", "Published"}
    assert (drawn["who"] == "Ours").sum() == 15
    assert (drawn["who"] == "Published").sum() == 10  # five of the fifteen are lost in the source


def test_a_contradiction_opens_the_table_that_shows_it_and_the_table_leads_back(
    runs_root: Path, open_page: OpenPage
) -> None:
    app = open_page("papers", paper_view="Contradictions")
    entries = [
        markdown for markdown in app.markdown if "· " in markdown.value and "**C" in markdown.value
    ]
    assert len(entries) == len(contradictions())
    app.button(key="C38_ajani_optimizers").click().run()
    assert not app.exception
    assert "Model 6 under seven optimizers, Figure 11" in "".join(s.value for s in app.subheader)
    assert "C38" in shown_text(app)
    app.button(key="papers_to_register").click().run()
    assert "of 45 contradictions" in shown_text(app)


def test_every_contradiction_leads_to_what_shows_it(runs_root: Path, open_page: OpenPage) -> None:
    app = open_page("papers", paper_view="Contradictions")
    buttons = {button.key.split("_")[0] for button in app.button if button.key}
    in_tables = {entry.id for entry in contradictions() if entry.tables}
    assert buttons >= in_tables | {"C23"}
    links = [link.proto for link in app.get("page_link") if link.proto.query_string]
    assert sum("arch=" in link.query_string for link in links) >= 25
    (pixels,) = (link for link in links if "data_view=Pixels" in link.query_string)
    assert pixels.page == "dataset"
    app.button(key="C23_002").click().run()
    assert (app.session_state["paper"], app.session_state["paper_view"]) == ("002", "numbers")
    assert any("88.4" in table.value.astype(str).to_numpy() for table in app.dataframe)


def test_words_narrow_the_register_and_none_is_said(runs_root: Path, open_page: OpenPage) -> None:
    app = open_page("papers", paper_view="Contradictions", paper_words="Adagrad")
    assert "1 of 45 contradictions" in shown_text(app)
    app.text_input(key="paper_words").set_value("no entry says this").run()
    assert "No entry holds these words" in shown_text(app)


def test_protocols_say_which_settings_are_the_sources_and_which_ours(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("papers", paper="Awasthi & Soni", paper_view="Protocols")
    text = shown_text(app)
    assert "80/20 cut of the official training set" in text
    side = app.dataframe[1].value
    status = dict(zip(side["setting"], side["status"], strict=True))
    assert status["Batch size"] in ("✓ stated", "≠ changed")
    assert status["Optimizer"] == "○ reconstructed"


def test_references_name_the_trap_of_the_first_files(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("papers", paper_view="References")
    text = shown_text(app)
    assert "31 August 2017" in text
    assert "83.5 %" in text
    assert "Our best run here" in text


def test_a_damaged_run_counts_as_missing_and_is_named(runs_root: Path, open_page: OpenPage) -> None:
    run_id = write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.88, epochs=50))
    torn = write_fixture_run(runs_root, FixtureRun("ajani_m1", 0.88, number=1, epochs=10))
    (runs_root / run_id / "run.json").write_bytes(b"{")
    # Of one length: only who reads the file finds it.
    predictions = runs_root / torn / "predictions.npz"
    predictions.write_bytes(predictions.read_bytes()[:-1] + b"!")
    app = open_page("papers")
    assert not app.exception
    text = shown_text(app).replace("\\", "")
    assert run_id in text
    assert torn in text
    assert counted(app)["Published numbers"] == PRINTED


@pytest.mark.parametrize("hostile", ["../../etc/passwd", "<script>alert(1)</script>", "a" * 3000])
def test_a_hostile_address_is_only_ever_text(
    hostile: str, runs_root: Path, open_page: OpenPage
) -> None:
    app = open_page(
        "papers", paper=hostile, paper_view=hostile, paper_table=hostile, paper_words=hostile
    )
    assert "<script>" not in shown_text(app)
    assert counted(app)["Published numbers"] == PRINTED
