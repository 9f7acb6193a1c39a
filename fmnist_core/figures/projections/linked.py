"""Several projections of the same images side by side; what is touched in one lights up in all.

One specification draws them all, with one row of data an image, so that a selection in one view
names the same rows in the others without asking the server.
"""

import base64
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.palette import CLASS_COLORS
from fmnist_core.figures.table import Column, Kind
from fmnist_core.figures.theme import LABEL_COLOR, SCHEMA

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

# Names of the selections: classes in the legend, a clicked image, images in a box.
CLASSES, PICKED, BOXED = "classes", "picked", "boxed"
_HOVERED = "hovered"
# The page's content is a little wider than this on a screen of 1,440 pixels.
_WIDTH, _GAP = 950, 26
_WIDTH_OF_ONE = 720
_PANEL_HEIGHT = {1: 520, 2: 400, 3: 300}  # by how many stand side by side
_MARGIN = 1.06
_THUMBNAIL = 84  # pixels of an image under the pointer


@dataclass(frozen=True, eq=False)
class Panel:
    """One projection.

    Attributes:
        title: what projects.
        subtitle: what its axes hold, and how it was turned.
        points: (n, 2) or (n, 3) float64, a row an image; the same images in every panel.
        answers: (n,) the class the network gives to each image, uint8; `None` for pixels.
    """

    title: str
    subtitle: str
    points: Floats
    answers: Pixels | None = None


def linked_frame(
    panels: Sequence[Panel], indices: NDArray[np.int32], labels: Pixels
) -> pd.DataFrame:
    """Returns one row an image: `index`, `class`, and for panel i its `x{i}`, `y{i}`, `says{i}`.

    Points in three dimensions have their `z{i}` as well.
    """
    names = np.array(CLASS_NAMES)
    columns: dict[str, Any] = {"index": indices, "class": names[labels]}
    for i, panel in enumerate(panels):
        for axis, values in zip("xyz", panel.points.T, strict=False):
            columns[f"{axis}{i}"] = values.astype(np.float32)
        if panel.answers is not None:
            columns[f"says{i}"] = names[panel.answers]
    return pd.DataFrame(columns)


def linked_columns(panels: Sequence[Panel]) -> dict[str, Column]:
    """Returns what the columns of `linked_frame` mean."""
    columns = {"index": Column("Image", "integer", pinned=True), "class": Column("Class")}
    for i, panel in enumerate(panels):
        names = ("horizontal", "vertical") if panel.points.shape[1] == 2 else ("x", "y", "z")
        for axis, name in zip("xyz", names, strict=False):
            columns[f"{axis}{i}"] = _column(f"{panel.title}: {name}", "decimal")
        if panel.answers is not None:
            columns[f"says{i}"] = _column(f"{panel.title}: says")
    return columns


def _column(label: str, kind: Kind = "text") -> Column:
    return Column(label, kind, digits=3, in_csv=label)


def boxed_rows(frame: pd.DataFrame, box: dict[str, list[float]]) -> pd.DataFrame:
    """Returns the rows of `linked_frame` inside a drawn box; none without one.

    Args:
        box: the selection `BOXED`, column -> its two ends; columns that are not there (a box drawn
            in a panel that has gone) select nothing.
    """
    inside = np.full(len(frame), bool(box))
    for name, ends in box.items():
        if name not in frame or len(ends) != 2:
            return frame.iloc[:0]
        inside &= frame[name].between(min(ends), max(ends)).to_numpy()
    return frame[inside]


def linked_chart(
    frame: pd.DataFrame, panels: Sequence[Panel], *, shared_axes: bool, ringed: int | None = None
) -> dict[str, Any]:
    """Returns the panels in a grid, with the selections `CLASSES`, `PICKED` and `BOXED`.

    Args:
        frame: `linked_frame`; with a column `picture` (base64 PNG), the image under the pointer
            is shown.
        shared_axes: draw all over the same range, as aligned panels ask for.
        ringed: an image that is picked from the start.
    """
    across = _across(len(panels))
    width = _WIDTH_OF_ONE if across == 1 else (_WIDTH - (across - 1) * _GAP) // across
    height = _PANEL_HEIGHT[across]
    domains = [_domains(panel.points, width / height) for panel in panels]
    if shared_axes:
        everything = np.concatenate([panel.points for panel in panels])
        domains = [_domains(everything, width / height)] * len(panels)
    views = [f"panel{i}" for i in range(len(panels))]
    picture = "picture" in frame
    size = 26 if len(panels) == 1 else 16 if across == 2 else 11
    spec: dict[str, Any] = {
        "$schema": SCHEMA,
        # 20,000 elements of an SVG would take seconds; with a transform, none is chosen for us.
        "usermeta": {"embedOptions": {"renderer": "canvas"}},
        "data": frame,
        "params": _selections(views, ringed),
        "concat": [
            _view(i, panel, domains[i], width, height, size, picture)
            for i, panel in enumerate(panels)
        ],
        "columns": across,
        "autosize": {"type": "pad", "contains": "padding"},
        "spacing": _GAP,
        "config": {
            "axis": {"titleFontWeight": "normal"},
            "legend": {"orient": "bottom", "columns": 10, "columnPadding": 14},
            "title": {"anchor": "start", "fontSize": 13, "subtitleColor": LABEL_COLOR},
        },
    }
    if picture:
        spec["transform"] = [{"calculate": _TILE, "as": "tile"}]
    return spec


# A tooltip shows an image in its own size: a drawing around it enlarges it, with sharp pixels.
_TILE = (
    "\"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' "
    f"width='{_THUMBNAIL}' height='{_THUMBNAIL}'><image width='{_THUMBNAIL}' "
    f"height='{_THUMBNAIL}' style='image-rendering:pixelated' "
    'href=\'data:image/png;base64," + datum.picture + "\'/></svg>"'
)


def linked_height(count: int) -> int:
    """Returns the height in pixels that so many panels take with their titles and the legend."""
    across = _across(count)
    return -(-count // across) * (_PANEL_HEIGHT[across] + 46 + _GAP) + 50


def _across(count: int) -> int:
    return 1 if count == 1 else 2 if count in (2, 4) else 3


def _selections(views: list[str], ringed: int | None) -> list[dict[str, Any]]:
    point = {"type": "point", "fields": ["index"]}
    picked: dict[str, Any] = {
        "name": PICKED,
        "select": point
        # Only on an image: the end of a drawn box is a click, too, and must not undo the ring.
        | {"on": "symbol:click", "clear": "dblclick", "toggle": False},
        "views": views,
    }
    if ringed is not None:
        picked["value"] = [{"index": ringed}]
    return [
        {
            "name": CLASSES,
            "select": {"type": "point", "fields": ["class"]},
            "bind": "legend",
            "views": views,
        },
        # One box at a time: a second panel's takes the place of the first's.
        {
            "name": BOXED,
            "select": {"type": "interval", "resolve": "global", "mark": {"fillOpacity": 0.1}},
            "views": views,
        },
        picked,
        {
            "name": _HOVERED,
            "select": point | {"on": "pointerover", "clear": "pointerout"},
            "views": views,
        },
    ]


def _view(
    i: int,
    panel: Panel,
    domains: tuple[list[float], list[float]],
    width: int,
    height: int,
    size: int,
    picture: bool,
) -> dict[str, Any]:
    # A component has no unit that a number beside its axis would tell.
    axis = {"labels": False, "ticks": False, "domain": False, "title": None}
    tooltip = [{"field": "class", "title": "Class"}, {"field": "index", "title": "Image"}]
    if panel.answers is not None:
        tooltip.insert(1, {"field": f"says{i}", "title": "The network says"})
    if picture:
        tooltip.append({"field": "tile", "title": "image"})
    encoding = {
        name: {
            "field": f"{name}{i}",
            "type": "quantitative",
            "scale": {"domain": domain, "nice": False, "zero": False},
            "axis": axis,
        }
        for name, domain in zip("xy", domains, strict=True)
    }
    color = {
        "field": "class",
        "type": "nominal",
        "title": None,
        "sort": list(CLASS_NAMES),
        "scale": {"domain": list(CLASS_NAMES), "range": list(CLASS_COLORS)},
        "legend": {"symbolOpacity": 1, "symbolSize": 90},
    }
    chosen = {"and": [{"param": CLASSES}, {"param": BOXED}]}
    return {
        "title": {
            "text": panel.title[:1].upper() + panel.title[1:],
            "subtitle": panel.subtitle,
            "limit": width,
        },
        "width": width,
        "height": height,
        "layer": [
            {
                "name": f"panel{i}",
                "mark": {"type": "circle", "size": size, "clip": True},
                "encoding": encoding
                | {
                    "color": color,
                    "opacity": {"condition": {"test": chosen, "value": 0.75}, "value": 0.07},
                    "tooltip": tooltip,
                },
            },
            _rings(_HOVERED, encoding, tooltip, size=150, thickness=2),
            _rings(PICKED, encoding, tooltip, size=260, thickness=3),
        ],
    }


def _rings(
    selection: str,
    encoding: dict[str, Any],
    tooltip: list[dict[str, str]],
    *,
    size: int,
    thickness: int,
) -> dict[str, Any]:
    """Rings in the page's text colour around the images of a selection."""
    return {
        "transform": [{"filter": {"param": selection, "empty": False}}],
        "mark": {
            "type": "point",
            "filled": False,
            "size": size,
            "strokeWidth": thickness,
            "stroke": "currentColor",
            "opacity": 1,
        },
        "encoding": encoding | {"tooltip": tooltip},
    }


def _domains(points: Floats, aspect: float) -> tuple[list[float], list[float]]:
    """Returns the ranges of both axes: a unit is as long on one as on the other."""
    low, high = points.min(axis=0), points.max(axis=0)
    centre, half = (low + high) / 2, _MARGIN * (high - low) / 2
    unit = max(half[0] / aspect, half[1]) or 1.0
    return (
        [float(centre[0] - unit * aspect), float(centre[0] + unit * aspect)],
        [float(centre[1] - unit), float(centre[1] + unit)],
    )


def thumbnail(image: Pixels) -> str:
    """Returns uint8 (28, 28) as a grey PNG of 16 levels in base64, about 380 characters.

    Pillow takes five times as long for so small a file.
    """
    levels = (image.astype(np.uint16) + 8) // 17
    rows = np.zeros((28, 15), np.uint8)  # a filter byte, then two pixels a byte
    rows[:, 1:] = levels[:, ::2] << 4 | levels[:, 1::2]
    header = struct.pack(">IIBBBBB", 28, 28, 4, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    return base64.b64encode(data).decode("ascii")
