"""How well a mask tells two sets of colours apart.

GrabCut seeks the mask under which the pixels' colours are likeliest, each set by its own
distribution. With histograms for distributions the gain in likelihood over one distribution for
all is the mutual information of mask and colour (S. Vicente, V. Kolmogorov, C. Rother: Joint
optimization of segmentation and appearance models, ICCV 2009). It compares masks that GrabCut
reached from different starts, since it needs none of their models.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Bins = npt.NDArray[np.intp]

_LIGHTNESS, _HUE = 16, 4  # levels of 255 in a bin: light varies over one material, hue seldom


@dataclass(frozen=True)
class ColourSplit:
    """What a mask says of the colours.

    Attributes:
        information: mutual information of mask and colour, in nats a pixel.
        overlap: 0..1, the share of the smaller set whose colours the other set has too.
    """

    information: float
    overlap: float

    @property
    def clarity(self) -> float:
        """What to compare masks of one picture by.

        Information alone grows towards a mask of half the picture; less what both sides share, it
        does not pay to add ground.
        """
        return self.information * (1 - self.overlap)


def colour_bins(pixels: Pixels) -> Bins:
    """Returns the bin in CIE Lab of each pixel of (h, w, 3), numbered from 0 without gaps: (n,)."""
    import cv2  # noqa: PLC0415  # 26 MB that most pictures do without

    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.int64)
    across = 256 // _HUE
    numbers = (lab[..., 0] // _LIGHTNESS * across + lab[..., 1] // _HUE) * across
    _, bins = np.unique((numbers + lab[..., 2] // _HUE).reshape(-1), return_inverse=True)
    return np.asarray(bins, np.intp)


def colour_split(bins: Bins, mask: Pixels) -> ColourSplit:
    """Compares the colours inside a mask, (h, w) of 0 and 1, with those outside."""
    count = int(bins.max()) + 1
    chosen = mask.reshape(-1) > 0
    inside = np.bincount(bins[chosen], minlength=count).astype(np.float64)
    outside = np.bincount(bins[~chosen], minlength=count).astype(np.float64)
    gain = _entropy(inside + outside) - _entropy(inside) - _entropy(outside)
    smaller = max(1.0, min(inside.sum(), outside.sum()))
    return ColourSplit(gain / len(bins), float(np.minimum(inside, outside).sum()) / smaller)


def _entropy(counts: npt.NDArray[np.float64]) -> float:
    """Of all pixels together, in nats."""
    some = counts[counts > 0]
    return float(-(some * np.log(some / some.sum())).sum())
