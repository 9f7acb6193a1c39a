"""A study as one file: its question, what can be concluded, and the evidence."""

from collections.abc import Callable, Mapping, Sequence

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.study.result import SeriesResult, StudyResult
from fmnist_core.evaluation.study.sentences import conclusions
from fmnist_core.figures.damaged_runs import damaged_sections
from fmnist_core.figures.html_file import Section, html_file
from fmnist_core.figures.studies.colors import level_colors
from fmnist_core.figures.studies.curves import (
    PANELS,
    drawn_together,
    mean_curves,
    panel_chart,
    panel_takeaway,
    published_marks,
    unrest_caveat,
)
from fmnist_core.figures.studies.grid import grid_chart, grid_frame
from fmnist_core.figures.studies.levels import (
    EFFECT_COLUMNS,
    LEVEL_COLUMNS,
    effect_chart,
    effect_frame,
    level_chart,
    level_frame,
    level_takeaway,
)
from fmnist_core.figures.studies.published import table_columns, table_rows, table_takeaway
from fmnist_core.figures.studies.response import response_chart, response_frame
from fmnist_core.figures.studies.words import (
    DIAMONDS,
    INTERVALS,
    PANELS_NOTE,
    asked_by,
    caveats,
    effects_note,
    effects_takeaway,
    grid_note,
    grid_titles,
    levels_note,
    tested_by,
)
from fmnist_core.figures.words import without_markup
from fmnist_core.papers import find_table
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.index import DamagedRun

Epochs = Callable[[str], Sequence[EpochRow]]
Histories = Mapping[str, Sequence[EpochRow]]


def study_report(result: StudyResult, epochs: Epochs, damaged: Sequence[DamagedRun]) -> bytes:
    """Returns a study as HTML that opens without a network.

    Args:
        epochs: of a run, by its id.
        damaged: runs that may belong to it and cannot be read.
    """
    sections = [
        Section("What can be concluded", [asked_by(result), *conclusions(result)], caveats(result)),
        *damaged_sections(damaged),
        *_levels(result),
        *_effects(result),
        *(section for part in result.series for section in _learning(result, part, epochs)),
    ]
    return html_file(result.study.question, sections)


def _levels(result: StudyResult) -> list[Section]:
    """The levels, drawn as the page draws them, and their table."""
    frame = level_frame(result)
    if frame.empty:
        return []
    study = result.study
    if study.is_grid:
        chart, note = None, ""
    elif study.axis:
        chart, note = response_chart(response_frame(result), study.axis), INTERVALS
    else:
        chart, note = level_chart(frame), levels_note(frame)
    says = [without_markup(level_takeaway(frame))]
    table = Section("Levels", says, (), chart, note, frame, LEVEL_COLUMNS)
    return [*(_grids(result) if study.is_grid else []), table]


def _grids(result: StudyResult) -> list[Section]:
    return [
        Section(
            part.series.title,
            chart=grid_chart(grid_frame(part), *grid_titles(result)),
            caption=grid_note(part.series.reference),
        )
        for part in result.series
        if part.trained
    ]


def _effects(result: StudyResult) -> list[Section]:
    frame = effect_frame(result)
    if frame.empty:
        return []
    says, caption, chart = [effects_takeaway(result)], effects_note(result), None
    if result.study.is_grid:  # its cells say already what is separated
        says, caption = [*says, tested_by(result)], ""
    else:
        chart = effect_chart(frame, level_frame(result))
    return [Section("Effects", says, (), chart, caption, frame, EFFECT_COLUMNS)]


def _learning(result: StudyResult, part: SeriesResult, epochs: Epochs) -> list[Section]:
    """The curves of a series, and the published table beside its epochs."""
    try:
        histories = {run_id: epochs(run_id) for one in part.trained for run_id in one.run_ids}
    except FmnistError as error:
        return [Section(f"How {part.series.title} learns", [str(error)])]
    series = part.series.title if len(result.series) > 1 else ""
    curves = [
        section
        for row, lines in drawn_together(part).items()
        for section in _curves(result, lines, histories, ", ".join(filter(None, [series, row])))
    ]
    return [*curves, *_published(result, part, histories)]


def _curves(
    result: StudyResult, part: SeriesResult, histories: Histories, name: str
) -> list[Section]:
    """Loss and accuracy of a series or of a row of it, by its name; none without runs."""
    if not part.trained:
        return []
    curves = mean_curves(part, histories)
    marks = published_marks(result.study.published, part)
    colors = level_colors(result, part)
    notes = [
        *([DIAMONDS] if len(marks) else []),
        PANELS_NOTE,
        *filter(None, [unrest_caveat(curves, part.effects)]),
    ]
    return [
        Section(
            f"{name}: {panel.title}" if name else panel.title,
            [panel_takeaway(curves, panel)],
            chart=panel_chart(curves, marks, panel, part, colors),
            caption=" ".join(notes),
        )
        for panel in PANELS
        if curves[panel.field].notna().any()
    ]


def _published(result: StudyResult, part: SeriesResult, histories: Histories) -> list[Section]:
    if not (result.study.published and any(one.level.key for one in part.levels)):
        return []
    table = find_table(result.study.published)
    columns = table_columns(result)
    rows = table_rows(result, part, histories)
    says = [table_takeaway(rows, columns), *filter(None, [table.note])]
    title = f"Published and ours: {table.title}, {table.place}"
    return [Section(title, says, frame=rows, columns=columns)]
