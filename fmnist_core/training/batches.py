"""The batches of one epoch, each a pure function of (seed, epoch, batch number).

Nothing carries over from epoch to epoch, so a resumed run sees exactly the batches that an
uninterrupted one would have seen.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fmnist_core.recipes import Recipe, parse_augmentation
from fmnist_core.training.augmentation import augment, mix_up

CLASSES = 10
NamedArrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Images:
    """Images and labels of one part of a split: uint8 (n, 28, 28) and uint8 (n,)."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)


def network_input(
    pixels: npt.NDArray[np.uint8] | npt.NDArray[np.float32], recipe: Recipe
) -> npt.NDArray[np.float32]:
    """Pixels 0..255 as the network takes them: float32 (n, 28, 28, 1), standardised."""
    scaled = pixels.astype(np.float32) / np.float32(255)
    if (recipe.pixel_mean, recipe.pixel_std) != (0.0, 1.0):
        scaled = (scaled - np.float32(recipe.pixel_mean)) / np.float32(recipe.pixel_std)
    return scaled[..., None]


class EpochBatches:
    """One epoch of shuffled, augmented training batches: pairs of inputs and targets by name.

    Args:
        targets: makes a batch's targets from its inputs, labels and soft targets
            (`objective.Objective.targets`).
        soft: whether soft targets (batch, 10) are made.
        label_input: whether the label is an input as well (a decoder masks by it).
    """

    def __init__(
        self,
        train: Images,
        recipe: Recipe,
        epoch: int,
        targets: Callable[[Any, Any, Any], NamedArrays],
        *,
        soft: bool = False,
        label_input: bool = False,
    ) -> None:
        self._train, self._recipe, self._epoch = train, recipe, epoch
        self._targets, self._soft, self._label_input = targets, soft, label_input
        self._settings = parse_augmentation(recipe.augmentation)
        self._order = np.random.default_rng([recipe.seed, epoch]).permutation(len(train))

    def __len__(self) -> int:
        return steps_per_epoch(len(self._train), self._recipe.batch_size)

    def __iter__(self) -> Iterator[tuple[NamedArrays, NamedArrays]]:
        """Yields the batches in order; the next one is made while the current one trains."""
        with ThreadPoolExecutor(max_workers=1) as worker:
            upcoming = worker.submit(self.batch, 0)
            for number in range(1, len(self) + 1):
                current = upcoming.result()
                if number < len(self):
                    upcoming = worker.submit(self.batch, number)
                yield current

    def batch(self, number: int) -> tuple[NamedArrays, NamedArrays]:
        """Inputs and targets of one batch, counted from 0."""
        size = self._recipe.batch_size
        chosen = self._order[number * size : (number + 1) * size]
        labels = self._train.labels[chosen]
        generator = np.random.default_rng([self._recipe.seed, self._epoch, number])
        pixels: npt.NDArray[Any] = self._train.images[chosen]
        if self._settings:
            pixels = augment(pixels.astype(np.float32), self._settings, generator)
        inputs = network_input(pixels, self._recipe)
        soft = np.eye(CLASSES, dtype=np.float32)[labels] if self._soft else None
        if soft is not None and "mixup" in self._settings:
            inputs, soft = mix_up(inputs, soft, self._settings["mixup"], generator)
        targets = self._targets(inputs, labels, soft)
        if self._label_input:
            return {"image": inputs, "label": labels.astype(np.int32)}, targets
        return {"image": inputs}, targets


def steps_per_epoch(images: int, batch_size: int) -> int:
    """Batches in an epoch; the last one may be smaller."""
    return -(-images // batch_size)
