"""Histograms of oriented gradients of 28x28 images, with numpy alone.

N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", CVPR 2005: centred
differences, nine unsigned directions with a vote shared between the two nearest, and overlapping
blocks that are each scaled to unit length, cut at 0.2 and scaled again. Votes are not shared
between cells: cells of 4x4 pixels are smaller than what such sharing is for.
"""

import numpy as np
from numpy.typing import NDArray

DIRECTIONS = 9
CELL = 4  # pixels a side
BLOCK = 2  # cells a side
_CLIP = 0.2
_EPSILON = 1e-5
# Gradients of 60,000 images at once would take gigabytes.
_CHUNK = 2_000


def hog_features(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Features (n, 1296) of images (n, 28, 28): six times six blocks, 2x2 cells, nine directions.

    A block without any gradient is all zeros.
    """
    starts = range(0, len(images), _CHUNK)
    parts = [_features(images[start : start + _CHUNK]) for start in starts]
    return np.concatenate(parts)


def _features(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    histograms = _cell_histograms(images.astype(np.float32) / np.float32(255))
    cells = histograms.shape[1]
    rows = [
        histograms[:, down : cells - BLOCK + 1 + down, right : cells - BLOCK + 1 + right]
        for down in range(BLOCK)
        for right in range(BLOCK)
    ]
    blocks = np.concatenate(rows, axis=-1)  # (n, 6, 6, 36)
    clipped = np.minimum(_unit_length(blocks), _CLIP)
    return _unit_length(clipped).reshape(len(images), -1).astype(np.float32)


def _cell_histograms(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Votes (n, 7, 7, 9): each pixel's gradient length, at its direction from 0 to 180 degrees."""
    down, right = np.zeros_like(pixels), np.zeros_like(pixels)
    down[:, 1:-1] = pixels[:, 2:] - pixels[:, :-2]  # the border has no neighbour on one side
    right[:, :, 1:-1] = pixels[:, :, 2:] - pixels[:, :, :-2]
    length = np.hypot(down, right)
    # Direction 0 has its centre at 0 degrees, as the last one's neighbour.
    place = (np.arctan2(down, right) % np.pi) * (DIRECTIONS / np.pi)
    lower = np.floor(place)
    share = place - lower
    cells = pixels.shape[1] // CELL
    votes = np.empty((len(pixels), cells, cells, DIRECTIONS), np.float32)
    first = lower.astype(np.int8) % DIRECTIONS
    second = (first + 1) % DIRECTIONS
    for direction in range(DIRECTIONS):
        vote = length * ((first == direction) * (1 - share) + (second == direction) * share)
        votes[..., direction] = vote.reshape(-1, cells, CELL, cells, CELL).sum(axis=(2, 4))
    return votes


def _unit_length(blocks: NDArray[np.float32]) -> NDArray[np.float32]:
    squares = (blocks**2).sum(axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = blocks / np.sqrt(squares + _EPSILON**2)
    return scaled
