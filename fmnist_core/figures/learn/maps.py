"""What every layer makes of an image, as pictures: feature maps side by side, vectors as strips."""

import io
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fmnist_core.architectures.graph import LayerRow
from fmnist_core.architectures.layers import describe_shape
from fmnist_core.figures.learn.colors import NEGATIVE, POSITIVE, ZERO
from fmnist_core.figures.table import Column
from fmnist_core.inference.layer_outputs import Trace
from fmnist_core.runs.arrays import Floats

Colors = NDArray[np.uint8]

LAYER_COLUMNS = {
    "layer": Column("Layer", pinned=True),
    "text": Column("Layer text"),
    "shape": Column("Output"),
    "zero": Column("Zeros (%)", "percent", "Of its numbers, for this image.", digits=1),
    "smallest": Column("Smallest", "decimal", digits=3),
    "largest": Column("Largest", "decimal", digits=3),
    "mean": Column("Mean", "decimal", digits=4),
}
# In dots: of a pixel, of a map, of a unit, and between them.
_LEAST_PIXEL, _LEAST_MAP, _UNIT, _GAP = 3, 42, 14, 4
_STRENGTH = 0.6  # a power below 1 keeps small values visible beside the largest
_WIDEST = 960  # of a picture, in dots


def layer_rows(traced: Trace) -> list[dict[str, object]]:
    """Returns what each layer's numbers are like, one object a layer; see `LAYER_COLUMNS`."""
    return [_layer_row(row, traced.after(row)) for row in traced.rows]


def maps_say(row: LayerRow, values: Floats) -> str:
    """Returns what one layer's output is like for this image, in a sentence."""
    zero = float((values == 0).mean())
    shape = " × ".join(str(size) for size in values.shape)
    start = f"**{row.name}** gives {shape} numbers from {values.min():.2f} to {values.max():.2f}"
    spread = f"{100 * zero:.0f} % of them are 0" if zero else "none of them is 0"
    if values.ndim != 3:
        return f"{start}; {spread}."
    silent = int((values == 0).all(axis=(0, 1)).sum())
    are = "is" if silent == 1 else "are"
    words = f"{silent} of {values.shape[-1]} maps {are}" if silent else "no map is"
    return f"{start}; {spread}, and {words} 0 everywhere."


def maps_picture(values: Floats, most: int) -> bytes:
    """Returns a PNG of a layer's output: its first maps, each pixel visible, or a strip of cells.

    Dark grey is 0, orange above and blue below it; one scale for the whole layer.

    Args:
        values: (height, width, channels), or (units,).
        most: maps, or units, that are shown at most.
    """
    reach = float(np.abs(values).max()) or 1.0
    tiles = values.transpose(2, 0, 1) if values.ndim == 3 else _strip(values.ravel())
    return _png(_sheet([_colored(tile / reach) for tile in tiles[:most]]))


def _strip(values: Floats) -> Floats:
    """Each number as a map of one pixel."""
    return values[:, None, None]


def _colored(values: Floats) -> Colors:
    """RGB of numbers in [-1, 1], (height, width) -> (height, width, 3)."""
    strength = np.abs(values)[..., None] ** _STRENGTH
    ends = np.where(values[..., None] > 0, _rgb(POSITIVE), _rgb(NEGATIVE))
    mixed: Colors = (_rgb(ZERO) * (1 - strength) + ends * strength).round().astype(np.uint8)
    return mixed


def _sheet(tiles: Sequence[Colors]) -> Image.Image:
    """The tiles in rows, as many beside each other as fit, with transparent gaps."""
    height, width = tiles[0].shape[:2]
    side = max(height, width)
    scale = _UNIT if side == 1 else max(_LEAST_PIXEL, _LEAST_MAP // side)
    wide, high = width * scale + _GAP, height * scale + _GAP
    across = max(1, min(len(tiles), _WIDEST // wide))
    size = (across * wide + _GAP, math.ceil(len(tiles) / across) * high + _GAP)
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    for place, tile in enumerate(tiles):
        large = Image.fromarray(tile.repeat(scale, axis=0).repeat(scale, axis=1))
        sheet.paste(large, (_GAP + place % across * wide, _GAP + place // across * high))
    return sheet


def _layer_row(row: LayerRow, values: Floats) -> dict[str, object]:
    return {
        "layer": row.name,
        "text": row.text,
        "shape": describe_shape(values.shape),
        "zero": float((values == 0).mean()),
        "smallest": float(values.min()),
        "largest": float(values.max()),
        "mean": float(values.mean()),
    }


def _rgb(color: str) -> NDArray[np.float32]:
    return np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)], np.float32)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
