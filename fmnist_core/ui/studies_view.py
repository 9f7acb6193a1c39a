"""One study on the page: its question, what can be concluded and what not, and the evidence."""

import streamlit as st

from fmnist_core.evaluation.study import StudyResult
from fmnist_core.evaluation.study_limits import limits
from fmnist_core.evaluation.study_sentences import beyond_chance, conclusions, headline, listed
from fmnist_core.figures.leaderboard import short_source
from fmnist_core.figures.studies_grid import GRID_COLUMNS, grid_chart, grid_frame
from fmnist_core.figures.studies_levels import (
    EFFECT_COLUMNS,
    LEVEL_COLUMNS,
    effect_chart,
    effect_frame,
    level_chart,
    level_frame,
    level_takeaway,
)
from fmnist_core.figures.studies_overview import (
    EFFECT_COLUMNS as GLANCE_COLUMNS,
)
from fmnist_core.figures.studies_overview import (
    STUDY_COLUMNS,
    glance_chart,
    glance_frame,
    glance_takeaway,
    studies_table,
)
from fmnist_core.figures.studies_response import RESPONSE_COLUMNS, response_chart, response_frame
from fmnist_core.figures.words import escaped
from fmnist_core.papers import find_paper
from fmnist_core.ui.components import empty_state, show_chart, show_table, takeaway
from fmnist_core.ui.runs import MOST_CHOSEN
from fmnist_core.ui.selection_link import choosing
from fmnist_core.ui.studies_curves import show_curves
from fmnist_core.ui.studies_missing import show_missing

_INTERVALS = "Intervals hold which test images were drawn, not the seeds."


def show_glance(results: tuple[StudyResult, ...]) -> None:
    """Draws every effect of every study on one axis, and what each study comes to."""
    st.header("Which factor matters most?", anchor=False)
    frame = glance_frame(results)
    if frame.empty:
        empty_state(
            "Nothing to compare yet.",
            "An effect needs two levels of one factor. The studies below say which runs they lack.",
            "python -m fmnist_core campaign --run",
        )
    else:
        show_chart(
            glance_chart(frame),
            says=glance_takeaway(frame),
            data=frame,
            columns=GLANCE_COLUMNS,
            name="studies_glance",
            limits=(
                "Each point is one level against the level it is compared with, in its own study: "
                "blue is better, orange worse, hollow not separated, a square has a second cause "
                "besides the factor. Chance is that of test images and of seeds; in studies with "
                "too few seeds, of images alone. Networks, splits and budgets differ "
                "between rows, so only the order of size is to be read across them."
            ),
        )
    show_table(
        studies_table(results),
        STUDY_COLUMNS,
        name="studies",
        alt="Every study, how many of its levels are trained, and its largest effect",
    )


def show_study(result: StudyResult) -> None:
    """Draws one study with its evidence."""
    study = result.study
    st.header(study.question, anchor=False)
    st.caption(escaped(_asked_by(result)))
    for sentence in conclusions(result):
        takeaway(escaped(sentence))
    of_series = [
        f"{part.series.title}: {part.series.note}" for part in result.series if part.series.note
    ]
    notes = [study.note, *of_series]
    lost = [f"{run_id} is left out: {reason}" for run_id, reason in result.unreadable]
    said = [*limits(result), *filter(None, notes), *lost]
    if said:
        st.caption("\n".join(f"- {escaped(sentence)}" for sentence in said))
    if any(one.runs for one in result.levels):
        _show_evidence(result)
        show_curves(result)
        _link_to_compare(result)
    elif study.published:
        show_curves(result)
    show_missing(result)


def _asked_by(result: StudyResult) -> str:
    study = result.study
    if study.own:
        runs = sum(len(one.runs) for one in result.levels)
        return f"Your own sweep: {runs} runs that differ in nothing else but the seed."
    papers = [find_paper(name) for name in study.source]
    names = [short_source(paper.authors, paper.title) for paper in papers]
    also = f"; also by {listed(names[1:])}" if names[1:] else ""
    return f"Asked by {names[0]} ({study.place}){also}".rstrip(".") + "."


def _show_evidence(result: StudyResult) -> None:
    study = result.study
    if study.is_grid:
        _show_grid(result)
    elif study.axis:
        frame = response_frame(result)
        show_chart(
            response_chart(frame, study.axis),
            says=level_takeaway(level_frame(result)),
            data=frame,
            columns=RESPONSE_COLUMNS,
            name=f"response_{study.id}",
            limits=_INTERVALS,
        )
        _show_effects(result)
    else:
        left, right = st.columns(2, gap="medium")
        with left:
            _show_levels(result)
        with right:
            _show_effects(result)


def _show_levels(result: StudyResult) -> None:
    frame = level_frame(result)
    marks = " Small ticks: single seeds." if (frame["seeds"] > 1).any() else ""
    marks += " Diamonds: what the source prints." if frame["published"].notna().any() else ""
    show_chart(
        level_chart(frame),
        says=level_takeaway(frame),
        data=frame,
        columns=LEVEL_COLUMNS,
        name=f"levels_{result.study.id}",
        limits=_INTERVALS + marks,
    )


def _show_effects(result: StudyResult) -> None:
    frame = effect_frame(result)
    if frame.empty:
        empty_state(
            "No effect to show yet.",
            "Two levels of one network must be trained, one of them the one to compare with.",
        )
        return
    says = headline(result)
    show_chart(
        effect_chart(frame, level_frame(result)),
        says=escaped(says[0].upper() + says[1:] + "."),
        data=frame,
        columns=EFFECT_COLUMNS,
        name=f"effects_{result.study.id}",
        limits=(
            f"Paired on the same test images; filled where {beyond_chance(result.effects)} "
            f"({_tested_by(result)}; Holm over the study)."
        ),
    )


def _tested_by(result: StudyResult) -> str:
    if result.spread is None:
        return "exact McNemar test, or a z-test over images where seeds are averaged"
    return "Student's t over test images and seeds together"


def _show_grid(result: StudyResult) -> None:
    for part in result.series:
        if not part.trained:
            continue
        frame = grid_frame(part)
        show_chart(
            grid_chart(frame, *_grid_titles(result)),
            says=level_takeaway(level_frame(result)),
            data=frame,
            columns=GRID_COLUMNS,
            name=f"grid_{result.study.id}_{part.series.id}",
            limits=(
                f"Test accuracy in per cent; ref: {escaped(part.series.reference)}, which the "
                "others are tested against; ≈: not separated from it; –: not trained yet."
            ),
        )


def _grid_titles(result: StudyResult) -> tuple[str, str]:
    names = [name.replace("_", " ").capitalize() for name in result.study.factors]
    rows = "Hidden activation" if names[0] == "Layers" else names[0]
    return rows, names[1]


def _link_to_compare(result: StudyResult) -> None:
    run_ids = [run_id for one in result.levels for run_id in one.run_ids]
    if len(run_ids) < 2:
        return
    shown = run_ids[:MOST_CHOSEN]
    which = "these runs" if len(shown) == len(run_ids) else f"the first {len(shown)} of these runs"
    st.page_link(
        "pages/compare.py",
        label=f"Compare {which}",
        icon=":material/compare_arrows:",
        query_params=choosing(shown),
    )
