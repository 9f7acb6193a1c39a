"""Colours of the levels of a study, where one architecture alone would leave them one hue."""

from collections.abc import Sequence

from fmnist_core.evaluation.study.result import LevelResult, SeriesResult, StudyResult
from fmnist_core.figures.palette import architecture_color

# OKLCH, chroma 0.15, hues at least 40 degrees apart, lightness in turn: 3:1 on white and on the
# dark page, and beside each other unlike under the three kinds of colour blindness.
_LEVEL_COLORS = (
    "#337bd0",
    "#db703b",
    "#2b8a36",
    "#c5547c",
    "#835cbe",
    "#0f98a0",
    "#9d8414",
    "#cb73c4",
)


def series_colors(result: StudyResult, part: SeriesResult) -> dict[str, str]:
    """Returns label of a level -> its colour in the charts of the whole study.

    Where the levels stand along an axis, a series is one line and has one colour.
    """
    if result.study.axis:
        color = architecture_color(part.levels[0].setup.architecture)
        return {one.level.label: color for one in part.levels}
    return level_colors(result, part)


def level_colors(result: StudyResult, part: SeriesResult) -> dict[str, str]:
    """Returns label of a level -> its colour: that of its architecture, where each has its own.

    Else a label has the same colour in every series of the study.
    """
    if all(_has_own_architectures(one.levels) for one in result.series):
        return {one.level.label: architecture_color(one.setup.architecture) for one in part.levels}
    labels = list(dict.fromkeys(one.level.label for one in result.levels))
    if len(labels) > len(_LEVEL_COLORS):  # alike within a series, and no further
        labels = [one.level.label for one in part.levels]
    return {label: _LEVEL_COLORS[n % len(_LEVEL_COLORS)] for n, label in enumerate(labels)}


def _has_own_architectures(levels: Sequence[LevelResult]) -> bool:
    names = {one.setup.architecture for one in levels}
    return len(names) == len(levels) and not any(one.setup.own_layers for one in levels)
