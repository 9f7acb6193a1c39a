"""Where networks agree and where they part ways: flips, hard images, and how far they overlap."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist_core.errors import UnknownNameError
from fmnist_core.evaluation.sheet import Sheet

Positions = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flips:
    """The images on which exactly one of two runs is right, as positions on the sheet.

    Attributes:
        fixed: (k,) a is wrong and b right, the most confident answer of b first.
        broken: (m,) a is right and b wrong, again the most confident answer of b first.
    """

    fixed: Positions
    broken: Positions


def flips(sheet: Sheet, a: str, b: str) -> Flips:
    """Returns what run b fixes and breaks against run a. Raises `UnknownNameError`.

    Equal doubts keep the order of the images.
    """
    right_a, row = sheet.correct[_row(sheet, a)], _row(sheet, b)
    right_b, doubt = sheet.correct[row], sheet.doubt[row]

    def sorted_positions(chosen: NDArray[np.bool_]) -> Positions:
        positions = np.flatnonzero(chosen)
        return positions[np.argsort(doubt[positions], kind="stable")]

    return Flips(sorted_positions(~right_a & right_b), sorted_positions(right_a & ~right_b))


def wrong_counts(sheet: Sheet) -> Positions:
    """Returns how many runs get each image wrong, (n,); 0 is easy, all is hard."""
    return np.asarray((~sheet.correct).sum(axis=0), np.int64)


def only_right(sheet: Sheet, run_id: str) -> Positions:
    """Returns the positions that only this run gets right, its most confident answer first.

    With one run on the sheet, no other can be wrong: the answer is empty. Raises
    `UnknownNameError`.
    """
    row = _row(sheet, run_id)
    if len(sheet.run_ids) == 1:
        return np.empty(0, np.int64)
    alone = sheet.correct[row] & (wrong_counts(sheet) == len(sheet.run_ids) - 1)
    positions = np.flatnonzero(alone)
    return positions[np.argsort(sheet.doubt[row][positions], kind="stable")]


def agreement_matrix(sheet: Sheet) -> Floats:
    """Returns the share of images that two runs name alike, right or wrong, (runs, runs)."""
    same = sum(
        row @ row.T for row in ((sheet.predicted == c).astype(np.float32) for c in range(10))
    )
    return np.asarray(same, np.float64) / len(sheet.labels)


def error_overlap(sheet: Sheet) -> Floats:
    """Returns how far the errors of two runs are the same, (runs, runs), from 0 to 1.

    P. Jaccard's index: images both get wrong, over images at least one gets wrong. Two runs without
    any error have none apart: 1.
    """
    wrong = (~sheet.correct).astype(np.float32)
    both = np.asarray(wrong @ wrong.T, np.float64)
    each = np.diagonal(both)
    either = each[:, None] + each[None, :] - both
    return np.divide(both, either, out=np.ones_like(both), where=either > 0)


def _row(sheet: Sheet, run_id: str) -> int:
    if run_id not in sheet.run_ids:
        raise UnknownNameError("run on the sheet", run_id, sheet.run_ids)
    return sheet.run_ids.index(run_id)
