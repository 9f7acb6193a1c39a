"""Colours: the same class, architecture or direction has the same one on every page."""

import math
import zlib
from collections.abc import Iterable
from functools import cache

from fmnist_core.papers import systems

# petroff10 (Petroff 2021, arXiv:2107.02270): the largest smallest distance between any two of ten
# colours under the three kinds of colour blindness, of the palettes we compared.
CLASS_COLORS = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
NEUTRAL = "#8a8f9c"

_GOLDEN_ANGLE = 180 * (3 - math.sqrt(5))
# OKLCH lightness: at these three a colour keeps 3:1 on white as well as on the dark background.
_LIGHTNESS = (0.59, 0.645, 0.53)
# After 13 steps (and 21, and 34) the golden angle comes close to where it began: change lightness.
_HUES_PER_LIGHTNESS = 13
# Further runs of one architecture take the three lightnesses again, each time paler.
_CHROMA = (0.15, 0.1, 0.06)


@cache
def architecture_color(architecture: str, variation: int = 0) -> str:
    """Returns the hex colour of an architecture, by its id alone.

    Args:
        architecture: catalogue id; neighbours in the catalogue are a golden angle of hue apart.
        variation: 0 for the first run of it in a picture, 1, 2 ... for further ones (same hue,
            other lightness, then less chroma; the tenth has the colour of the first).
    """
    place = _catalogue_place(architecture)
    lightness = _LIGHTNESS[(place // _HUES_PER_LIGHTNESS + variation) % len(_LIGHTNESS)]
    chroma = _CHROMA[variation // len(_LIGHTNESS) % len(_CHROMA)]
    return _oklch_to_hex(lightness, chroma, (25 + place * _GOLDEN_ANGLE) % 360)


def run_colors(
    labels: Iterable[str], architectures: Iterable[str]
) -> tuple[dict[str, str], list[str]]:
    """Returns a colour for each label, and the labels whose architecture comes more than once.

    Runs of one architecture keep its hue and differ in lightness and chroma; they are to be drawn
    thinner.
    """
    count: dict[str, int] = {}
    colors: dict[str, str] = {}
    architecture_of = dict(zip(labels, architectures, strict=True))
    for label, architecture in architecture_of.items():
        colors[label] = architecture_color(architecture, count.get(architecture, 0))
        count[architecture] = count.get(architecture, 0) + 1
    return colors, [label for label, name in architecture_of.items() if count[name] > 1]


def _catalogue_place(architecture: str) -> int:
    order = {system.id: place for place, system in enumerate(systems())}
    return order.get(architecture, zlib.crc32(architecture.encode()) % 360)


def _oklch_to_hex(lightness: float, chroma: float, hue: float) -> str:
    """Converts OKLCH (Ottosson 2020) to sRGB, with less chroma where sRGB has no such colour."""
    while True:
        a = chroma * math.cos(math.radians(hue))
        b = chroma * math.sin(math.radians(hue))
        long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        linear = (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )
        if all(0 <= channel <= 1 for channel in linear):
            return "#" + "".join(f"{_encoded(channel):02x}" for channel in linear)
        chroma *= 0.95


def _encoded(linear: float) -> int:
    curved = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(255 * curved)


# A quantity from little to much, blue over mauve to gold: apart and in order under the three kinds
# of colour blindness, at 3:1 on white as well as on the dark background.
LOW_TO_HIGH = tuple(
    _oklch_to_hex(*step)
    for step in (
        (0.51, 0.19, 262),
        (0.55, 0.12, 290),
        (0.59, 0.07, 340),
        (0.63, 0.1, 60),
        (0.67, 0.14, 80),
    )
)
