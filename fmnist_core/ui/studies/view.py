"""One study on the page: its question, what can be concluded and what not, and the evidence."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.evaluation.study.result import StudyResult
from fmnist_core.evaluation.study.sentences import conclusions
from fmnist_core.figures.studies.grid import GRID_COLUMNS, grid_chart, grid_frame
from fmnist_core.figures.studies.levels import (
    EFFECT_COLUMNS,
    LEVEL_COLUMNS,
    effect_chart,
    effect_frame,
    level_chart,
    level_frame,
    level_takeaway,
)
from fmnist_core.figures.studies.overview import (
    EFFECT_COLUMNS as GLANCE_COLUMNS,
)
from fmnist_core.figures.studies.overview import (
    STUDY_COLUMNS,
    glance_chart,
    glance_frame,
    glance_takeaway,
    studies_table,
)
from fmnist_core.figures.studies.response import RESPONSE_COLUMNS, response_chart, response_frame
from fmnist_core.figures.studies.words import (
    INTERVALS,
    asked_by,
    caveats,
    effects_note,
    effects_takeaway,
    grid_note,
    grid_titles,
    levels_note,
)
from fmnist_core.figures.words import escaped
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import DamagedRun
from fmnist_core.ui.components import download_row, empty_state, show_chart, show_table, takeaway
from fmnist_core.ui.runs import MOST_CHOSEN
from fmnist_core.ui.selection_link import choosing
from fmnist_core.ui.studies.curves import show_curves
from fmnist_core.ui.studies.missing import show_missing


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
                "too few seeds, of images alone. A pair that two studies hold counts in both, "
                "each time with the spread of that study's seeds. Networks, splits and budgets "
                "differ between rows, so only the order of size is to be read across them."
            ),
        )
    show_table(
        studies_table(results),
        STUDY_COLUMNS,
        name="studies",
        alt="Every study, how many of its levels are trained, and its largest effect",
    )


def show_study(result: StudyResult, damaged: Sequence[DamagedRun]) -> None:
    """Draws one study with its evidence.

    Args:
        damaged: runs that cannot be read, which its file names.
    """
    study = result.study
    st.header(escaped(study.question), anchor=False)
    st.caption(escaped(asked_by(result)))
    for sentence in conclusions(result):
        takeaway(escaped(sentence))
    said = caveats(result)
    if said:
        st.caption("\n".join(f"- {escaped(sentence)}" for sentence in said))
    if any(one.runs for one in result.levels):
        _show_evidence(result)
        show_curves(result)
        _report_button(result, damaged)
        _link_to_compare(result)
    elif study.published:
        show_curves(result)
    show_missing(result)


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
            limits=INTERVALS,
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
    show_chart(
        level_chart(frame),
        says=level_takeaway(frame),
        data=frame,
        columns=LEVEL_COLUMNS,
        name=f"levels_{result.study.id}",
        limits=levels_note(frame),
    )


def _show_effects(result: StudyResult) -> None:
    frame = effect_frame(result)
    if frame.empty:
        empty_state(
            "No effect to show yet.",
            "Two levels of one network must be trained, one of them the one to compare with.",
        )
        return
    show_chart(
        effect_chart(frame, level_frame(result)),
        says=escaped(effects_takeaway(result)),
        data=frame,
        columns=EFFECT_COLUMNS,
        name=f"effects_{result.study.id}",
        limits=effects_note(result),
    )


def _show_grid(result: StudyResult) -> None:
    for part in result.series:
        if not part.trained:
            continue
        frame = grid_frame(part)
        show_chart(
            grid_chart(frame, *grid_titles(result)),
            says=level_takeaway(level_frame(result)),
            data=frame,
            columns=GRID_COLUMNS,
            name=f"grid_{result.study.id}_{part.series.id}",
            limits=grid_note(escaped(part.series.reference)),
        )


def _report_button(result: StudyResult, damaged: Sequence[DamagedRun]) -> None:
    root = runs_root()

    def made() -> bytes:
        # Only who presses the button needs it, and not in the time of a page.
        from fmnist_core.figures.studies.report import study_report  # noqa: PLC0415
        from fmnist_core.runs.read import read_history  # noqa: PLC0415

        return study_report(result, lambda run_id: read_history(root, run_id), damaged)

    download_row(f"study_{result.study.id}", ("This study as one file (HTML)", made, "html"))


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
