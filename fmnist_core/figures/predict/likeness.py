"""The meter of a picture: what it measures, and its place among the training images."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.inference.likeness import Likeness
    from fmnist_core.prediction.answer import ImageAnswer

LIKENESS_COLUMNS = {
    "measure": Column("Measured", pinned=True),
    "value": Column("Value"),
    "percentile": Column(
        "Place (%)",
        "decimal",
        "How many training images have less of it: of the classes of the nearest ones, and "
        "for the distance of all.",
        digits=1,
    ),
    "meaning": Column("Meaning"),
}
LIKENESS_LIMITS = (
    "Left are the training images that have less of it, right those that have more: of the classes "
    "of its nearest, and for the distance of all classes. In the fuller part of a line lie nine of "
    "ten of them; of border, of which there cannot be too little, 19 of 20. One garment in four "
    "leaves at least one of these parts."
)
_NEEDLE = "#d9480f"  # 4:1 on the light and on the dark page, and apart from the grey line


def likeness_verdict(alike: "Likeness", said: "ImageAnswer") -> tuple[str, str]:
    """Returns how far a picture is to be trusted, in two words and in sentences.

    Networks that are divided over it take away what its measures alone would allow; they are over
    1.5 % of the test images.
    """
    if not said.divided:
        return alike.verdict, alike.words
    verdict = alike.verdict if alike.doubtful else "disputed"
    return verdict, f"{alike.words} No class is named by more than half of the networks."


def likeness_frame(alike: "Likeness") -> pd.DataFrame:
    """Returns one row a measure: its value in words, its percentile, and where most others lie."""
    from fmnist_core.inference.likeness import BANDS  # noqa: PLC0415  # brings SciPy along

    height, width = alike.box_height, alike.box_width
    rows = [
        (
            "Height by width",
            f"{height} / {width} pixels",
            alike.box_percentile,
            "Of what is visible: levels above 12 of 255, Zalando's 5 %.",
        ),
        (
            "Mean intensity",
            f"{alike.mean_intensity:.1f}",
            alike.intensity_percentile,
            "Of all pixels, 0 to 255.",
        ),
        ("Border", f"{alike.border:.1f}", alike.border_percentile, "Of the outermost pixels."),
        (
            "Distance",
            f"{alike.nearest_distance:,.0f}",
            alike.distance_percentile,
            "To the nearest training image, beside what training images have to each other.",
        ),
    ]
    frame = pd.DataFrame(rows, columns=["measure", "value", "percentile", "meaning"])
    low, high = zip(*(BANDS[measure.lower()] for measure in frame["measure"]), strict=True)
    return frame.assign(label=frame["measure"] + ": " + frame["value"], low=low, high=high)


def likeness_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns a scale for each row of `likeness_frame`, with a needle where the picture stands."""
    shown = frame.assign(least=0, most=100)
    order = list(frame["label"])
    y = {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "axis": {"title": None, "domain": False, "ticks": False, "labelLimit": 200},
    }
    x = {"type": "quantitative", "title": "Training images that have less (%)"}
    scale = {"scale": {"domain": [0, 100]}}
    tooltip = [
        {"field": "measure", "title": "Measured"},
        {"field": "value", "title": "Value"},
        {"field": "percentile", "title": "Training images that have less (%)", "format": ".1f"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 8, "color": NEUTRAL, "opacity": opacity},
            "encoding": {
                "y": y,
                "x": {**x, **scale, "field": start},
                "x2": {"field": end},
            },
        }
        for start, end, opacity in (("least", "most", 0.25), ("low", "high", 0.35))
    ]
    layers.append(
        {
            "mark": {"type": "tick", "thickness": 4, "size": 24, "color": _NEEDLE},
            "encoding": {"y": y, "x": {**x, **scale, "field": "percentile"}, "tooltip": tooltip},
        }
    )
    return chart(layers, shown, height=170)


def likeness_words(frame: pd.DataFrame, alike: "Likeness") -> str:
    """Returns the place of each measure of `likeness_frame` in a sentence, and among what it is."""
    *inside, distance = [
        f"its {measure[0].lower()}{measure[1:]} ({value}) {_place(percentile)}"
        for measure, value, percentile in zip(
            frame["measure"], frame["value"], frame["percentile"], strict=True
        )
    ]
    return (
        f"Beside {_peers(alike)}, {'; '.join(inside)}. Beside training images of all classes, "
        f"{distance}."
    )


def _peers(alike: "Likeness") -> str:
    if len(alike.peers) == 1:
        (only,) = alike.peers
        return f"the {only.images:,} training images of {CLASS_NAMES[only.label]}"
    found = ", ".join(f"{one.nearest} {CLASS_NAMES[one.label]}" for one in alike.peers)
    return f"the training images of the classes of its nearest ({found}), weighted by them"


def _place(percentile: float) -> str:
    if percentile <= 0:
        return "exceeds that of none"
    if percentile >= 100:
        return "exceeds that of all"
    return f"exceeds that of {percentile:.1f} %"
