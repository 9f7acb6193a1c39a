"""Sharpening along outlines, as the training images were."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from fmnist_core.inference.conversion.background import LUMA

Floats = npt.NDArray[np.float32]

# Half of the full effect: the images are sampled at the exact centres of a thumbnail that is
# somewhat finer than Zalando's, so less has to be restored.
_STRENGTH = 0.5
_WEIGHTS = np.exp(-np.array([1.0, 0.0, 1.0]) / 2) / np.exp(-np.array([1.0, 0.0, 1.0]) / 2).sum()
_GAUSSIAN = np.outer(_WEIGHTS, _WEIGHTS)[..., None]  # 3x3, sigma 1


def sharpen(image: Floats) -> Floats:
    """Returns x + s w (x - G(x)) for an image (h, w, 3), 0..255.

    G is a Gaussian of radius 1 and sigma 1, w the gradient's size as a share of the steepest: the
    effect grows towards outlines (ImageMagick's `-adaptive-sharpen 1x1`).
    """
    luma = np.pad(image @ LUMA, 1, mode="edge")
    down, across = np.gradient(luma)
    steepness = np.hypot(down, across)[1:-1, 1:-1]
    steepness = steepness / max(float(steepness.max()), 1e-6)
    detail = image - ndimage.convolve(image, _GAUSSIAN, mode="nearest")
    sharper: Floats = np.clip(image + _STRENGTH * steepness[..., None] * detail, 0, 255)
    return sharper.astype(np.float32)
