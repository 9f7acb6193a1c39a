"""Three ways to begin GrabCut without a person who draws a box.

Each returns labels (h, w) for `cv2.grabCut`, or None where it has nothing to say. A start from the
borders' colours suits patterned grounds; one from the middle, garments near their ground's
lightness; the library's own, from a box, several grounds in one picture.
"""

import numpy as np
import numpy.typing as npt

from fmnist_core.inference.conversion.mask_parts import middle

Pixels = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]

_BAND = 0.04  # of the shorter side: a picture's border
_NARROW_BAND = 0.02
_COLOURS = 5  # that a border is made of: boards, joints, stripes
_LIGHT_WEIGHT = 0.6  # a shadow changes the lightness of a ground, seldom its hue
_ACROSS, _DOWN = 0.6, 0.7  # of half the picture: the ellipse that a garment fills for the most part


def from_box(picture: Pixels) -> Labels:
    """Everything but the border may be the garment, as in `cv2.GC_INIT_WITH_RECT`."""
    import cv2  # noqa: PLC0415  # 26 MB that most pictures do without

    height, width = picture.shape[:2]
    labels = np.full((height, width), cv2.GC_PR_FGD, np.uint8)
    labels[border(height, width, _BAND)] = cv2.GC_BGD
    return labels


def from_middle(picture: Pixels) -> Labels:
    """An ellipse in the middle is probably the garment, the rest probably not."""
    import cv2  # noqa: PLC0415  # see above

    height, width = picture.shape[:2]
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    inside = (x / _ACROSS) ** 2 + (y / _DOWN) ** 2 < 1
    labels = np.where(inside, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[border(height, width, _NARROW_BAND)] = cv2.GC_BGD
    return labels


def from_border_colours(picture: Pixels) -> Labels | None:
    """What differs from the borders' colours, likelier towards the middle."""
    import cv2  # noqa: PLC0415  # see above

    height, width = picture.shape[:2]
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 0] *= _LIGHT_WEIGHT
    ring = border(height, width, _BAND)
    colours = lab[ring]
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    cv2.setRNGSeed(0)
    count = min(_COLOURS, len(colours))
    _, nearest, centres = cv2.kmeans(
        colours,
        count,
        None,
        criteria,
        1,
        cv2.KMEANS_PP_CENTERS,  # type: ignore[call-overload]
    )
    nearest = nearest.reshape(-1)
    shares = np.bincount(nearest, minlength=count) / len(colours)
    usual = centres[shares >= 0.04]  # a sleeve that reaches the border is no ground
    spread = np.median(np.linalg.norm(colours - centres[nearest], axis=1)) + 3.0
    distance = np.min([np.linalg.norm(lab - centre, axis=2) for centre in usual], axis=0) / spread
    score = np.minimum(distance, 8) * (0.4 + 0.6 * middle(height, width))
    scaled = (score / max(float(score.max()), 1e-6) * 255).astype(np.uint8)
    level, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    likely = (scaled > level) & (distance > 2)
    labels = np.where(likely, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[ring & (distance < 3)] = cv2.GC_BGD
    return labels if likely.any() else None


def border(height: int, width: int, share: float) -> npt.NDArray[np.bool_]:
    """The outermost pixels, (h, w); the share is of the shorter side."""
    band = max(1, round(share * min(height, width)))
    ring = np.ones((height, width), bool)
    ring[band:-band, band:-band] = False
    return ring
