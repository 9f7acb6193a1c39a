"""Labels that are probably wrong, and how the ranking moves without those images."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.label_errors import ConfidentLearning, PublishedExample, RankingMove
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.picks import Pick, counted, image_count
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped

RANKING_COLUMNS = {
    "run": Column("Network", pinned=True),
    "rank_before": Column("Rank", "integer", "Among the chosen runs, on all shared images."),
    "rank_after": Column("Rank without", "integer", "Without the suspected images."),
    "moved": Column("Moved", "decimal", "Places gained; below 0, lost.", digits=0),
    "before": Column("Accuracy (%)", "percent"),
    "after": Column("Accuracy without (%)", "percent"),
    "gain": Column("Difference (points)", "points"),
}
PUBLISHED_COLUMNS = {
    "image": Column("Training image", pinned=True),
    "label": Column("Label"),
    "suggested": Column("Networks would say"),
    "self_confidence": Column("Of the label (%)", "percent", "Mean probability of the label."),
    "rank": Column("Rank", "integer", "The most suspect of the held-out images has 1."),
    "runs": Column("Runs that held it out", "integer"),
    "verdict": Column("Here"),
}


def suspects_takeaway(sheet: Sheet, learned: ConfidentLearning) -> str:
    """Returns how many labels are suspected, and between which classes most, in a sentence."""
    found = learned.positions
    images = image_count(len(sheet.labels))
    if not len(found):
        return f"No label of {images} is suspected."
    pairs = Counter(
        zip(sheet.labels[found].tolist(), learned.suggested[found].tolist(), strict=True)
    )
    (label, other), most = pairs.most_common(1)[0]
    are = "label is" if len(found) == 1 else "labels are"
    return (
        f"**{len(found):,}** {are} suspected among {images}; most often an image labelled "
        f"**{CLASS_NAMES[label]}** that the networks would call **{CLASS_NAMES[other]}** "
        f"({most:,})."
    )


def suspect_pick(sheet: Sheet, learned: ConfidentLearning, label: int | None) -> Pick:
    """Returns the suspected images, the most suspect first.

    Args:
        label: only images labelled so; `None` for all.
    """
    found = learned.positions
    if label is not None:
        found = found[sheet.labels[found] == label]
    return Pick(
        f"suspects.{label}",
        found,
        learned.suggested[found].astype(np.uint8),
        (learned.self_confidence - learned.margin)[found].astype(np.float32),
        _suspects(len(found), label),
        "what the networks would say instead, and its mean probability",
        "how far that probability is above the label's",
    )


def _suspects(count: int, label: int | None) -> str:
    if label is None:
        return counted(count, "label suspected.") if count else "No label is suspected."
    name = f"**{CLASS_NAMES[label]}**"
    if not count:
        return f"No image labelled {name} is suspected."
    return counted(count, f"labelled {name}, which is suspected.")


def ranking_table(move: RankingMove, labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row a run, the best without the suspected images first."""
    table = pd.DataFrame(
        {
            "run_id": move.run_ids,
            "run": [labels[run_id] for run_id in move.run_ids],
            "rank_before": move.ranks_before,
            "rank_after": move.ranks_after,
            "moved": move.ranks_before - move.ranks_after,
            "before": move.before,
            "after": move.after,
            "gain": move.after - move.before,
        }
    )
    return table.sort_values("rank_after", kind="stable", ignore_index=True)


def ranking_takeaway(table: pd.DataFrame, left_out: int) -> str:
    """Returns how the ranking moves, in a sentence.

    Args:
        left_out: how many images.
    """
    low, high = 100 * float(table["gain"].min()), 100 * float(table["gain"].max())
    by = f"{low:+z.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:+z.2f} to {high:+z.2f}"
    words = f"Without {image_count(left_out)}, accuracies move by {by} points"
    if len(table) == 1:
        return f"{words}."
    moved = table[table["moved"] != 0]
    if moved.empty:
        return f"{words}, and the ranking of {len(table)} networks stays as it is."
    most = moved.iloc[int(moved["moved"].abs().to_numpy().argmax())]
    who = f"**{escaped(most['run'])}**, from {most['rank_before']} to {most['rank_after']}"
    if len(moved) == 1:
        return f"{words}; 1 of {len(table)} networks changes its rank: {who}."
    return f"{words}; {len(moved)} of {len(table)} networks change their rank, most of all {who}."


def published_table(examples: Sequence[PublishedExample]) -> pd.DataFrame:
    """Returns one row a published example; no label where no run held it out."""
    return pd.DataFrame(
        {
            "image": [str(example.index) for example in examples],
            "label": [_class(example.label) for example in examples],
            "suggested": [_class(example.suggested) for example in examples],
            "self_confidence": pd.Series(
                [example.self_confidence for example in examples], dtype=float
            ),
            "rank": pd.Series([example.rank for example in examples], dtype=float),
            "runs": [example.runs for example in examples],
            "verdict": [_verdict(example) for example in examples],
        }
    )


def published_takeaway(examples: Sequence[PublishedExample]) -> str:
    """Returns how many of the published examples are found here, in a sentence."""
    held_out = [example for example in examples if example.runs]
    words = f"Of {len(examples)} published mislabelled training images, "
    if not held_out:
        return f"{words}no chosen run held one out: nothing can be said of them."
    found = sum(example.suspected for example in held_out)
    again = sum(_doubted(example) for example in held_out)
    if len(held_out) == 1:
        is_found = "is" if found else "is not"
        doubtful = "is" if again else "is not"
        return (
            f"{words}1 was held out by a chosen run. It {is_found} suspected here, and {doubtful} "
            f"among the most doubtful tenth of {held_out[0].of:,} held-out images."
        )
    return (
        f"{words}{len(held_out)} were held out by a chosen run. **{found}** of these "
        f"{_are(found)} suspected here, {again} {_are(again)} among the most doubtful tenth of "
        f"{held_out[0].of:,} held-out images."
    )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _doubted(example: PublishedExample) -> bool:
    return example.rank is not None and 10 * example.rank <= example.of


def _verdict(example: PublishedExample) -> str:
    if not example.runs:
        return "not held out"
    return "suspected" if example.suspected else "not suspected"


def _class(label: int | None) -> str:
    return "–" if label is None else CLASS_NAMES[label]
