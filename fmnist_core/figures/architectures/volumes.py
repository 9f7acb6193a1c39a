"""What flows through a network, to scale: one block for each output of its outermost parts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fmnist_core.architectures.layers import Shape
from fmnist_core.figures.architectures.parts import Group, Node, Part, shape_words
from fmnist_core.figures.architectures.svg import (
    Picture,
    cut_evenly,
    described,
    document,
    placed,
    polygon,
    text,
)

_HIGHEST = 110  # of any block, in pixels
_THICKEST = 40
_SLANT = 0.42  # how far a map's width leans back, to its height
_LABEL_WIDTH = 68
_GAP = 8
_SHORT = {
    "avgpool": "Pool",
    "batchnorm": "Norm",
    "capsule_length": "Lengths",
    "dense_block": "Dense block",
    "global_avgpool": "Global pool",
    "global_maxpool": "Global pool",
    "maxpool": "Pool",
}


@dataclass(frozen=True)
class _Scale:
    """Pixels of the drawing for a map's pixel, and for the square roots of channels and lengths."""

    pixel: float
    channel: float
    length: float


def volumes(parts: Sequence[Part], image: Shape, *, width: int = 1100) -> str:
    """Returns the SVG of the outputs, from the image to the probabilities, in rows of a width.

    A map is as high as its pixels and as thick as the square root of its channels; a vector is as
    high as the square root of its length.

    Args:
        parts: `parts_of(outline(...))`.
        image: shape of the network's input.
    """
    outputs, shape = [(image, "other", "Image")], image
    for part in parts:
        category = part.category if isinstance(part, Node) else "block"
        if part.training_only or (category == "other" and part.shape == shape):
            continue
        outputs.append((part.shape, category, _name(part)))
        shape = part.shape
    scale = _fitting_scale([shape for shape, _, _ in outputs])
    blocks = [_block(*output, scale) for output in outputs]
    widths = [block.width + _GAP for block in blocks]
    rows = [
        _row(blocks[first:last])
        for first, last in cut_evenly(widths, math.ceil(sum(widths) / width))
    ]
    svg, y = [], 0.0
    for row in rows:
        svg.append(placed(row.svg, 0, y))
        y += row.height + 14
    return document(Picture(max(row.width for row in rows), y - 14, 0, "".join(svg)))


def _row(blocks: Sequence[Picture]) -> Picture:
    """Stands blocks on one line."""
    height, x = max(block.height for block in blocks), 0.0
    svg = []
    for block in blocks:
        svg.append(placed(block.svg, x, height - block.height))
        x += block.width + _GAP
    return Picture(x - _GAP, height, 0, "".join(svg))


def _block(shape: Shape, category: str, name: str, scale: _Scale) -> Picture:
    """One output with its name and shape below it."""
    height, depth, thickness = _sides(shape, scale)
    lean, back = _SLANT * depth, 0.6 * _SLANT * depth
    total = max(thickness + lean, _LABEL_WIDTH)
    left, top = (total - thickness - lean) / 2, back + 2
    right, bottom = left + thickness, top + height
    face = [(left, top), (right, top), (right, bottom), (left, bottom)]
    lid = [(left, top), (left + lean, top - back), (right + lean, top - back), (right, top)]
    side = [
        (right, top),
        (right + lean, top - back),
        (right + lean, bottom - back),
        (right, bottom),
    ]
    lines = [shape_words(shape if len(shape) < 3 else shape[:2])]
    lines += [f"× {shape[2]:,}"] if len(shape) == 3 else [""]
    svg = [polygon(points, category) for points in (lid, side, face)]
    svg.append(text(name, total / 2, bottom + 17, "small", "middle", "strong"))
    for place, words in enumerate(lines):
        svg.append(text(words, total / 2, bottom + 32 + 14 * place, "small", "middle"))
    values = f"{name}: {shape_words(shape)} = {math.prod(shape):,} values"
    return Picture(total, bottom + 50, total / 2, described("".join(svg), values))


def _fitting_scale(shapes: Sequence[Shape]) -> _Scale:
    """The usual scale, or a smaller one where the largest output would not fit."""
    sides = [max(shape[:2]) for shape in shapes if len(shape) == 3]
    channels = [shape[-1] for shape in shapes if len(shape) > 1]
    lengths = [shape[0] for shape in shapes if len(shape) < 3]
    return _Scale(
        pixel=min(3.4, _HIGHEST / max(sides)),
        channel=min(1.7, _THICKEST / math.sqrt(max(channels))),
        length=min(1.15, _HIGHEST / math.sqrt(max(lengths, default=1))),
    )


def _sides(shape: Shape, scale: _Scale) -> tuple[float, float, float]:
    """Returns height, depth and thickness of a block in pixels of the drawing."""
    if len(shape) == 3:
        thickness = max(2.5, scale.channel * math.sqrt(shape[2]))
        return max(2, shape[0] * scale.pixel), max(2, shape[1] * scale.pixel), thickness
    thickness = scale.channel * math.sqrt(shape[1]) if len(shape) == 2 else 5
    return max(4, scale.length * math.sqrt(shape[0])), 6, max(5, thickness)


def _name(part: Part) -> str:
    """Returns a name that fits below a block."""
    if isinstance(part, Group):
        if part.kind == "repeat":
            return f"{part.label} {_name(part.parts[0])}"
        return _SHORT.get(part.kind, part.kind.capitalize())
    times = f"{part.times} × " if part.times > 1 else ""
    return times + _SHORT.get(part.kind, part.title.split()[0])
