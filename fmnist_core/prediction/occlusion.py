"""What mattered to a network: how its answer changes when a patch of the image is covered."""

import numpy as np
from numpy.typing import NDArray

from fmnist_core.prediction.answer import calibrate
from fmnist_core.prediction.models import ModelShelf
from fmnist_core.prediction.patches import FINE, Patches
from fmnist_core.prediction.temperature import calibration
from fmnist_core.runs.tails import as_stored


def occlusion_map(
    image: NDArray[np.uint8],
    run_id: str,
    shelf: ModelShelf,
    label: int | None = None,
    patches: Patches = FINE,
) -> NDArray[np.float64]:
    """Returns (28, 28): by how much the label's probability falls when a pixel is covered.

    Zeiler and Fergus 2014 (arXiv:1311.2901), section 4.2, with the background, 0, as cover. A pixel
    has the mean of all patches that cover it: above 0 it speaks for the label, below 0 against it.
    Probabilities are the calibrated ones, which change where raw ones stay at 1.

    Args:
        image: uint8 (28, 28), light on dark.
        run_id: the network.
        shelf: where its model stands.
        label: the class in question; the network's own answer if none is given.
        patches: what is covered; see `patches_for`.

    Raises:
        RunError: the run is damaged, or was stored without a model.
        UnknownNameError: there is no such run.
    """
    side, corners = patches.side, patches.corners
    covered = np.repeat(image[None], patches.count + 1, axis=0)  # the last stays uncovered
    places = [(top, left) for top in corners for left in corners]
    for copy, (top, left) in zip(covered, places, strict=False):
        copy[top : top + side, left : left + side] = 0
    # Rounded as the answer is, so that a fall is one of the probability that stands beside it.
    raw = as_stored(shelf.probabilities(run_id, covered))
    probabilities = calibrate(raw, calibration(shelf.root, run_id))
    whole = probabilities[-1]
    asked = int(whole.argmax()) if label is None else label
    falls = whole[asked] - probabilities[:-1, asked]
    total, count = np.zeros(image.shape), np.zeros(image.shape)
    for fall, (top, left) in zip(falls, places, strict=True):
        total[top : top + side, left : left + side] += fall
        count[top : top + side, left : left + side] += 1
    return total / count
