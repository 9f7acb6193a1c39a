"""Does what a run says of itself follow from its evidence?

The images and their labels are known, so are the splits; the metrics follow from the predictions
and the history, the counts from both and the recipe; layers, source and departures are those of the
catalogue where it has the network (`origin_claims`). What a run leaves no trace of (the figures on
training images, the latency, the machine) cannot be held against anything.
"""

import dataclasses
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fmnist_core.data import DATASET_SHA256, PROTOCOLS, Split, known_labels, make_split
from fmnist_core.evaluation.origin_claims import origin_problems
from fmnist_core.evaluation.run_metrics import best_epoch, metrics_of
from fmnist_core.papers import systems
from fmnist_core.recipes import Recipe
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.budget import trained_share
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import Run

# JSON keeps every bit of a float, but another machine may add up in another order.
_SUMS_APART = 1e-9
# The history was seen by the network in training, perhaps in bfloat16; the stored weights are
# float16. In the runs that ship with the project the two differ by 0.0001 at most.
_PRECISIONS_APART = 0.05
_OF_TRAINING_IMAGES = {"train_accuracy", "train_loss"}


def claim_problems(
    run: Run, history: Sequence[EpochRow], predictions: Predictions
) -> Iterator[str]:
    """Yields a sentence for each claim of `run.json` that its evidence does not bear out."""
    if run.dataset_sha256 != DATASET_SHA256:
        yield (
            "run.json: dataset_sha256 must be the digests of Fashion-MNIST's four files. "
            "Received: others."
        )
    if run.run_id.rsplit("-", 3)[0] != run.architecture:
        yield f"run.json: run_id must begin with the architecture. Received: {run.architecture!r}."
    if run.protocol in PROTOCOLS:
        yield from _image_problems(run, predictions)
    else:
        yield (
            f"run.json: protocol must be one of {', '.join(PROTOCOLS)}. Received: {run.protocol!r}."
        )
    yield from _metric_problems(run, history, predictions)
    yield from origin_problems(run)
    if run.recipe:
        yield from _training_problems(run, run.recipe, history)
    else:
        yield from _baseline_problems(run)


def _image_problems(run: Run, predictions: Predictions) -> Iterator[str]:
    labels = known_labels()
    split = _split(run)
    for part in ("test", "validation"):
        expected, indices = getattr(split, part), getattr(predictions, f"{part}_indices")
        if not np.array_equal(indices, expected):
            others = np.setdiff1d(indices, expected).size
            yield (
                f"predictions.npz must hold the {len(expected):,} {part} images of {run.protocol}, "
                f"seed {run.seed}, in ascending order. Received: {len(indices):,} images, "
                f"{others:,} of them others."
            )
        wrong = int((getattr(predictions, f"{part}_labels") != labels[indices]).sum())
        if wrong:
            yield (
                f"predictions.npz must hold the true labels of its {part} images. "
                f"Received: {wrong:,} others."
            )
    most = len(split.train)
    # A baseline does not state its share of the training images.
    fits = run.images.train == most if run.recipe else run.images.train <= most
    if not fits:
        yield (
            f"run.json: images.train must be {'' if run.recipe else 'at most '}{most:,}, as the "
            f"split has. Received: {run.images.train:,}."
        )


def _split(run: Run) -> Split:
    if run.recipe is None:
        return make_split(run.protocol, known_labels(), run.seed)
    recipe = run.recipe
    return make_split(run.protocol, known_labels(), run.seed, recipe.train_fraction, recipe.limit)


def _metric_problems(
    run: Run, history: Sequence[EpochRow], predictions: Predictions
) -> Iterator[str]:
    expected = metrics_of(predictions, history)
    for field in dataclasses.fields(expected):
        found, stated = getattr(expected, field.name), getattr(run.metrics, field.name)
        if field.name not in _OF_TRAINING_IMAGES and not _equal(found, stated):
            yield (
                f"run.json: {field.name} must be {json.dumps(found)}, which follows from "
                f"predictions.npz and history.jsonl. Received: {json.dumps(stated)}."
            )


def _training_problems(run: Run, recipe: Recipe, history: Sequence[EpochRow]) -> Iterator[str]:
    if not run.layers:
        yield "run.json: layers must be those of the network that was trained. Received: none."
    if run.epochs_planned != recipe.epochs:
        yield (
            f"run.json: epochs_planned must be the {recipe.epochs} of the recipe. "
            f"Received: {run.epochs_planned}."
        )
    for name, total in (
        ("train_seconds", sum(row.seconds for row in history)),
        ("train_cpu_seconds", sum(row.cpu_seconds for row in history)),
    ):
        if not _equal(total, getattr(run, name)):
            yield (
                f"run.json: {name} must be {total}, the sum over history.jsonl. "
                f"Received: {getattr(run, name)}."
            )
    stopped = not _ended_by_plan(recipe, history)
    if stopped != (run.status == "stopped"):
        yield (
            f"run.json: status must be {'stopped' if stopped else 'done'} after {len(history)} of "
            f"{recipe.epochs} epochs. Received: {run.status}."
        )
    yield from _history_problems(run, recipe, history)
    # The source of an architecture that a newer catalogue has is not known here.
    known = {"custom", *(system.id for system in systems())}
    if run.architecture in known:
        share = trained_share(run.architecture, recipe, epochs=len(history), stopped=stopped)
        if run.budget != share:
            yield (
                f"run.json: budget must be {share}, by the recipes of the run and of its source. "
                f"Received: {run.budget}."
            )


def _history_problems(run: Run, recipe: Recipe, history: Sequence[EpochRow]) -> Iterator[str]:
    """The epoch whose weights were kept must have been about as good as those are."""
    if not history:
        return
    kept = history[best_epoch(history) - 1] if recipe.keep == "best" else history[-1]
    seen, stored = kept.val_accuracy, run.metrics.val_accuracy
    if seen is not None and stored is not None and abs(seen - stored) > _PRECISIONS_APART:
        yield (
            f"history.jsonl must show what the stored network does: a validation accuracy of about "
            f"{stored:.4f} in epoch {kept.epoch}, whose weights were kept. Received: {seen:.4f}."
        )


def _ended_by_plan(recipe: Recipe, history: Sequence[EpochRow]) -> bool:
    if len(history) == recipe.epochs or not history:
        return bool(history)
    waited = len(history) - best_epoch(history)
    return 0 < recipe.early_stopping <= waited


def _baseline_problems(run: Run) -> Iterator[str]:
    if run.layers or run.epochs_planned or run.status != "done":
        yield (
            "run.json: a run without a recipe must be a baseline, which has no layers and no "
            f"epochs and is never stopped. Received: {run.epochs_planned} epochs planned, status "
            f"{run.status}, {len(run.layers):,} characters of layers."
        )
    # One that was limited to all the images there are once called itself reduced.
    whole = run.protocol in PROTOCOLS and run.images.train == PROTOCOLS[run.protocol].train
    if run.budget == "stopped" or (run.budget == "full" and not whole):
        yield (
            f"run.json: budget must be {'full' if whole else 'reduced'}, for "
            f"{run.images.train:,} training images. Received: {run.budget}."
        )


def _equal(one: Any, other: Any) -> bool:
    """Compares figures, intervals, and `None`, which equals only itself."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=_SUMS_APART, abs_tol=_SUMS_APART)
