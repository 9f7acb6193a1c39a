"""All studies at a glance: every effect on one axis, a row for each study."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.ledger.sentences import count_is
from fmnist_core.evaluation.recipe_words import setting_name
from fmnist_core.evaluation.study.result import StudyResult
from fmnist_core.evaluation.study.sentences import headline, points, with_second_cause
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.significance_matrix import AHEAD, BEHIND
from fmnist_core.figures.studies.axes import points_axis
from fmnist_core.figures.studies.levels import SECOND_CAUSE_SHAPE, effect_cells
from fmnist_core.figures.studies.names import GAP, ROW, name_sides
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import LABEL_COLOR, NARROW, chart, named_rows
from fmnist_core.figures.words import escaped

_FRAME = 84  # pixels of the axis below the rows
STUDY_COLUMNS = {
    "title": Column("Study", pinned=True),
    "factor": Column("Factor"),
    "trained": Column("Levels trained", "integer"),
    "levels": Column("of", "integer"),
    "runs": Column("Runs", "integer"),
    "says": Column("In short"),
}
EFFECT_COLUMNS = {
    "study": Column("Study", pinned=True),
    "series": Column("Network"),
    "level": Column("Level"),
    "base": Column("Against"),
    "difference": Column("Effect (points)", "points", better="higher"),
    "low": Column("95 % from", "points"),
    "high": Column("to", "points"),
    "p": Column("p (Holm)"),
    "verdict": Column("Verdict"),
    "chance": Column("Chance of", meaning="What interval and p-value hold."),
    "budget": Column("Budget"),
    "also": Column("Also differs in", meaning="Second causes: settings besides the factor."),
}
# A study with more effects than this that are no chance bears no names: a few would mislead.
_MOST_NAMED = 4


def studies_table(results: Sequence[StudyResult]) -> pd.DataFrame:
    """Returns one row for each study."""
    return pd.DataFrame(
        [
            {
                "id": result.study.id,
                "title": result.study.title,
                "factor": factor_words(result),
                "trained": sum(bool(one.runs) for one in result.levels),
                "levels": len(result.levels),
                "runs": sum(len(one.runs) for one in result.levels),
                "says": headline(result),
            }
            for result in results
        ]
    )


def factor_words(result: StudyResult) -> str:
    """Returns "optimizer, learning rate"."""
    return ", ".join(setting_name(name) for name in result.study.factors)


def glance_frame(results: Sequence[StudyResult]) -> pd.DataFrame:
    """Returns one row for each effect of each study."""
    rows = [
        {
            "study": result.study.title,
            "series": part.series.title,
            **effect_cells(one),
            "chance": "images and seeds" if one.seeds_known else "images",
            "budget": "; ".join(sorted({*one.reduced} - {""})) or "full",
        }
        for result in results
        for part in result.series
        for one in part.effects
    ]
    return pd.DataFrame(rows, columns=[*EFFECT_COLUMNS, "p_holm"])


def glance_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the effects of `glance_frame` about zero, on an axis bent where they are far apart.

    Filled points are more than chance explains, hollow ones are not; squares have a second cause.
    The coloured ones bear the name of their level, where a study has few: a level may be that
    something is left out, and then "better" says that it did harm.
    """
    shown = frame.assign(
        points=100 * frame["difference"], from_=100 * frame["low"], to=100 * frame["high"]
    )
    order = list(dict.fromkeys(frame["study"]))
    x = {**points_axis([*shown["from_"], *shown["to"]]), "field": "points"}
    y = named_rows("study", order, labelLimit={"expr": f"{NARROW} ? 130 : 300"})
    offset = {"field": "level_place", "type": "quantitative", "scale": {"domain": [-1, 1]}}
    shown = shown.assign(level_place=_places(frame))
    shown = shown.assign(name_side=name_sides(shown, x["scale"], _named(frame)))
    color = {
        "condition": [
            {"test": "datum.verdict == 'better'", "value": AHEAD},
            {"test": "datum.verdict == 'worse'", "value": BEHIND},
        ],
        "value": NEUTRAL,
    }
    shared = {"y": y, "yOffset": offset, "color": color}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": LABEL_COLOR, "strokeDash": [3, 3]},
            "encoding": {"x": {"datum": 0, "type": "quantitative"}},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 1.5, "opacity": 0.45},
            "encoding": {**shared, "x": {**x, "field": "from_"}, "x2": {"field": "to"}},
        },
        {
            "mark": {"type": "point", "size": 60, "strokeWidth": 2, "opacity": 1},
            "encoding": {
                **shared,
                "x": x,
                "fill": color,
                "shape": SECOND_CAUSE_SHAPE,
                "fillOpacity": {
                    "condition": {"test": "datum.verdict == 'not separated'", "value": 0},
                    "value": 1,
                },
                "tooltip": [
                    {"field": "study", "title": "Study"},
                    {"field": "series", "title": "Network"},
                    {"field": "level", "title": "Level"},
                    {"field": "base", "title": "Against"},
                    {"field": "points", "title": "Points", "format": "+.2f"},
                    {"field": "from_", "title": "95 % from", "format": "+.2f"},
                    {"field": "to", "title": "to", "format": "+.2f"},
                    {"field": "verdict", "title": "Verdict"},
                    {"field": "budget", "title": "Budget"},
                    {"field": "also", "title": "Also differs in"},
                ],
            },
        },
        *(
            {
                "transform": [{"filter": f"datum.name_side == '{side}'"}],
                "mark": {
                    "type": "text",
                    "align": align,
                    "dx": gap,
                    "fontSize": 11,
                    "color": LABEL_COLOR,
                    "opacity": {"expr": f"{NARROW} ? 0 : 1"},
                },
                "encoding": {
                    "y": y,
                    "yOffset": offset,
                    "x": {**x, "field": end},
                    "text": {"field": "level"},
                },
            }
            for side, end, align, gap in (
                ("left", "from_", "right", -GAP),
                ("right", "to", "left", GAP),
            )
        ),
    ]
    return chart(layers, shown, height=_FRAME + ROW * len(order))


def _named(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Says which effects should bear the name of their level."""
    apart = frame[frame["verdict"].isin(["better", "worse"])]
    counts = apart.groupby("study", sort=False)["level"].transform("size")
    return (counts <= _MOST_NAMED).reindex(frame.index, fill_value=False)


def _places(frame: pd.DataFrame) -> list[float]:
    """Spreads the effects of one study over the height of its row, so that none hides another."""
    count = frame.groupby("study", sort=False)["level"].transform("size")
    place = frame.groupby("study", sort=False).cumcount()
    return [float((2 * at + 1) / of - 1) for at, of in zip(place, count, strict=True)]


def glance_takeaway(frame: pd.DataFrame) -> str:
    """Returns how many effects are more than chance, and the largest each way.

    Those with a second cause are counted apart and never the largest.
    """
    own = frame[frame["also"] == ""]
    mixed = with_second_cause(len(frame) - len(own), others=not own.empty)
    if own.empty:
        return f"{mixed[0].upper()}{mixed[1:]}."
    apart = own[own["verdict"] != "not separated"]
    text = (
        f"Of {_counted(len(own), 'effect')} in {_counted(own['study'].nunique(), 'study')}, "
        f"{count_is(len(apart))} more than chance explains"
    )
    if alone := int((apart["chance"] == "images").sum()):
        text += f" ({alone} of them by the chance of test images alone, without seeds)"
    parts = []
    for side, chosen in (("gain", "better"), ("loss", "worse")):
        part = apart[apart["verdict"] == chosen].to_dict("records")
        if part:
            best = max(part, key=lambda row: abs(float(row["difference"])))
            parts.append(
                f"the largest {side} is **{escaped(str(best['level']))}** against "
                f"{escaped(str(best['base']))} ({escaped(str(best['series']))}): "
                f"{points(best['difference'])} points"
            )
    return "; ".join(filter(None, [text, *parts, mixed])) + "."


def _counted(number: int, noun: str) -> str:
    several = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else several}"
