"""A network as boxes and arrows, from top to bottom, with the shape on each arrow."""

import math
import textwrap
from collections.abc import Sequence

from fmnist_core.architectures.layers import Shape
from fmnist_core.figures.architectures.parts import Group, Node, Part, shape_words
from fmnist_core.figures.architectures.svg import (
    Picture,
    arrow_tip,
    cut_evenly,
    described,
    document,
    line,
    placed,
    rectangle,
    text,
)

_NODE_WIDTH = 250
_CHARACTERS = 41  # of small text that fit into a node
_EDGE = 28
_PAD = 12
_ROW = 16
_SIDE_GAP = 36
_COLUMN_GAP = 64
_COLUMN_HEIGHT = 800


def diagram(parts: Sequence[Part], image: Shape, *, columns: int = 4) -> str:
    """Returns the SVG of a network whose outermost parts follow each other.

    Args:
        parts: `parts_of(outline(...))`.
        image: shape of the network's input.
        columns: at most so many stand side by side, as in a newspaper; 1 for a narrow screen.
    """
    runs = _with_branches(parts)
    heights = [_sequence(run).height - _EDGE for run in runs]
    wanted = min(columns, math.ceil(sum(heights) / _COLUMN_HEIGHT))
    pictures = [
        _sequence([part for run in runs[first:last] for part in run])
        for first, last in cut_evenly(heights, wanted)
    ]
    return document(_side_by_side(pictures, shape_words(image)))


def _with_branches(parts: Sequence[Part]) -> list[list[Part]]:
    """Keeps auxiliary branches with the part they branch off from."""
    runs: list[list[Part]] = []
    for part in parts:
        if part.training_only and runs:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _side_by_side(pictures: Sequence[Picture], entering: str) -> Picture:
    """Joins columns: what leaves one at the bottom enters the next at the top."""
    svg = [text(entering, pictures[0].anchor + 9, 18, "small")]
    x, height = 0.0, max(picture.height for picture in pictures)
    for place, picture in enumerate(pictures):
        svg.append(placed(picture.svg, x, 0))
        if place + 1 < len(pictures):
            start, gutter = x + picture.anchor, x + picture.width + _COLUMN_GAP / 2
            end = x + picture.width + _COLUMN_GAP + pictures[place + 1].anchor
            bottom = picture.height + 8
            down = [(start, picture.end), (start, bottom), (gutter, bottom)]
            svg.append(line([*down, (gutter, 1), (end, 1)]))
        x += picture.width + _COLUMN_GAP
    return Picture(x - _COLUMN_GAP, height + 10, pictures[0].anchor, "".join(svg))


def _sequence(parts: Sequence[Part], *, aside: bool = False) -> Picture:
    """Stacks parts, an arrow before each and a line after the last; branches to the right.

    Args:
        aside: the parts are an auxiliary branch themselves, so none of them branches off.
    """
    pictures = [_part(part) for part in parts]
    main = [p for p, part in zip(pictures, parts, strict=True) if aside or not part.training_only]
    anchor = max((picture.anchor for picture in main), default=_NODE_WIDTH / 2)
    width = anchor + max((picture.width - picture.anchor for picture in main), default=anchor)
    side_x = width + _SIDE_GAP
    svg: list[str] = []
    y, side_bottom = 0.0, 0.0
    for part, picture in zip(parts, pictures, strict=True):
        if part.training_only and not aside:
            top, at = max(y + _EDGE / 2, side_bottom), side_x + picture.anchor
            # Past the branches before it, through the gap beside them.
            gap, above = side_x - _SIDE_GAP / 3, max(y + 4, side_bottom - _PAD / 2)
            way = [(anchor, y + 4), (gap, y + 4), (gap, above), (at, above), (at, top)]
            svg.append(line(way, "dashed"))
            svg.append(placed(picture.svg, side_x, top))
            side_bottom = top + picture.height + _PAD
            width = max(width, side_x + picture.width)
            continue
        svg += [line([(anchor, y), (anchor, y + _EDGE - 4)]), arrow_tip(anchor, y + _EDGE)]
        svg.append(placed(picture.svg, anchor - picture.anchor, y + _EDGE))
        y += _EDGE + picture.height
        svg.append(text(shape_words(part.shape), anchor + 9, y + 18, "small"))
    end = y + _EDGE
    svg.append(line([(anchor, y), (anchor, end)]))
    return Picture(width, max(end, side_bottom), anchor, "".join(svg), end)


def _part(part: Part) -> Picture:
    return _node(part) if isinstance(part, Node) else _group(part)


def _node(node: Node) -> Picture:
    rows = [row for detail in node.details for row in textwrap.wrap(detail, _CHARACTERS)]
    height = 30 + _ROW * len(rows)
    svg = [rectangle(0, 0, _NODE_WIDTH, height, node.category)]
    times = f"{node.times} × " if node.times > 1 else ""
    svg.append(text(times + node.title, 10, 20, "strong"))
    if node.params:
        svg.append(text(f"{node.params:,}", _NODE_WIDTH - 10, 20, "small", "end"))
    svg += [text(row, 10, 20 + _ROW * place, "small") for place, row in enumerate(rows, start=1)]
    return Picture(_NODE_WIDTH, height, _NODE_WIDTH / 2, described("".join(svg), node.description))


def _group(group: Group) -> Picture:
    if group.kind == "inception":
        inner = _branches(group)
    elif group.kind in ("residual", "dense_block"):
        inner = _around(group)
    else:
        inner = _sequence(group.parts, aside=group.training_only)
    width, height = inner.width + 2 * _PAD, inner.height + 22
    svg = [
        rectangle(0, 0, width, height, "group"),
        text(group.label, 10, 18, "strong"),
        placed(inner.svg, _PAD, 22),
    ]
    if group.params and len(group.label) < width / 11:
        svg.append(text(f"{group.params:,}", width - 10, 18, "small", "end"))
    return Picture(width, height, inner.anchor + _PAD, "".join(svg))


def _around(group: Group) -> Picture:
    """A body with a way around it, joined below by a sum or a concatenation."""
    body = _sequence(group.parts)
    detour, join = body.width + 14, body.height + 12
    sign = "+" if group.kind == "residual" else "‖"
    svg = [
        body.svg,
        line([(body.anchor, 6), (detour, 6), (detour, join), (body.anchor + 11, join)]),
        f'<circle class="join" cx="{body.anchor:g}" cy="{join:g}" r="11"/>',
        text(sign, body.anchor, join + 5, "middle", "strong"),
    ]
    bottom = join + 11
    svg.append(line([(body.anchor, bottom), (body.anchor, bottom + 8)]))
    return Picture(detour + 4, bottom + 8, body.anchor, "".join(svg))


def _branches(group: Group) -> Picture:
    """Branches side by side, joined below by a concatenation."""
    pictures = [_sequence(part.parts) for part in group.parts if isinstance(part, Group)]
    width = sum(picture.width for picture in pictures) + _PAD * (len(pictures) - 1)
    anchor, height = width / 2, max(picture.height for picture in pictures)
    top, join = 14.0, 14 + height + 24
    svg, x = [line([(anchor, 0), (anchor, top / 2)])], 0.0
    for picture in pictures:
        at = x + picture.anchor
        svg.append(line([(anchor, top / 2), (at, top / 2), (at, top)]))
        svg.append(placed(picture.svg, x, top))
        svg.append(line([(at, top + picture.height), (at, join), (anchor, join)]))
        x += picture.width + _PAD
    svg.append(f'<circle class="join" cx="{anchor:g}" cy="{join:g}" r="11"/>')
    svg.append(text("‖", anchor, join + 5, "middle", "strong"))
    svg.append(line([(anchor, join + 11), (anchor, join + 19)]))
    return Picture(width, join + 19, anchor, "".join(svg))
