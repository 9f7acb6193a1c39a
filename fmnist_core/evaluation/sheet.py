"""The sheet: what several runs said of the images that all of them were tested on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmnist_core.errors import RunError
from fmnist_core.evaluation.metrics import doubts
from fmnist_core.listing import some
from fmnist_core.runs.arrays import CLASSES, POOL_SIZE, Predictions
from fmnist_core.runs.read import read_predictions, read_run

Images = Literal["test", "validation"]
Floats = NDArray[np.float32]

TEST_SEEN_PROTOCOL = "test-as-validation"
# Runs that a remark names; further ones are counted.
NAMED = 3


@dataclass(frozen=True, eq=False)
class Sheet:
    """Runs in the order given, on the images that they share.

    Attributes:
        run_ids: (runs,).
        indices: (n,) int32, images of the pool of 70,000 (60,000.. is the official test set),
            ascending.
        labels: (n,) uint8, the true classes.
        probabilities: (runs, n, 10) float32; each row adds up to 1, which capsule lengths and
            float16 storage did not leave it.
        predicted: (runs, n) uint8, the class of the largest probability, the first of equal ones.
        confidence: (runs, n) float32, that probability.
        doubt: (runs, n) float32, that of all other classes together: what to sort by, since a
            confidence of 1 has many degrees.
        correct: (runs, n) bool.
        remarks: what a reader must know, a sentence each; they name runs by their ids.
    """

    run_ids: tuple[str, ...]
    indices: NDArray[np.int32]
    labels: NDArray[np.uint8]
    probabilities: Floats
    predicted: NDArray[np.uint8]
    confidence: Floats
    doubt: Floats
    correct: NDArray[np.bool_]
    remarks: tuple[str, ...]

    @property
    def accuracies(self) -> NDArray[np.float64]:
        """The share of these images that each run gets right, (runs,)."""
        return np.asarray(self.correct.mean(axis=1), np.float64)


def read_sheet(root: Path, run_ids: Sequence[str], images: Images = "test") -> Sheet:
    """Returns the sheet of stored runs.

    Raises:
        RunError: a run is damaged or comes twice, or no image belongs to all of them.
        UnknownNameError: there is no such run.
    """
    return make_sheet(
        [(name, read_predictions(root, name), read_run(root, name).protocol) for name in run_ids],
        images,
    )


def make_sheet(runs: Sequence[tuple[str, Predictions, str]], images: Images = "test") -> Sheet:
    """Returns what these runs said of the test images, or of the validation images, they share.

    Neither are images that a run was trained on, so whatever the protocols, those that all runs
    share are out of sample for each of them.

    Args:
        runs: id, predictions and split protocol of each.
        images: which of a run's two sets.

    Raises:
        RunError: there is no run, one comes twice, two name one image's class differently, or no
            image belongs to all; the message then names the run without which there would be most.
    """
    ids = [run_id for run_id, _, _ in runs]
    _require_runs(ids)
    parts = [_Part.of(run_id, predictions, images) for run_id, predictions, _ in runs]
    members = np.stack([part.member for part in parts]).sum(axis=0, dtype=np.int32)
    shared = np.flatnonzero(members == len(parts)).astype(np.int32)
    if not len(shared):
        raise RunError(_nothing_shared(parts, members, images))
    labels = parts[0].labels[parts[0].place[shared]]
    for part in parts[1:]:
        if not np.array_equal(part.labels[part.place[shared]], labels):
            raise RunError(
                "runs to compare must name the class of an image alike, or they belong to "
                f"different data. Received: {ids[0]} and {part.run_id}, which do not."
            )
    probabilities = scaled_rows(np.stack([part.values[part.place[shared]] for part in parts]))
    predicted = probabilities.argmax(axis=2)
    confidence = np.take_along_axis(probabilities, predicted[..., None], axis=2)[..., 0]
    return Sheet(
        run_ids=tuple(ids),
        indices=shared,
        labels=labels,
        probabilities=probabilities,
        predicted=predicted.astype(np.uint8),
        confidence=confidence,
        doubt=doubts(probabilities).astype(np.float32),
        correct=predicted == labels,
        remarks=tuple(_remarks(runs, len(shared), images)),
    )


@dataclass(frozen=True, eq=False)
class _Part:
    """One run's images: `place` is where an image of the pool stands among them."""

    run_id: str
    values: Floats
    labels: NDArray[np.uint8]
    member: NDArray[np.bool_]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, run_id: str, predictions: Predictions, images: Images) -> "_Part":
        values, labels, indices = _set(predictions, images)
        member, place = np.zeros(POOL_SIZE, np.bool_), np.zeros(POOL_SIZE, np.int64)
        member[indices] = True
        place[indices] = np.arange(len(indices))
        return cls(run_id, values, labels, member, place)


def _set(
    predictions: Predictions, images: Images
) -> tuple[Floats, NDArray[np.uint8], NDArray[np.int32]]:
    if images == "test":
        return predictions.test_probabilities, predictions.test_labels, predictions.test_indices
    return (
        predictions.validation_probabilities,
        predictions.validation_labels,
        predictions.validation_indices,
    )


def _require_runs(ids: Sequence[str]) -> None:
    if not ids:
        raise RunError("at least one run must be chosen. Received: none.")
    if len(set(ids)) != len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise RunError(f"runs to compare must be different. Received: {twice} twice.")


def scaled_rows(values: Floats) -> Floats:
    """Returns rows that add up to 1; a row of zeros, which capsules may give, becomes tenths."""
    totals = values.sum(axis=-1, keepdims=True)
    shares: Floats = np.divide(
        values, totals, out=np.full_like(values, 1 / CLASSES), where=totals > 0
    )
    return shares


def _nothing_shared(parts: Sequence[_Part], members: NDArray[np.int32], images: Images) -> str:
    """Names the run at fault: the one without which the others share most, else the first."""
    for part in parts:
        if not part.member.any():
            return (
                f"every run on the sheet must have {images} images. "
                f"Received: {part.run_id}, which has none; leave it out."
            )
    without = [int((members - part.member == len(parts) - 1).sum()) for part in parts]
    # Of two runs either may go: the later one was added to the earlier.
    most, place = max((count, place) for place, count in enumerate(without))
    hint = f", and the others share {most:,}" if most and len(parts) > 2 else ""
    if not most:
        so_far = np.logical_and.accumulate([part.member for part in parts]).any(axis=1)
        place = int(so_far.argmin())
    return (
        f"runs that are compared together must share {images} images. Received: none that belongs "
        f"to all {len(parts)} runs, {parts[place].run_id} having no image in common with the "
        f"others; leave it out{hint}."
    )


def _remarks(
    runs: Sequence[tuple[str, Predictions, str]], shared: int, images: Images
) -> list[str]:
    remarks = []
    counts = {run_id: len(_set(predictions, images)[1]) for run_id, predictions, _ in runs}
    every = "both runs" if len(runs) == 2 else f"all {len(runs)} runs"
    larger = [run_id for run_id, count in counts.items() if count > shared]
    if larger:
        named = some([f"{run_id} ({counts[run_id]:,})" for run_id in larger], NAMED)
        verb = "has" if len(larger) == 1 else "have"
        remarks.append(
            f"Compared on the {shared:,} images that are {images} images of {every}; "
            f"{named} {verb} more."
        )
    seen = [run_id for run_id, _, protocol in runs if protocol == TEST_SEEN_PROTOCOL]
    if seen:
        its, it = ("its", "it") if len(seen) == 1 else ("their", "them")
        ending = {
            "test": f", which flatters {it}.",
            "validation": ": what is chosen on these cannot be tested on them afterwards.",
        }
        remarks.append(f"{some(seen, NAMED)} used {its} test images for validation{ending[images]}")
    return remarks
