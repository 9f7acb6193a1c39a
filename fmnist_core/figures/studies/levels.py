"""Accuracies and effects of a study's levels: a dot with its interval in a row of its own."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from fmnist_core.evaluation.p_values import p_value
from fmnist_core.evaluation.study.effects import Effect
from fmnist_core.evaluation.study.result import StudyResult
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.studies.axes import accuracy_axis, points_axis
from fmnist_core.figures.studies.colors import series_colors
from fmnist_core.figures.studies.published import published_accuracy
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import LABEL_COLOR, chart, named_rows
from fmnist_core.figures.words import escaped
from fmnist_core.listing import listed

_ROW, _FRAME = 30, 78
# Of what `effect_cells` says: the same sign on every chart of effects.
SECOND_CAUSE_SHAPE = {
    "condition": {"test": "datum.also != ''", "value": "square"},
    "value": "circle",
}
# Parts the place of a series, so that labels may come twice, from what is printed.
_PART = "\u241f"

LEVEL_COLUMNS = {
    "series": Column("Network", pinned=True),
    "label": Column("Level", pinned=True),
    "accuracy": Column("Test accuracy (%)", "percent", "Mean over the seeds."),
    "low": Column("95 % from", "percent", "Of which test images were drawn; seeds are not in it."),
    "high": Column("to", "percent"),
    "seeds": Column("Seeds", "integer"),
    "deviation": Column(
        "Between seeds (points)", "percent", "Standard deviation, n − 1; none for one seed."
    ),
    "each": Column("Seed: accuracy (%)"),
    "published": Column("Published (%)", "percent", "Accuracy on test images, as the source says."),
    "budget": Column("Budget", meaning="Full: as long as the level asks."),
}
EFFECT_COLUMNS = {
    "series": Column("Network", pinned=True),
    "level": Column("Level", pinned=True),
    "base": Column("Against"),
    "difference": Column("Effect (points)", "points", better="higher"),
    "low": Column("95 % from", "points", "Of test images and, where there are enough, seeds."),
    "high": Column("to", "points"),
    "p": Column("p (Holm)", meaning="Adjusted for all effects of the study."),
    "verdict": Column("Verdict"),
    "images": Column("Images", "integer", "Test images of both levels."),
    "by_seed": Column("By seed (points)", meaning="The same difference, seed by seed."),
    "also": Column("Also differs in", meaning="Settings besides the factor."),
}


def level_frame(result: StudyResult) -> pd.DataFrame:
    """Returns one row for each trained level, in the order of the study."""
    rows = []
    for place, part in enumerate(result.series):
        colors = series_colors(result, part)
        for one in part.trained:
            accuracy, ci95 = one.accuracy, one.ci95
            assert accuracy is not None and ci95 is not None  # noqa: PT018 (of a trained level)
            printed = published_accuracy(result.study, one)
            rows.append(
                {
                    "series": part.series.title,
                    "label": one.label,
                    "row_key": f"{place}{_PART}{one.label}",
                    "accuracy": accuracy,
                    "low": ci95[0],
                    "high": ci95[1],
                    "seeds": len(one.runs),
                    "deviation": one.seed_deviation,
                    "each": ", ".join(
                        f"{run.seed}: {100 * run.metrics.test_accuracy:.2f}" for run in one.runs
                    ),
                    "published": printed.value if printed else None,
                    "printed_by": f"{printed.place}, {printed.printed}" if printed else "",
                    "budget": one.reduced or "full",
                    "color": colors[one.level.label],
                    "grouped": len(result.series) > 1,
                }
            )
    frame = pd.DataFrame(
        rows, columns=[*LEVEL_COLUMNS, "row_key", "printed_by", "color", "grouped"]
    )
    return frame.astype({"published": float, "deviation": float})


def effect_frame(result: StudyResult) -> pd.DataFrame:
    """Returns one row for each effect, in the order of the study."""
    rows = []
    for place, part in enumerate(result.series):
        colors = series_colors(result, part)
        rows += [
            _effect_row(one, part.series.title, place, colors[one.level]) for one in part.effects
        ]
    columns = [*EFFECT_COLUMNS, "p_holm", "row_key", "color", "separated"]
    return pd.DataFrame(rows, columns=columns)


def _effect_row(one: Effect, series: str, place: int, color: str) -> dict[str, object]:
    return {
        "series": series,
        **effect_cells(one),
        "images": one.images,
        "by_seed": ", ".join(f"{100 * value:+z.2f}" for value in one.seed_differences),
        "row_key": f"{place}{_PART}{one.level_label}",
        "color": color,
        "separated": one.separated,
    }


def effect_cells(one: Effect) -> dict[str, object]:
    """Returns what every table and chart of effects says of one."""
    return {
        "level": one.level_label,
        "base": one.base_label,
        "difference": one.difference,
        "low": one.ci95[0],
        "high": one.ci95[1],
        "p": p_value(one.p_holm),
        "p_holm": one.p_holm,
        "p_alone": one.p,
        "verdict": one.verdict,
        "also": listed(one.also_differs) if one.confounded else "",
    }


def level_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the rows of `level_frame`: dot and interval, single seeds, and what was published."""
    seeds = [
        {"row_key": row["row_key"], "seed": int(seed), "value": float(value)}
        for row in frame.to_dict("records")
        if row["seeds"] > 1
        for seed, value in (pair.split(": ") for pair in str(row["each"]).split(", "))
    ]
    ends = 100 * frame[["low", "high", "published"]].to_numpy(float).ravel()
    axis = accuracy_axis([*ends[ends == ends], *(seed["value"] for seed in seeds)])
    shown = frame.assign(percent=100 * frame["accuracy"], claimed=100 * frame["published"])
    shown = shown.assign(
        place=axis.place(shown["percent"]),
        from_=axis.place(100 * frame["low"]),
        to=axis.place(100 * frame["high"]),
        claimed_place=axis.place(shown["claimed"]),
        interval=[
            f"{100 * low:.2f} to {100 * high:.2f}"
            for low, high in zip(frame["low"], frame["high"], strict=True)
        ],
    )
    x, y = {**axis.encoding, "field": "place"}, _y(frame)
    tooltip = [
        {"field": "series", "title": "Network"},
        {"field": "label", "title": "Level"},
        {"field": "percent", "title": "Test accuracy (%)", "format": ".2f"},
        {"field": "interval", "title": "95 % interval"},
        {"field": "each", "title": "Seed: accuracy"},
        {"field": "budget", "title": "Budget"},
    ]
    color = {"field": "color", "type": "nominal", "scale": None}
    layers: list[dict[str, Any]] = [
        _rule(x, y, color),
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {"y": y, "x": x, "color": color, "tooltip": tooltip},
        },
        {
            "transform": [{"filter": "isValid(datum.claimed)"}],
            "mark": {"type": "point", "shape": "diamond", "size": 90, "color": NEUTRAL},
            "encoding": {
                "y": y,
                "x": {**x, "field": "claimed_place"},
                "tooltip": [
                    {"field": "label", "title": "Level"},
                    {"field": "claimed", "title": "Published (%)", "format": ".2f"},
                    {"field": "printed_by", "title": "In"},
                ],
            },
        },
    ]
    if seeds:
        placed = [seed | {"place": axis.place(seed["value"])} for seed in seeds]
        layers.insert(1, _seed_ticks(placed, x, y))
    return chart(layers, shown, height=_height(y))


def _seed_ticks(
    seeds: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]
) -> dict[str, Any]:
    return {
        "data": {"values": seeds},
        "mark": {"type": "tick", "thickness": 1.5, "size": 13, "color": LABEL_COLOR},
        "encoding": {
            "y": y,
            "x": x,
            "tooltip": [
                {"field": "seed", "title": "Seed"},
                {"field": "value", "title": "Test accuracy (%)", "format": ".2f"},
            ],
        },
    }


def effect_chart(frame: pd.DataFrame, levels: pd.DataFrame) -> dict[str, Any]:
    """Returns the rows of `effect_frame` about zero: filled where more than chance, else hollow.

    Squares have a second cause.

    Args:
        levels: `level_frame`; its rows stand here too, so that both charts have the same.
    """
    shown = frame.assign(
        points=100 * frame["difference"], from_=100 * frame["low"], to=100 * frame["high"]
    )
    x = {**points_axis([*shown["from_"], *shown["to"]]), "field": "points"}
    y = _y(levels)
    tooltip = [
        {"field": "series", "title": "Network"},
        {"field": "level", "title": "Level"},
        {"field": "base", "title": "Against"},
        {"field": "points", "title": "Points", "format": "+.2f"},
        {"field": "from_", "title": "95 % from", "format": "+.2f"},
        {"field": "to", "title": "to", "format": "+.2f"},
        {"field": "p", "title": "p (Holm)"},
        {"field": "verdict", "title": "Verdict"},
        {"field": "also", "title": "Also differs in"},
    ]
    color = {"field": "color", "type": "nominal", "scale": None}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": LABEL_COLOR, "strokeDash": [3, 3]},
            "encoding": {"x": {"datum": 0, "type": "quantitative"}},
        },
        _rule(x, y, color),
        {
            "mark": {"type": "point", "size": 90, "strokeWidth": 2, "opacity": 1},
            "encoding": {
                "y": y,
                "x": x,
                "color": color,
                "fill": color,
                "shape": SECOND_CAUSE_SHAPE,
                "fillOpacity": {"condition": {"test": "datum.separated", "value": 1}, "value": 0},
                "tooltip": tooltip,
            },
        },
    ]
    return chart(layers, shown, height=_height(y))


def level_takeaway(frame: pd.DataFrame) -> str:
    """Returns the least and the most accurate level, or levels where several are equal."""
    rows = frame.to_dict("records")
    low, high = frame["accuracy"].min(), frame["accuracy"].max()
    if len(rows) == 1:
        return f"{_named(rows[0])} reaches {100 * high:.2f} %."
    if low == high:
        count = "Both" if len(rows) == 2 else f"All {len(rows)}"
        return f"{count} levels reach {100 * high:.2f} %."
    worst, best = (
        listed([_named(row) for row in rows if row["accuracy"] == end]) for end in (low, high)
    )
    return f"Accuracies run from {100 * low:.2f} % ({worst}) to {100 * high:.2f} % ({best})."


def _named(row: Mapping[Hashable, Any]) -> str:
    series = f", {escaped(str(row['series']))}" if row["grouped"] else ""
    return escaped(str(row["label"])) + series


def _y(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the rows: each level's, under the name of its series where there are several."""
    order: list[str] = []
    for row in frame.to_dict("records"):
        place = str(row["row_key"]).split(_PART)[0]
        header = f"{place}{_PART}{row['series']}{_PART}"
        if row["grouped"] and header not in order:
            order.append(header)
        order.append(str(row["row_key"]))
    header_test = f"length(split(datum.value, '{_PART}')) > 2"
    return named_rows(
        "row_key",
        order,
        gridOpacity={"condition": {"test": header_test, "value": 0}, "value": 0.5},
        labelExpr=f"split(datum.value, '{_PART}')[1]",
        labelFontWeight={"condition": {"test": header_test, "value": "bold"}, "value": 400},
        labelLimit=185,  # two charts stand side by side
    )


def _rule(x: dict[str, Any], y: dict[str, Any], color: dict[str, Any]) -> dict[str, Any]:
    return {
        "mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.5},
        "encoding": {"y": y, "x": {**x, "field": "from_"}, "x2": {"field": "to"}, "color": color},
    }


def _height(y: dict[str, Any]) -> int:
    return _FRAME + _ROW * len(y["sort"])
