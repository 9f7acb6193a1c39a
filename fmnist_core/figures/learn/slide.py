"""A window that slides over a map: hover a place, and see what the window sees and what it gives.

What the window sees is computed in the browser, from the map and the place under the cursor.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from fmnist_core.figures.learn.colors import MARKED, grey_scale, signed_scale
from fmnist_core.figures.learn.plane import Plane, Slide
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.theme import LABEL_COLOR, chart
from fmnist_core.runs.arrays import Floats

# Width of the chart where there is room; on a narrower page all of it shrinks.
_PIXELS = 960
_NARROW = "width < 700"
_LEAST_CELL_PIXELS = 22  # of a cell that holds a number
_AT = {"filter": {"param": "at", "empty": False}}


def slide_chart(slide: Slide, position: tuple[int, int]) -> dict[str, Any]:
    """Returns the chart; its cells are square however wide it is drawn.

    Args:
        slide: what it shows.
        position: row and column of the result that is marked until the cursor marks another.
    """
    drawing = _Drawing(Plane(slide))
    layers = [*drawing.maps(), *drawing.middle(), *drawing.marks(), *drawing.words(position)]
    plane = drawing.plane
    spec = chart(layers, plane.frame(), height=drawing.pixels(plane.height))
    return spec | {
        "width": _PIXELS,
        # Vega lets a signal of this name stand for the height above.
        "params": [{"name": "height", "expr": f"width * {plane.height / plane.width}"}],
        # Streamlit's "fit" would keep the height above and squeeze the cells.
        "autosize": {"type": "none"},
        "padding": 0,
        "resolve": {"scale": {"color": "independent"}},
        "view": {"stroke": None},
    }


class _Drawing:
    """The layers of the chart."""

    def __init__(self, plane: Plane) -> None:
        self.plane, self.slide = plane, plane.slide

    def pixels(self, units: float) -> int:
        return round(units * _PIXELS / self.plane.width)

    def maps(self) -> Iterator[dict[str, Any]]:
        yield self._cells("input", self._input_scale())
        # Padding is drawn as what it is: nothing, with an edge.
        yield {
            "transform": [_part("padding")],
            "mark": {"type": "rect", "fillOpacity": 0, "stroke": NEUTRAL, "strokeOpacity": 0.6},
            "encoding": self._box(),
        }
        for index, result in enumerate(self.slide.results):
            values = result.pixels
            largest = float(np.abs(values).max())
            scale = signed_scale(largest) if result.signed else _grey(values)
            yield self._cells(f"result {index}", scale)

    def middle(self) -> Iterator[dict[str, Any]]:
        yield from self._block("pixel", 0, self._input_scale())
        if self.slide.kernel is None:
            return
        scale = signed_scale(float(np.abs(self.slide.kernel).max()))
        yield self._cells("kernel", scale)
        if self._fits():
            yield self._numbers([_part("kernel")], "value", scale, "x", "y")
        largest = float(np.abs(self.slide.kernel).max() * np.abs(self.slide.pixels).max())
        yield from self._block("product", 2, signed_scale(largest))

    def marks(self) -> Iterator[dict[str, Any]]:
        parts = ["window", *(f"result {i}" for i in range(len(self.slide.results)))]
        yield {
            "transform": [{"filter": {"field": "part", "oneOf": parts}}, _AT],
            "mark": {"type": "rect", "fillOpacity": 0, "stroke": MARKED, "strokeWidth": 2.5},
            "encoding": self._box(),
        }

    def words(self, position: tuple[int, int]) -> Iterator[dict[str, Any]]:
        yield {
            "transform": [_part("title")],
            "mark": {"baseline": "bottom", **_words(12)},
            "encoding": self._at("x", "y") | {"text": {"field": "text"}},
        }
        yield {
            "transform": [_part("window"), _AT],
            "mark": _words(14),
            "encoding": self._at("x", "y")
            | {
                "x": {"datum": self.plane.middle_x, "type": "quantitative", "axis": None},
                "y": {"datum": self.plane.height - 1, "type": "quantitative", "axis": None},
                "text": {"field": "text"},
            },
        }
        yield {
            "mark": {"type": "rect", "opacity": 0},
            "transform": [_part("target")],
            "encoding": self._box() | {"tooltip": {"field": "text", "title": "Here"}},
            "params": [
                {
                    "name": "at",
                    "select": {
                        "type": "point",
                        "on": "pointerover",
                        "clear": False,  # the last place stays when the cursor leaves
                        "fields": ["row", "column"],
                    },
                    "value": [{"row": position[0], "column": position[1]}],
                }
            ],
        }

    def _input_scale(self) -> dict[str, Any]:
        values = self.slide.pixels
        return signed_scale(float(np.abs(values).max())) if self.slide.signed else _grey(values)

    def _cells(self, part: str, scale: dict[str, Any]) -> dict[str, Any]:
        return {
            "transform": [_part(part)],
            "mark": {"type": "rect"},
            "encoding": self._box() | {"color": _color("value", scale)},
        }

    def _block(self, field: str, index: int, scale: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What lies under the window now, moved to the middle: cells and their numbers."""
        seen = self._seen(index)
        box = self._at("px", "py") | {"x2": {"field": "px2"}, "y2": {"field": "py2"}}
        yield {
            "transform": seen,
            "mark": {"type": "rect"},
            "encoding": box | {"color": _color(field, scale)},
        }
        if self._fits():
            yield self._numbers(seen, field, scale, "px", "py")

    def _seen(self, index: int) -> list[dict[str, Any]]:
        window = self.slide.window
        (height, width), (down, across) = window.size, window.strides
        kernel = "1" if self.slide.kernel is None else _array(self.slide.kernel)
        steps = {
            "tap_row": f"(datum.row - at.row[0] * {down}) / {window.dilation[0]}",
            "tap_column": f"(datum.column - at.column[0] * {across}) / {window.dilation[1]}",
        }
        inside = " && ".join(
            f"datum.{name} >= 0 && datum.{name} < {length} && datum.{name} % 1 == 0"
            for name, length in (("tap_row", height), ("tap_column", width))
        )
        weight = "1" if kernel == "1" else f"{kernel}[datum.tap_row * {width} + datum.tap_column]"
        block, y = self.plane.block, self.plane.block_y(index)
        after = {
            "pixel": "datum.value",
            "product": f"datum.value * {weight}",
            "px": f"{self.plane.middle_x} + datum.tap_column * {block}",
            "py": f"{y} + datum.tap_row * {block}",
            "px2": f"datum.px + {block}",
            "py2": f"datum.py + {block}",
        }
        return [
            {"filter": {"field": "part", "oneOf": ["input", "padding"]}},
            {"filter": "isDefined(at.row) && at.row.length > 0"},
            *({"calculate": formula, "as": name} for name, formula in steps.items()),
            {"filter": inside},
            *({"calculate": formula, "as": name} for name, formula in after.items()),
        ]

    def _numbers(
        self, transform: list[dict[str, Any]], field: str, scale: dict[str, Any], x: str, y: str
    ) -> dict[str, Any]:
        """The numbers in cells of the middle: dark ink on light cells, light on dark ones."""
        half = self.plane.block / 2
        middle = [
            {"calculate": f"datum.{x} + {half}", "as": "tx"},
            {"calculate": f"datum.{y} + {half}", "as": "ty"},
        ]
        low, high = scale["domain"][0], scale["domain"][-1]
        if len(scale["domain"]) == 3:
            light = f"abs(datum.{field}) > {0.6 * high}"
        else:
            light = f"datum.{field} > {low + 0.5 * (high - low)}"
        return {
            "transform": [*transform, *middle],
            "mark": {
                "type": "text",
                "fontSize": _font(11),
                "opacity": {"expr": f"{_NARROW} ? 0 : 1"},
            },
            "encoding": self._at("tx", "ty")
            | {
                "text": {"field": field, "type": "quantitative", "format": ".2f"},
                "color": {"condition": {"test": light, "value": "#000000"}, "value": "#ffffff"},
            },
        }

    def _fits(self) -> bool:
        return self.pixels(self.plane.block) >= _LEAST_CELL_PIXELS

    def _box(self) -> dict[str, Any]:
        return self._at("x", "y") | {"x2": {"field": "x2"}, "y2": {"field": "y2"}}

    def _at(self, x: str, y: str) -> dict[str, Any]:
        across = {"domain": [0, self.plane.width], "nice": False, "zero": False}
        down = {"domain": [0, self.plane.height], "nice": False, "zero": False, "reverse": True}
        axis = {"type": "quantitative", "axis": None}
        return {
            "x": axis | {"field": x, "scale": across},
            "y": axis | {"field": y, "scale": down},
        }


def _words(pixels: int) -> dict[str, Any]:
    return {"type": "text", "align": "left", "fontSize": _font(pixels), "color": LABEL_COLOR}


def _font(pixels: int) -> dict[str, str]:
    """Returns a size of type that shrinks with the chart, though less than it."""
    return {"expr": f"{pixels} * (0.4 + 0.6 * min(1, width / {_PIXELS}))"}


def _part(name: str) -> dict[str, Any]:
    return {"filter": {"field": "part", "equal": name}}


def _grey(values: Floats) -> dict[str, Any]:
    return grey_scale(float(values.min()), float(values.max()))


def _color(field: str, scale: dict[str, Any]) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "scale": scale, "legend": None}


def _array(values: Floats) -> str:
    return f"[{', '.join(f'{value:.6g}' for value in values.ravel())}]"
