"""One image among the others: what runs said of it, and what lies nearest to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.figures.table import Column

# What an image was to a run. "unseen" is only said of one that the run was tested or validated on.
Use = Literal["test", "validation", ""]

SAID_COLUMNS = {
    "run": Column("Run", pinned=True),
    "use": Column("The image was its"),
    "says": Column("Says"),
    "right": Column("Right"),
    "confidence": Column("Probability (%)", "percent", "Of what it says, as stored.", digits=1),
    "of_label": Column("Of the label (%)", "percent", "Probability of the true class.", digits=1),
}
NEIGHBOUR_COLUMNS = {
    "image": Column("Image", "integer", pinned=True),
    "class_name": Column("Class"),
    "distance": Column("Distance", "decimal", "Euclidean, in grey levels, 0 to 7,140.", digits=0),
    "per_pixel": Column("A pixel", "decimal", "Root mean squared difference.", digits=1),
}


@dataclass(frozen=True)
class Said:
    """What the stored predictions of a run hold of one image.

    Attributes:
        use: empty where they hold none, since the image was a training image or left out.
        label: the class of the largest probability; None without a prediction.
        confidence: that probability; None without one.
        of_label: the probability of the true class; None without one.
    """

    run_id: str
    use: Use
    label: int | None = None
    confidence: float | None = None
    of_label: float | None = None


def image_name(index: int) -> str:
    """Returns "Training image 17" or "Test image 60,017 (17 of the test file)"."""
    if index < TRAIN_COUNT:
        return f"Training image {index:,}"
    return f"Test image {index:,} (number {index - TRAIN_COUNT:,} of the test file)"


def image_words(image: NDArray[np.uint8], height: int, width: int) -> str:
    """Returns what a uint8 (28, 28) image measures, in a sentence."""
    return (
        f"The garment, every pixel above 0, is {height} × {width} pixels (height × width); the "
        f"mean grey level is {image.mean():.1f}, and {100 * (image == 0).mean():.0f} % of the "
        "pixels are background."
    )


def said_frame(said: Sequence[Said], truth: int, labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row a run that has an answer, those that are right first.

    Args:
        said: of the runs.
        truth: the image's label.
        labels: run id -> the name it has on every page.
    """
    rows = [
        {
            "run_id": one.run_id,
            "run": labels.get(one.run_id, one.run_id),
            "use": f"{one.use} image",
            "says": CLASS_NAMES[one.label],
            "right": "yes" if one.label == truth else "no",
            "confidence": one.confidence,
            "of_label": one.of_label,
        }
        for one in said
        if one.label is not None
    ]
    frame = pd.DataFrame(rows, columns=["run_id", *SAID_COLUMNS])
    return frame.sort_values(
        ["right", "of_label"], ascending=[False, False], kind="stable", ignore_index=True
    )


def said_takeaway(frame: pd.DataFrame, truth: int) -> str:
    """Returns in words how many of the runs are right, and what the others say."""
    right = int((frame["right"] == "yes").sum())
    runs = f"{len(frame)} {'run' if len(frame) == 1 else 'runs'}"
    words = f"**{right}** of {runs} with a stored answer say **{CLASS_NAMES[truth]}**, its label"
    others = Counter(frame["says"][frame["right"] == "no"]).most_common()
    if others:
        words += "; the others: " + ", ".join(f"{name} ({count})" for name, count in others)
    return words + "."


def left_out_words(said: Sequence[Said]) -> str:
    """Returns how many runs have no stored answer, and why; empty where all have one."""
    without = sum(one.label is None for one in said)
    if not without:
        return ""
    return (
        f"{without} of {len(said)} have none: neither their test nor their validation images hold "
        "it, so they were trained on it or it was left out."
    )


def neighbour_frame(
    indices: NDArray[np.intp], distances: NDArray[np.float32], labels: NDArray[np.uint8]
) -> pd.DataFrame:
    """Returns one row a neighbour, nearest first; `labels` are those of the whole pool."""
    return pd.DataFrame(
        {
            "image": indices,
            "class_name": [CLASS_NAMES[label] for label in labels[indices]],
            "distance": distances.astype(float),
            "per_pixel": distances.astype(float) / 28,
        }
    )


def neighbour_takeaway(frame: pd.DataFrame, truth: int) -> str:
    """Returns in words how many of the nearest bear the image's own label."""
    own = CLASS_NAMES[truth]
    alike = int((frame["class_name"] == own).sum())
    words = f"**{alike}** of the {len(frame)} nearest training images bear its label, **{own}**"
    others = Counter(frame["class_name"][frame["class_name"] != own]).most_common()
    if others:
        words += "; the others: " + ", ".join(f"{name} ({count})" for name, count in others)
    nearest = frame.iloc[0]
    return (
        f"{words}. The nearest, image {nearest['image']:,}, is {nearest['distance']:,.0f} away: "
        f"{nearest['per_pixel']:.0f} levels a pixel."
    )
