"""Which images a click means, and the sentence that counts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.agreement import flips, only_right, wrong_counts
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.words import escaped

Positions = NDArray[np.intp]
Kind = Literal["missed", "false", "right"]
Who = Literal["a", "b", "only_a", "only_b"]
Move = Literal["fixed", "broken", "both"]


@dataclass(frozen=True, eq=False)
class Pick:
    """Images of a sheet.

    Attributes:
        key: names the pick among those of one sheet.
        positions: (k,) into the sheet's images, sorted.
        said: (k,) uint8, the class that was said of each.
        confidence: (k,) with what probability.
        says: a sentence with their number.
        shows: in words, what `said` and `confidence` are.
        sorted_by: in words, what is highest for the first.
    """

    key: str
    positions: Positions
    said: NDArray[np.uint8]
    confidence: NDArray[np.float32]
    says: str
    shows: str
    sorted_by: str


def image_count(count: int) -> str:
    """Returns "1 image", "2,000 images", "no image"."""
    return f"{count:,} {'image' if count == 1 else 'images'}" if count else "no image"


def class_pick(
    sheet: Sheet, run_id: str, label: int, kind: Kind, labels: Mapping[str, str]
) -> Pick:
    """Returns what one run did with one class: missed it, called others so, or was right."""
    run, name = sheet.run_ids.index(run_id), f"**{CLASS_NAMES[label]}**"
    is_class, called = sheet.labels == label, sheet.predicted[run] == label
    who = _name(run_id, labels)
    mask, rest = {
        "missed": (is_class & ~called, f"truth {name}, said something else by {who}."),
        "false": (called & ~is_class, f"said {name} by {who}, truth something else."),
        "right": (is_class & called, f"truth {name}, said so by {who}."),
    }[kind]
    return _by_run(sheet, run_id, mask, rest, f"{run_id}.{label}.{kind}", labels)


def cell_pick(
    sheet: Sheet, pair: tuple[str, str], cell: tuple[int, int], who: Who, labels: Mapping[str, str]
) -> Pick:
    """Returns the images of a cell of the confusion matrix.

    Args:
        pair: run A and run B; the same one twice where there is no other.
        cell: true class and predicted class.
        who: whose cell; "only_a" leaves out what B says as well.
    """
    true, said = cell
    first, second = pair if who in ("a", "only_a") else pair[::-1]
    is_true = sheet.labels == true
    by_first = is_true & (sheet.predicted[sheet.run_ids.index(first)] == said)
    by_second = is_true & (sheet.predicted[sheet.run_ids.index(second)] == said)
    mask = by_first & ~by_second if who in ("only_a", "only_b") else by_first
    answer = "said so" if true == said else f"said **{CLASS_NAMES[said]}**"
    rest = f"truth **{CLASS_NAMES[true]}**, {answer} by {_name(first, labels)}"
    if who in ("only_a", "only_b"):
        rest += f" and not by {_name(second, labels)}."
    else:
        rest += "."
        if first != second:
            also = int((by_first & by_second).sum())
            rest += f" {_name(second, labels)} says the same of {also:,} of them."
    return _by_run(sheet, first, mask, rest, f"{first}.{second}.{true}.{said}.{who}", labels)


def flip_pick(
    sheet: Sheet, pair: tuple[str, str], move: Move, label: int | None, labels: Mapping[str, str]
) -> Pick:
    """Returns the images that run B of the pair fixes or breaks against run A.

    Args:
        label: only images of this true class; `None` for all.
    """
    a, b = pair
    found = flips(sheet, a, b)
    positions = {
        "fixed": found.fixed,
        "broken": found.broken,
        "both": np.concatenate([found.fixed, found.broken]),
    }[move]
    mask = np.zeros(len(sheet.labels), bool)
    mask[positions] = True
    truth = ""
    if label is not None:
        mask &= sheet.labels == label
        truth = f"truth **{CLASS_NAMES[label]}**, "
    one, other = _name(a, labels), _name(b, labels)
    rest = {
        "fixed": f"{truth}wrong by {one}, right by {other}.",
        "broken": f"{truth}right by {one}, wrong by {other}.",
        "both": f"{truth}right by one of {one} and {other}, wrong by the other.",
    }[move]
    return _by_run(sheet, b, mask, rest, f"{a}.{b}.{move}.{label}", labels)


def hard_pick(sheet: Sheet, failing: int) -> Pick:
    """Returns the images that exactly so many of the runs fail, the surest mistakes first.

    What is said of one is the wrong class with the largest mean probability.
    """
    runs = len(sheet.run_ids)
    positions = np.flatnonzero(wrong_counts(sheet) == failing)
    mean = sheet.probabilities[:, positions].mean(axis=0)  # (k, 10)
    mean[np.arange(len(positions)), sheet.labels[positions]] = 0
    order = np.argsort(-mean.max(axis=1), kind="stable")
    who = f"{failing} of {runs} networks"
    if failing == runs:
        who = "both networks" if runs == 2 else f"all {runs} networks"
    return Pick(
        f"hard.{failing}",
        positions[order],
        mean.argmax(axis=1)[order].astype(np.uint8),
        mean.max(axis=1)[order],
        counted(len(positions), f"wrong by {who}."),
        "the likeliest wrong class and its mean probability over the networks",
        "the mean probability of the likeliest wrong class",
    )


def only_right_pick(sheet: Sheet, run_id: str, labels: Mapping[str, str]) -> Pick:
    """Returns the images that only this run gets right."""
    mask = np.zeros(len(sheet.labels), bool)
    mask[only_right(sheet, run_id)] = True
    others = len(sheet.run_ids) - 1
    rest = f"right by {_name(run_id, labels)}, wrong by the {others} others."
    if others == 1:
        rest = f"right by {_name(run_id, labels)}, wrong by the other."
    return _by_run(sheet, run_id, mask, rest, f"only.{run_id}", labels)


def _by_run(
    sheet: Sheet,
    run_id: str,
    mask: NDArray[np.bool_],
    rest: str,
    key: str,
    labels: Mapping[str, str],
) -> Pick:
    """Returns the images of a mask, sorted by how sure the run is of its answer."""
    positions = np.flatnonzero(mask)
    run = sheet.run_ids.index(run_id)
    sure = sheet.confidence[run, positions]
    order = np.argsort(sheet.doubt[run, positions], kind="stable")
    return Pick(
        key,
        positions[order],
        sheet.predicted[run, positions][order],
        sure[order],
        counted(len(positions), rest),
        f"what {_name(run_id, labels)} says, and with what probability",
        "the probability of what is said",
    )


def counted(count: int, rest: str) -> str:
    """Returns "**37 images**: " and the rest."""
    number = image_count(count)
    return f"**{number[0].upper()}{number[1:]}**: {rest}"


def _name(run_id: str, labels: Mapping[str, str]) -> str:
    return f"**{escaped(labels[run_id])}**"
