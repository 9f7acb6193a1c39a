"""What the networks say of one picture: as a table, as a chart and in sentences."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.comparison import SHORT_BUDGETS, has_short_runs
from fmnist_core.figures.leaderboard import COLUMNS
from fmnist_core.figures.palette import CLASS_COLORS, NEUTRAL
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.figures.words import escaped

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.prediction.answer import Answers, ImageAnswer, Ranked

VERDICT_COLUMNS = {
    "run": Column("Run", pinned=True),
    "test_accuracy": Column(
        "Test accuracy (%)", "percent", "On the run's own test images, as on every page."
    ),
    "protocol_title": COLUMNS["protocol_title"],
    "badges": COLUMNS["badges"],
    "says": Column("Says"),
    "probability": Column(
        "Probability (%)",
        "percent",
        "Of that class, calibrated with the run's own validation images.",
        digits=1,
    ),
    "raw_probability": Column("Raw (%)", "percent", "As the network gives it.", digits=1),
    "second": Column("Second"),
    "third": Column("Third"),
    "temperature": Column(
        "Temperature",
        "decimal",
        "Above 1, the network is surer than it is right; none where nothing could be fitted.",
    ),
}
CHART_COLUMNS = {
    "class_name": Column("Class", pinned=True),
    "probability": Column("All together (%)", "percent", "Mean of the calibrated ones.", digits=2),
    "lowest": Column("Lowest (%)", "percent", "Of any network.", digits=2),
    "highest": Column("Highest (%)", "percent", "Of any network.", digits=2),
    "votes": Column("Networks that say it", "integer"),
}
_SURE, _LIKELY = 0.9, 0.6
_MATTERS = 0.005  # of a probability


def verdict_frame(answers: "Answers", index: int, board: pd.DataFrame) -> pd.DataFrame:
    """Returns one row a network; accuracies and probabilities as fractions.

    Args:
        answers: of the networks.
        index: which image.
        board: `leaderboard_frame` of the runs.
    """
    known_runs = board.set_index("run_id")
    rows = [
        {
            "run_id": verdict.run_id,
            "run": known_runs["label"].get(verdict.run_id, verdict.run_id),
            "test_accuracy": known_runs["test_accuracy"].get(verdict.run_id),
            "protocol_title": known_runs["protocol_title"].get(verdict.run_id),
            "badges": known_runs["badges"].get(verdict.run_id),
            "says": CLASS_NAMES[verdict.label],
            "probability": verdict.probability,
            "raw_probability": verdict.raw_probability,
            "second": _ranked(verdict.top[1]),
            "third": _ranked(verdict.top[2]),
            "temperature": known.temperature,
            "calibration": known.says,
            **dict(zip(CLASS_NAMES, verdict.probabilities, strict=True)),
        }
        for verdict, known in zip(answers.image(index).verdicts, answers.calibrations, strict=True)
    ]
    return pd.DataFrame(rows).astype({"temperature": float, "test_accuracy": float})


def short_training_words(answering: pd.DataFrame) -> str:
    """Returns which answers of several come from runs of less training than their source's.

    Args:
        answering: the rows of `leaderboard_frame` of the runs that answer.

    Returns:
        one sentence; empty without such a run, and where nothing is averaged.
    """
    if not has_short_runs(answering):
        return ""
    short = answering[answering["budget"].isin(SHORT_BUDGETS)]
    low, high = (
        _percent(end) for end in (short["test_accuracy"].min(), short["test_accuracy"].max())
    )
    if len(short) == 1:
        who = f"**{escaped(short['label'].iloc[0])}** ({low} of its test images right) was"
        count = "counts"
    else:
        who = f"{len(short)} of {len(answering)} networks ({low} to {high} right) were"
        count = "count"
    return f"{who} trained less than in the source, and {count} in the mean like every other."


def class_frame(said: "ImageAnswer") -> pd.DataFrame:
    """Returns one row a class: the ensemble's probability, and the range of the networks'."""
    each = np.array([verdict.probabilities for verdict in said.verdicts])
    votes = Counter(verdict.label for verdict in said.verdicts)
    return pd.DataFrame(
        {
            "class_name": CLASS_NAMES,
            "color": CLASS_COLORS,
            "probability": said.ensemble.probabilities,
            "lowest": each.min(axis=0),
            "highest": each.max(axis=0),
            "votes": [votes[label] for label in range(len(CLASS_NAMES))],
        }
    )


def class_chart(classes: pd.DataFrame) -> dict[str, Any]:
    """Returns the chart of `class_frame`: a bar a class, a line from lowest to highest network."""
    shown = classes.assign(
        percent=100 * classes["probability"],
        low=100 * classes["lowest"],
        high=100 * classes["highest"],
    )
    y = {"field": "class_name", "type": "nominal", "sort": None, "title": None}
    scale = {"domain": [0, 100]}
    title = "Calibrated probability (%)"
    tooltip = [
        {"field": "class_name", "title": "Class"},
        {"field": "percent", "title": "All together (%)", "format": ".2f"},
        {"field": "low", "title": "Lowest network (%)", "format": ".2f"},
        {"field": "high", "title": "Highest network (%)", "format": ".2f"},
        {"field": "votes", "title": "Networks that say it"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.72}},
            "encoding": {
                "y": y,
                "x": {"field": "percent", "type": "quantitative", "title": title, "scale": scale},
                "color": {"field": "color", "type": "nominal", "scale": None},
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "rule", "strokeWidth": 1.5, "color": NEUTRAL},
            "encoding": {
                "y": y,
                "x": {"field": "low", "type": "quantitative", "title": title},
                "x2": {"field": "high"},
                "tooltip": tooltip,
            },
        },
    ]
    return chart(layers, shown, height=300)


def agreement_words(said: "ImageAnswer") -> str:
    """Returns how far the networks agree, in a sentence."""
    total = len(said.verdicts)
    name = CLASS_NAMES[said.majority]
    if total == 1:
        return f"One network says **{name}**: choose more to see whether they agree."
    if said.unanimous:
        return f"{'Both' if total == 2 else f'All {total}'} networks say **{name}**."
    votes = Counter(v.label for v in said.verdicts if v.label != said.majority).most_common()
    others = ", ".join(f"{count} {CLASS_NAMES[label]}" for label, count in votes)
    return f"{said.agreeing} of {total} networks say **{name}**; the others: {others}."


def ensemble_words(said: "ImageAnswer") -> str:
    """Returns what all networks say together, in a sentence."""
    first, second, _ = said.ensemble.top
    how = (
        "surely"
        if first.probability >= _SURE
        else "probably"
        if first.probability >= _LIKELY
        else "perhaps"
    )
    return (
        f"Together they say: {how} **{CLASS_NAMES[first.label]}**, {_percent(first.probability)}; "
        f"then {CLASS_NAMES[second.label]}, {_percent(second.probability)}."
    )


def occlusion_words(falls: NDArray[np.float64], network: str, label: int, before: float) -> str:
    """Returns where covering the image changes a network's answer the most, in a sentence."""
    name = CLASS_NAMES[label]
    most, least = float(falls.max()), float(falls.min())
    changes = []
    if most >= _MATTERS:
        changes.append(f"around the {_place(falls)} takes {100 * most:.1f} points away")
    if least <= -_MATTERS:
        changes.append(f"around the {_place(-falls)} adds {-100 * least:.1f} points")
    if not changes:
        return (
            f"No single patch matters to **{escaped(network)}**: whichever is covered, its "
            f"{_percent(before)} for {name} hardly changes."
        )
    return (
        f"**{escaped(network)}** gives {name} {_percent(before)}; on average, covering a patch "
        f"{', and one '.join(changes)}."
    )


def _place(strengths: NDArray[np.float64]) -> str:
    row, column = divmod(int(strengths.argmax()), strengths.shape[1])
    third = strengths.shape[0] / 3
    down = ("top", "middle", "bottom")[int(row / third)]
    across = ("left", "", "right")[int(column / third)]
    if down == "middle" and not across:
        return "centre"
    return f"{down} {across}".strip() if across else f"{down} centre"


def _ranked(ranked: "Ranked") -> str:
    return f"{CLASS_NAMES[ranked.label]} {_percent(ranked.probability)}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
