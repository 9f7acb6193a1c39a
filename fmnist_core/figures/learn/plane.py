"""The plane of a window that slides over a map: what lies where, as rows of a data frame.

All of it is in one plane of square units, so that one chart and one selection hold it together:
left the map, in the middle what the window sees, right what comes out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.inference.sliding_window import Window
from fmnist_core.runs.arrays import Floats

# In units of the plane.
_BOX, _GAP, _BLOCK, _TOP, _SMALL_BOX, _BELOW = 30.0, 2.0, 9.0, 2.0, 22.0, 3.0
_NUMBERS = ["row", "column", "x", "y", "x2", "y2", "value"]


@dataclass(frozen=True, eq=False)
class Result:
    """One map that comes out: (rows, columns), its title, and whether its sign is shown."""

    title: str
    pixels: Floats
    signed: bool = False


@dataclass(frozen=True, eq=False)
class Slide:
    """What the chart shows.

    Attributes:
        title: of the map on the left.
        pixels: that map, (height, width).
        window: how it slides.
        results: one or two maps of one shape, (rows, columns).
        says: (rows, columns), for each position the line below the middle.
        kernel: what each pixel is multiplied with, (window height, window width); `None` where
            the window only looks.
        signed: whether the map on the left has a sign that matters.
    """

    title: str
    pixels: Floats
    window: Window
    results: tuple[Result, ...]
    says: NDArray[np.str_]
    kernel: Floats | None = None
    signed: bool = False


class Plane:
    """Where everything lies, in units.

    Attributes:
        width, height: of the plane.
        middle_x: left end of what the window sees.
        block: side of one cell of it.
        cell: side of one pixel of the map.
    """

    def __init__(self, slide: Slide) -> None:
        self.slide = slide
        window = slide.window
        self._borders = [window.borders(length, axis) for axis, length in enumerate(self._shape())]
        padded = [length + sum(b) for length, b in zip(self._shape(), self._borders, strict=True)]
        self.cell = _BOX / max(padded)
        self.block = _BLOCK / max(window.size)
        self.middle_x = _BOX + _GAP
        self._box = _BOX if len(slide.results) == 1 else _SMALL_BOX
        self._result_cell = self._box / max(slide.results[0].pixels.shape)
        self.width = self._result_x(len(slide.results)) - _GAP
        self.height = _TOP + _BOX + _BELOW

    def _shape(self) -> tuple[int, int]:
        height, width = self.slide.pixels.shape
        return height, width

    def _result_x(self, index: int) -> float:
        return self.middle_x + _BLOCK + _GAP + index * (self._box + _GAP)

    def frame(self) -> pd.DataFrame:
        """Returns one row a cell: `part`, `row`, `column`, its ends, `value` and `text`."""
        frame = pd.DataFrame([row for part in self._parts() for row in part])
        frame[_NUMBERS] = frame[_NUMBERS].astype(np.float32)
        return frame

    def _parts(self) -> Iterator[list[dict[str, Any]]]:
        yield self._input()
        yield self._padding()
        yield self._kernel()
        for index, result in enumerate(self.slide.results):
            yield self._result(index, result)
        yield self._targets()
        yield self._titles()

    def _input(self) -> list[dict[str, Any]]:
        (top, _), (left, _) = self._borders
        return [
            self._square("input", r + top, c + left, 0.0, _TOP, self.cell, float(value))
            for (r, c), value in np.ndenumerate(self.slide.pixels)
        ]

    def _padding(self) -> list[dict[str, Any]]:
        """The pixels that "same" adds: they count as 0."""
        frame = np.pad(np.zeros(self._shape(), bool), self._borders, constant_values=True)
        return [
            self._square("padding", int(r), int(c), 0.0, _TOP, self.cell, 0.0)
            for r, c in np.argwhere(frame)
        ]

    def _kernel(self) -> list[dict[str, Any]]:
        if self.slide.kernel is None:
            return []
        return [
            self._square("kernel", r, c, self.middle_x, self.block_y(1), self.block, float(value))
            for (r, c), value in np.ndenumerate(self.slide.kernel)
        ]

    def _result(self, index: int, result: Result) -> list[dict[str, Any]]:
        x = self._result_x(index)
        return [
            self._square(f"result {index}", r, c, x, _TOP, self._result_cell, float(value))
            for (r, c), value in np.ndenumerate(result.pixels)
        ]

    def _targets(self) -> list[dict[str, Any]]:
        """What the cursor meets: on the map the middle of each window, on a result its cell.

        The window's own outline goes along as x .. y2 of the part "window".
        """
        rows: list[dict[str, Any]] = []
        (down, across), window = self.slide.window.strides, self.slide.window
        reach = window.reach(0), window.reach(1)
        for (r, c), says in np.ndenumerate(self.slide.says):
            y, x = _TOP + r * down * self.cell, c * across * self.cell
            outline = {"x": x, "y": y, "x2": x + reach[1] * self.cell}
            outline["y2"] = y + reach[0] * self.cell
            place = {"row": r, "column": c, "text": str(says)}
            rows.append({"part": "window", **place, **outline})
            x += (reach[1] - across) / 2 * self.cell
            y += (reach[0] - down) / 2 * self.cell
            box = {"x": x, "y": y, "x2": x + across * self.cell, "y2": y + down * self.cell}
            rows.append({"part": "target", **place, **box})
            rows += [
                self._square("target", r, c, self._result_x(i), _TOP, self._result_cell, 0.0)
                | {"text": str(says)}
                for i in range(len(self.slide.results))
            ]
        return rows

    def _titles(self) -> list[dict[str, Any]]:
        names = [(0.0, _TOP, self.slide.title), (self.middle_x, _TOP, "Window")]
        names += [(self._result_x(i), _TOP, r.title) for i, r in enumerate(self.slide.results)]
        if self.slide.kernel is not None:
            names.append((self.middle_x, self.block_y(1), "× kernel"))
            names.append((self.middle_x, self.block_y(2), "= products"))
        return [{"part": "title", "x": x, "y": y - 0.2, "text": text} for x, y, text in names]

    def _square(
        self, part: str, r: int, c: int, x0: float, y0: float, side: float, value: float
    ) -> dict[str, Any]:
        x, y = x0 + c * side, y0 + r * side
        ends = {"x": x, "y": y, "x2": x + side, "y2": y + side}
        return {"part": part, "row": r, "column": c, "value": value, **ends}

    def block_y(self, index: int) -> float:
        """Returns the top of what is seen (0), of the kernel (1) or of the products (2)."""
        used = self.block * self.slide.window.size[0]
        return _TOP + index * (used + 1.6)
