"""The part of a study that shows how its levels learn, and the published table beside ours."""

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.study.result import SeriesResult, StudyResult
from fmnist_core.figures.studies.colors import level_colors
from fmnist_core.figures.studies.curves import (
    CURVE_COLUMNS,
    PANELS,
    drawn_together,
    mean_curves,
    panel_chart,
    panel_takeaway,
    published_marks,
    unrest_caveat,
)
from fmnist_core.figures.studies.published import table_columns, table_rows, table_takeaway
from fmnist_core.figures.studies.words import DIAMONDS, PANELS_NOTE
from fmnist_core.figures.words import escaped
from fmnist_core.papers import find_paper, find_table
from fmnist_core.runs.history import EpochRow
from fmnist_core.ui import loaders
from fmnist_core.ui.components import caveat, error_line, one_of, show_table, takeaway


def show_curves(result: StudyResult) -> None:
    """Draws four panels of one series, and the published table where the source prints one."""
    parts = {part.series.id: part for part in result.series if part.trained}
    if parts:
        st.header("How they learn", anchor=False)
        part = _chosen(result, parts)
        _show_panels(result, part)
    for part in result.series:
        if result.study.published and any(one.level.key for one in part.levels):
            _show_published(result, part)


def _chosen(result: StudyResult, parts: dict[str, SeriesResult]) -> SeriesResult:
    if len(parts) == 1:
        return next(iter(parts.values()))
    # What can be compared comes first.
    order = sorted(parts, key=lambda name: not parts[name].effects)
    titles = {name: parts[name].series.title for name in order}
    return parts[one_of("Network", f"net_{result.study.id}", titles)]


def _show_panels(result: StudyResult, part: SeriesResult) -> None:
    rows = drawn_together(part)
    names = {row: row for row in rows}
    part = rows["" if "" in rows else one_of("Row", f"row_{result.study.id}", names)]
    try:
        histories = _histories(part)
    except FmnistError as error:
        error_line(str(error))
        return
    curves = mean_curves(part, histories)
    marks = published_marks(result.study.published, part)
    colors = level_colors(result, part)
    columns = [*st.columns(2, gap="medium"), *st.columns(2, gap="medium")]
    for panel, place in zip(PANELS, columns, strict=True):
        says = panel_takeaway(curves, panel)
        with place:
            takeaway(escaped(says))
            if curves[panel.field].notna().any():
                st.vega_lite_chart(
                    panel_chart(curves, marks, panel, part, colors),
                    key=f"study_{result.study.id}_{part.series.id}_{panel.field}",
                    alt=says,
                )
    notes = [PANELS_NOTE, "A click on a name picks it out.", *([DIAMONDS] if len(marks) else [])]
    caveat(" ".join(notes))
    if unrest := unrest_caveat(curves, part.effects):
        caveat(escaped(unrest))
    with st.expander("Data and downloads", icon=":material/table_chart:"):
        show_table(
            curves,
            CURVE_COLUMNS,
            name=f"curves_{result.study.id}_{part.series.id}",
            alt=f"Epochs of the levels of {part.series.title}",
        )


def _show_published(result: StudyResult, part: SeriesResult) -> None:
    table = find_table(result.study.published)
    paper = find_paper(table.paper)
    st.header("The published table, and ours", anchor=False)
    try:
        rows = table_rows(result, part, _histories(part))
    except FmnistError as error:
        error_line(str(error))
        return
    columns = table_columns(result)
    takeaway(escaped(table_takeaway(rows, columns)))
    show_table(
        rows,
        columns,
        name=f"published_{result.study.id}",
        alt=f"{table.title}: {table.place} of {paper.title}, with our numbers above each row",
    )
    caveat(f"{escaped(table.place)} of {escaped(paper.title)}. {escaped(table.note)}")


def _histories(part: SeriesResult) -> dict[str, tuple[EpochRow, ...]]:
    return {run_id: loaders.epochs(run_id) for one in part.trained for run_id in one.run_ids}
