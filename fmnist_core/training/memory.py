"""How much memory a training takes at its peak, and how much one may take on this machine."""

import math
from collections.abc import Iterator
from pathlib import Path

import psutil

from fmnist_core.architectures import Summary
from fmnist_core.recipes import Recipe, parse_augmentation
from fmnist_core.runs.schema import ImageCounts
from fmnist_core.training.cost import FLOAT32_BYTES, OPTIMIZER_SLOTS, TRAIN_SAMPLE, kept_bytes

# Images of one batch of `keras.Model.predict`, in validation.
PREDICT_BATCH = 500
MIB = 2**20

# All of the below is measured (tests/unit/training/test_memory.py holds the table).
# TensorFlow, Keras and LiteRT loaded, the data, and a network of three layers trained.
_BASE_BYTES = 860 * MIB
# Copies of the weights: themselves, gradients, Keras' own, a checkpoint on its way to the disk
# (its tensors and its bytes), the best epoch, the export. Each optimizer slot adds its own three.
_WEIGHT_COPIES, _SLOT_COPIES = 9, 3
# Every output is kept for the backward pass; the allocator rounds up. With bfloat16 half of it is
# half as long.
_KEPT, _KEPT_BFLOAT16 = 1.2, 0.7
# Tensors as large as the largest that exist at one time: in training, beside those kept.
_LARGEST_IN_TRAINING, _LARGEST_IN_PREDICTION = 2, 4
# `augmentation.augment` makes some twenty float32 arrays of the size of a batch.
_AUGMENTATION_ARRAYS = 20
# Of the machine's or the container's memory; the rest is for the pages and the system.
_SHARE = 0.8

_CGROUPS = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")


def peak_memory(summary: Summary, recipe: Recipe, images: ImageCounts) -> int:
    """Bytes of memory that one training process takes at its peak, evaluation included."""
    pixels = math.prod(summary.input_shape)
    kept = [size for tensors in kept_bytes(summary) for size in tensors]
    largest = max(kept)
    share = _KEPT if recipe.precision == "float32" else _KEPT_BFLOAT16
    in_training = recipe.batch_size * (share * sum(kept) + _LARGEST_IN_TRAINING * largest)
    if parse_augmentation(recipe.augmentation):
        in_training += recipe.batch_size * _AUGMENTATION_ARRAYS * FLOAT32_BYTES * pixels
    in_prediction = PREDICT_BATCH * _LARGEST_IN_PREDICTION * largest
    # The features of all evaluated images, the last part twice while it is put together.
    evaluated = images.test + images.validation + 2 * min(TRAIN_SAMPLE, images.train)
    features = evaluated * FLOAT32_BYTES * math.prod(summary.feature_shape)
    copies = _WEIGHT_COPIES + _SLOT_COPIES * OPTIMIZER_SLOTS[recipe.optimizer]
    weights = copies * FLOAT32_BYTES * summary.total_params
    return round(
        _BASE_BYTES + images.train * pixels + weights + max(in_training, in_prediction, features)
    )


def memory_limit() -> int:
    """Bytes that one training may use: four fifths of what the machine or the container has.

    Of all its memory and not of what is free just now, so the answer does not change from one
    minute to the next.
    """
    limits = [psutil.virtual_memory().total, *_container_limits(_CGROUPS, _MEMBERSHIP)]
    return int(_SHARE * min(limits))


def _container_limits(cgroups: Path, membership: Path) -> Iterator[int]:
    """The limits of the control groups that this process is in (cgroup v2 and v1), in bytes."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:  # not Linux
        return
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if not controllers:
            root, name = cgroups, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = cgroups / "memory", "memory.limit_in_bytes"
        else:
            continue
        # A limit of any group above holds too. In a container the path may name a group of the
        # host that is not to be seen here: its own limit is then the one at the root.
        folder = root / group.lstrip("/")
        while folder.is_relative_to(root):
            try:
                text = (folder / name).read_text().strip()
            except OSError:
                text = ""
            if text.isdecimal():  # "max" is no limit
                yield int(text)
            if folder == root:
                break
            folder = folder.parent
