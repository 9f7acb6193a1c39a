"""What every network said of single images: captions, tables and sentences."""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.picks import Pick, Positions
from fmnist_core.figures.table import Column

ONE_IMAGE_COLUMNS = {
    "run": Column("Network", pinned=True),
    "says": Column("Says"),
    "verdict": Column("Against the label"),
    "probability": Column("Probability (%)", "percent", "Of what it says, uncalibrated.", digits=1),
    "label_probability": Column("Of the label (%)", "percent", digits=1),
}


def answers_table(
    sheet: Sheet, positions: Positions, labels: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Returns one row an image and one column a run, "Shirt 98 %", with what they mean."""
    columns = {
        "image": Column("Image", meaning="Its number in the pool of 70,000.", pinned=True),
        "truth": Column("Label", pinned=True),
        "failing": Column("Wrong", "integer", "Networks that get it wrong."),
    } | {run_id: Column(labels[run_id]) for run_id in sheet.run_ids}
    table = pd.DataFrame(
        {
            "image": sheet.indices[positions].astype(str),
            "truth": [CLASS_NAMES[label] for label in sheet.labels[positions]],
            "failing": (~sheet.correct[:, positions]).sum(axis=0),
        }
        | {
            run_id: [
                f"{CLASS_NAMES[said]} {100 * sure:.0f} %"
                for said, sure in zip(
                    sheet.predicted[run, positions], sheet.confidence[run, positions], strict=True
                )
            ]
            for run, run_id in enumerate(sheet.run_ids)
        }
    )
    return table, columns


def one_image_table(sheet: Sheet, position: int, labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row a network: what it says of one image, and with what probability."""
    label = int(sheet.labels[position])
    return pd.DataFrame(
        {
            "run_id": sheet.run_ids,
            "run": [labels[run_id] for run_id in sheet.run_ids],
            "says": [CLASS_NAMES[said] for said in sheet.predicted[:, position]],
            "verdict": ["right" if right else "wrong" for right in sheet.correct[:, position]],
            "probability": sheet.confidence[:, position].astype(float),
            "label_probability": sheet.probabilities[:, position, label].astype(float),
        }
    )


def one_image_words(sheet: Sheet, position: int) -> str:
    """Returns what the networks say of one image, in a sentence."""
    said = [CLASS_NAMES[said] for said in sheet.predicted[:, position]]
    if len(said) == 1:
        sure = 100 * sheet.confidence[0, position]
        return f"The network says **{said[0]}**, with {sure:.1f} %."
    (first, most), *others = Counter(said).most_common()
    if not others:
        return f"All {most} networks say **{first}**."
    rest = ", ".join(f"{count} {name}" for name, count in others)
    return f"{most} of {len(said)} networks say **{first}**, {rest}."


def tile_words(sheet: Sheet, pick: Pick, place: int) -> tuple[str, str]:
    """Returns the caption of a small picture and what a screen reader is told of it.

    Args:
        place: of the image in the pick.
    """
    position = pick.positions[place]
    number, truth = sheet.indices[position], CLASS_NAMES[sheet.labels[position]]
    said = CLASS_NAMES[pick.said[place]]
    sure = f"{100 * pick.confidence[place]:.0f}\u00a0%"
    change = said if said == truth else f"{truth} → {said}"
    return f"{number}: {change} {sure}", f"Image {number}, label {truth}, said {said} {sure}"
