"""Colours of the levels of a study, where one architecture alone would leave them one hue."""

from collections.abc import Sequence

from fmnist_core.evaluation.study import LevelResult, SeriesResult, StudyResult
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
    return level_colors(part.levels)


def level_colors(levels: Sequence[LevelResult]) -> dict[str, str]:
    """Returns label of a level -> its colour: that of its architecture, where each has its own."""
    names = [level.setup.architecture for level in levels]
    if len(set(names)) == len(names) and not any(level.setup.own_layers for level in levels):
        return {level.level.label: architecture_color(level.setup.architecture) for level in levels}
    return {
        level.level.label: _LEVEL_COLORS[place % len(_LEVEL_COLORS)]
        for place, level in enumerate(levels)
    }
