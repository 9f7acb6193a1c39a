"""Images whose label is probably wrong, by confident learning on cached probabilities.

C. Northcutt, L. Jiang, I. Chuang, "Confident learning: estimating uncertainty in dataset labels",
Journal of Artificial Intelligence Research 70, 2021. It needs probabilities of images that the
network was not trained on, which is what runs keep: those of their test and validation images.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fmnist_core.errors import RunError
from fmnist_core.evaluation.sheet import Sheet, scaled_rows
from fmnist_core.runs.arrays import CLASSES, POOL_SIZE, Predictions

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Official training images that people confirmed as mislabelled or spoiled, of 64 in Table 7 of
# N. M. Müller and K. Markert, "Identifying mislabeled instances in classification datasets",
# IJCNN 2019, arXiv:1912.05283.
PUBLISHED_TRAIN_INDICES = (16691, 22264, 28264, 33982, 40513, 42018, 45592)


@dataclass(frozen=True, eq=False)
class ConfidentLearning:
    """What confident learning finds in n images.

    Attributes:
        positions: (suspects,) images off the diagonal of the confident joint, most suspect (lowest
            margin) first.
        suggested: (n,) the most probable class other than the label.
        self_confidence: (n,) probability of the label.
        margin: (n,) that minus the probability of the suggested class, from -1 to 1.
        ranks: (n,) from 1, the place of every image by its margin, also of those not suspected.
    """

    positions: Integers
    suggested: Integers
    self_confidence: Floats
    margin: Floats
    ranks: Integers


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Images of the pool that at least one run was not trained on.

    Attributes:
        indices: (n,) int32, ascending.
        labels: (n,) uint8.
        probabilities: (n, 10) float64, the mean over the runs that held the image out.
        runs: (n,) how many those are.
    """

    indices: NDArray[np.int32]
    labels: NDArray[np.uint8]
    probabilities: Floats
    runs: Integers


@dataclass(frozen=True)
class PublishedExample:
    """One of the published images, and what our method says of it.

    Attributes:
        index: among the official training images, which is also its place in the pool.
        runs: how many runs held it out; 0 means that nothing can be said.
        label: the class it is labelled as; `None` as all below where no run held it out.
        suggested: the class that the networks would rather see.
        self_confidence: their mean probability of the label.
        rank: its place by margin among `of` held-out images, the most suspect first.
        suspected: whether confident learning flags it.
    """

    index: int
    of: int
    runs: int = 0
    label: int | None = None
    suggested: int | None = None
    self_confidence: float | None = None
    rank: int | None = None
    suspected: bool = False


@dataclass(frozen=True, eq=False)
class RankingMove:
    """How leaving images out moves a ranking.

    Attributes:
        before: (runs,) accuracies on all images; `after` without those left out.
        ranks_before: (runs,) from 1; equal accuracies share the better rank.
    """

    run_ids: tuple[str, ...]
    before: Floats
    after: Floats
    ranks_before: Integers
    ranks_after: Integers


def suspected_errors(sheet: Sheet) -> ConfidentLearning:
    """Returns what confident learning finds with the mean probabilities of the sheet's runs.

    Positions are those of the sheet.
    """
    mean = sheet.probabilities.mean(axis=0, dtype=np.float64)
    return confident_learning(mean, sheet.labels)


def confident_learning(probabilities: ArrayLike, labels: ArrayLike) -> ConfidentLearning:
    """Returns the images ranked by how suspect their label is.

    An image counts as class j when its probability of j is at least the mean probability of j over
    the images labelled j; of several such classes as the most probable one; of none it does not
    count (section 3 of the paper). Suspects are those that count as another class than their
    label, ranked by the normalised margin.

    Args:
        probabilities: (n, classes), out of sample.
        labels: (n,) given classes.
    """
    values, given = np.asarray(probabilities, np.float64), np.asarray(labels, np.int64)
    count, classes = values.shape
    of_label = values[np.arange(count), given]
    thresholds = _class_means(of_label, given, classes)  # (classes,), NaN for one without images
    reached = np.where(values >= thresholds, values, -1.0)  # nothing reaches a NaN
    counted_as, counts = reached.argmax(axis=1), reached.max(axis=1) >= 0
    others = values.copy()
    others[np.arange(count), given] = -1
    suggested = others.argmax(axis=1)
    margin = of_label - others.max(axis=1, initial=-1)
    order = np.argsort(margin, kind="stable")
    suspect = counts & (counted_as != given)
    return ConfidentLearning(
        positions=order[suspect[order]],
        suggested=suggested,
        self_confidence=of_label,
        margin=margin,
        ranks=_places(margin),
    )


def out_of_sample(runs: Sequence[Predictions]) -> HeldOut:
    """Returns the mean probabilities of every image that some of these runs held out.

    Test and validation images of each run count, and unlike on a sheet they need not be shared: an
    image is judged by the runs that were not trained on it, which under several splits are more
    for some images than for others.

    Raises:
        RunError: there is no run.
    """
    if not runs:
        raise RunError("at least one run must be chosen. Received: none.")
    total, seen = np.zeros((POOL_SIZE, CLASSES)), np.zeros(POOL_SIZE, np.int64)
    labels = np.zeros(POOL_SIZE, np.uint8)
    for run in runs:
        # Validation images that are the test images say nothing new.
        new = ~np.isin(run.validation_indices, run.test_indices)
        for values, given, indices in (
            (run.test_probabilities, run.test_labels, run.test_indices),
            (
                run.validation_probabilities[new],
                run.validation_labels[new],
                run.validation_indices[new],
            ),
        ):
            total[indices] += scaled_rows(values)
            seen[indices] += 1
            labels[indices] = given
    held_out = np.flatnonzero(seen)
    means = total[held_out] / seen[held_out, None]
    return HeldOut(held_out.astype(np.int32), labels[held_out], means, seen[held_out])


def published_check(held_out: HeldOut, learned: ConfidentLearning) -> tuple[PublishedExample, ...]:
    """Returns what our method says of the published examples, in the order of their indices.

    Args:
        held_out: images and probabilities.
        learned: `confident_learning` of exactly those.
    """
    suspects = set(learned.positions.tolist())
    of = len(held_out.indices)
    examples = []
    for index in PUBLISHED_TRAIN_INDICES:
        place = int(np.searchsorted(held_out.indices, index))
        if place == of or held_out.indices[place] != index:
            examples.append(PublishedExample(index, of))
            continue
        examples.append(
            PublishedExample(
                index=index,
                of=of,
                runs=int(held_out.runs[place]),
                label=int(held_out.labels[place]),
                suggested=int(learned.suggested[place]),
                self_confidence=float(learned.self_confidence[place]),
                rank=int(learned.ranks[place]),
                suspected=place in suspects,
            )
        )
    return tuple(examples)


def ranking_without(sheet: Sheet, positions: ArrayLike) -> RankingMove:
    """Returns accuracies and ranks of the sheet's runs with all images, and without these.

    Args:
        sheet: of test images.
        positions: on the sheet, to be left out.

    Raises:
        RunError: no image is left.
    """
    kept = np.ones(len(sheet.labels), np.bool_)
    kept[np.asarray(positions, np.int64)] = False
    if not kept.any():
        raise RunError(
            "at least one image must be left to rank runs by. "
            f"Received: all {len(kept):,} to leave out."
        )
    before, after = sheet.accuracies, sheet.correct[:, kept].mean(axis=1)
    return RankingMove(sheet.run_ids, before, after, _ranks(before), _ranks(after))


def _class_means(of_label: Floats, given: Integers, classes: int) -> Floats:
    counts = np.bincount(given, minlength=classes)
    sums = np.bincount(given, of_label, minlength=classes)
    means: Floats = np.divide(sums, counts, out=np.full(classes, np.nan), where=counts > 0)
    return means


def _places(values: Floats) -> Integers:
    """Returns from 1 where each value stands, the smallest first."""
    places = np.empty(len(values), np.int64)
    places[np.argsort(values, kind="stable")] = np.arange(1, len(values) + 1)
    return places


def _ranks(accuracies: Floats) -> Integers:
    return np.asarray([1 + int((accuracies > own).sum()) for own in accuracies], np.int64)
