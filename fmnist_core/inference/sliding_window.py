"""What slides over a map: convolution and pooling of one (height, width, channels) in NumPy."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from fmnist_core.runs.arrays import Floats

Pair = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A window and how it slides, in the terms of Keras.

    Attributes:
        size: height and width.
        padding: "valid" stays inside the map; "same" gives ceil(length / stride) positions.
    """

    size: Pair
    strides: Pair = (1, 1)
    padding: Literal["valid", "same"] = "valid"
    dilation: Pair = (1, 1)

    def reach(self, axis: int) -> int:
        """Returns how many pixels the window spans, dilation included."""
        return self.dilation[axis] * (self.size[axis] - 1) + 1

    def positions(self, length: int, axis: int) -> int:
        """Returns how many positions it takes along an axis of this length."""
        stride = self.strides[axis]
        if self.padding == "same":
            return math.ceil(length / stride)
        return (length - self.reach(axis)) // stride + 1

    def borders(self, length: int, axis: int) -> Pair:
        """Returns the pixels added before and after; an odd one goes after, as in TensorFlow."""
        if self.padding == "valid":
            return 0, 0
        wanted = (self.positions(length, axis) - 1) * self.strides[axis] + self.reach(axis)
        missing = max(wanted - length, 0)
        return missing // 2, missing - missing // 2


def patches(x: Floats, window: Window, *, fill: float = 0.0) -> Floats:
    """Returns what the window sees: (rows, columns, channels, window height, window width).

    Args:
        x: (height, width, channels).
        window: how it slides.
        fill: value of the pixels that the padding adds.
    """
    borders = (window.borders(x.shape[0], 0), window.borders(x.shape[1], 1), (0, 0))
    padded = np.pad(x, borders, constant_values=fill) if any(map(any, borders)) else x
    seen = sliding_window_view(padded, (window.reach(0), window.reach(1)), axis=(0, 1))
    down, across = window.strides
    return seen[::down, ::across, :, :: window.dilation[0], :: window.dilation[1]]


def convolve(x: Floats, kernel: Floats, window: Window) -> Floats:
    """Returns (rows, columns, filters) for a kernel (height, width, channels, filters); no bias.

    It is a cross-correlation, as in every such library: the kernel is not mirrored.
    """
    return np.tensordot(patches(x, window), kernel, axes=((3, 4, 2), (0, 1, 2)))


def convolve_each(x: Floats, kernel: Floats, window: Window) -> Floats:
    """Returns (rows, columns, channels * multiplier): every channel with kernels of its own.

    Args:
        x: (height, width, channels).
        kernel: (height, width, channels, multiplier).
        window: how it slides.
    """
    seen = patches(x, window)
    result: Floats = np.einsum("rcxhw,hwxm->rcxm", seen, kernel, optimize=True)
    return result.reshape(*result.shape[:2], -1)


def max_pool(x: Floats, window: Window) -> Floats:
    """Returns the largest value in each window; padding never wins."""
    return np.asarray(patches(x, window, fill=-np.inf).max(axis=(3, 4)))


def average_pool(x: Floats, window: Window) -> Floats:
    """Returns the mean of each window, of the pixels that are there: padding is not counted."""
    sums = patches(x, window).sum(axis=(3, 4))
    counts: NDArray[np.float32] = patches(np.ones_like(x), window).sum(axis=(3, 4))
    return np.asarray(sums / counts)


POOLS: dict[str, Callable[[Floats, Window], Floats]] = {
    "MaxPooling2D": max_pool,
    "AveragePooling2D": average_pool,
}
