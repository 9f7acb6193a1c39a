"""A page to draw garments on: shapes in one colour each, shaded as if lit from the left."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 400, 600

_SCALE = 3  # drawn so much larger and made smaller, for smooth edges
_STEPS = 8  # straight pieces between two points of a curve

_Points = NDArray[np.float64]


class Page:
    """A white page. Points are written as in SVG, "x,y x,y", in points of the finished picture."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), "white")

    def fill(self, points: str, colour: Colour, *, smooth: bool = False) -> None:
        """Fills a polygon, or the smooth closed curve through its points."""
        corners = _read(points)
        self._fill(_closed_curve(corners) if smooth else corners, colour)

    def both(self, points: str, colour: Colour) -> None:
        """Fills a polygon and its mirror image on the other half of the page."""
        corners = _read(points)
        self._fill(corners, colour)
        self._fill(_mirrored(corners), colour)

    def whole(self, left: str, colour: Colour) -> None:
        """Fills a symmetric polygon, given by its left half from top to bottom."""
        corners = _read(left)
        self._fill(np.concatenate([corners, _mirrored(corners)[::-1]]), colour)

    def line(self, points: str, colour: Colour, width: float = 2) -> None:
        """Draws a line through the points."""
        self._line(_read(points), colour, width)

    def lines(self, points: str, colour: Colour, width: float = 2) -> None:
        """Draws a line and its mirror image on the other half of the page."""
        corners = _read(points)
        self._line(corners, colour, width)
        self._line(_mirrored(corners), colour, width)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Draws a filled circle."""
        middle = (x * _SCALE, y * _SCALE)
        ImageDraw.Draw(self._image).circle(middle, radius * _SCALE, fill=colour)

    def picture(self) -> Image.Image:
        """Returns the page in its finished size, RGB."""
        return self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def _fill(self, corners: _Points, colour: Colour) -> None:
        mask = Image.new("L", self._image.size, 0)
        ImageDraw.Draw(mask).polygon(_scaled(corners), fill=255)
        self._image.paste(_shaded(colour, mask), mask=mask)

    def _line(self, corners: _Points, colour: Colour, width: float) -> None:
        ImageDraw.Draw(self._image).line(
            _scaled(corners), fill=colour, width=round(width * _SCALE), joint="curve"
        )


def darker(colour: Colour, by: float = 0.72) -> Colour:
    """Returns the colour with so much of its light."""
    red, green, blue = (round(part * by) for part in colour)
    return red, green, blue


def _read(points: str) -> _Points:
    return np.array([[float(number) for number in pair.split(",")] for pair in points.split()])


def _mirrored(corners: _Points) -> _Points:
    mirrored: _Points = np.array([WIDTH, 0]) + corners * np.array([-1, 1])
    return mirrored


def _scaled(corners: _Points) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in corners * _SCALE]


def _closed_curve(corners: _Points) -> _Points:
    """A smooth closed curve through all points (Catmull and Rom 1974)."""
    before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
    beyond = np.roll(corners, -2, axis=0)
    t = (np.arange(_STEPS) / _STEPS)[:, None, None]
    curve: _Points = 0.5 * (
        2 * corners
        + (after - before) * t
        + (2 * before - 5 * corners + 4 * after - beyond) * t**2
        + (3 * corners - before - 3 * after + beyond) * t**3
    )
    return curve.transpose(1, 0, 2).reshape(-1, 2)


def _shaded(colour: Colour, mask: Image.Image) -> Image.Image:
    """The colour, lighter on the left of the shape and darker on its right."""
    left, _, right, _ = mask.getbbox() or (0, 0, *mask.size)
    across = np.clip((np.arange(mask.size[0]) - left) / max(1, right - left), 0, 1)
    light = 1.08 - 0.22 * across**2
    row = np.clip(np.asarray(colour) * light[:, None], 0, 255).astype(np.uint8)
    return Image.fromarray(row[None]).resize(mask.size)
