"""Pieces of an SVG drawing that lie inside each other, and one style for screen and paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

# The page supplies --st-* for its light or dark theme; the values behind them are for paper.
STYLE = """\
text { font-family: var(--st-font, sans-serif); font-size: 13px;
  fill: var(--st-text-color, #1c2033); }
.small { font-size: 11.5px; opacity: 0.85; }
.strong { font-weight: 600; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
.line { fill: none; stroke: var(--st-text-color, #1c2033); stroke-opacity: 0.55;
  stroke-width: 1.3; }
.dashed { stroke-dasharray: 4 3; }
.tip { fill: var(--st-text-color, #1c2033); fill-opacity: 0.7; }
.group { fill: var(--st-text-color, #1c2033); fill-opacity: 0.035;
  stroke: var(--st-border-color, #c9cede); }
.join { fill: var(--st-background-color, #ffffff); stroke: var(--st-text-color, #1c2033);
  stroke-opacity: 0.55; stroke-width: 1.3; }
.convolution { fill: var(--st-blue-background-color, #e3efff);
  stroke: var(--st-blue-color, #2b6cc4); }
.pool { fill: var(--st-orange-background-color, #fff0dc);
  stroke: var(--st-orange-color, #d97a00); }
.dense { fill: var(--st-violet-background-color, #efe6fb);
  stroke: var(--st-violet-color, #7a3fc0); }
.block { fill: var(--st-green-background-color, #e2f6e8);
  stroke: var(--st-green-color, #21883f); }
.other { fill: var(--st-text-color, #1c2033); fill-opacity: 0.07;
  stroke: var(--st-text-color, #1c2033); stroke-opacity: 0.5; }
"""
_VARIABLE = re.compile(r"var\(--[\w-]+, ([^()]*)\)")


@dataclass(frozen=True)
class Picture:
    """A piece of a drawing in coordinates of its own, in pixels.

    Attributes:
        anchor: x of the vertical line on which data enters at the top and leaves at the bottom.
        end: y at which the main path of a column ends; branches may reach further down.
    """

    width: float
    height: float
    anchor: float
    svg: str
    end: float = 0


def document(picture: Picture, *, margin: float = 4) -> str:
    """Returns a whole SVG that keeps its proportions at any width, and is never enlarged."""
    width, height = picture.width + 2 * margin, picture.height + 2 * margin
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">\n<style>\n{STYLE}</style>\n'
        f"{placed(picture.svg, margin, margin)}\n</svg>\n"
    )


def for_paper(svg: str) -> str:
    """Returns the drawing with fixed colours, for programs that know no CSS variables."""
    return _VARIABLE.sub(r"\1", svg)


def placed(svg: str, x: float, y: float) -> str:
    """Moves a piece to where it belongs in the piece around it."""
    return f'<g transform="translate({x:g} {y:g})">{svg}</g>'


def cut_evenly(sizes: Sequence[float], runs: int) -> list[tuple[int, int]]:
    """Cuts a row of sizes into at most so many runs, the largest of them as small as can be.

    Returns:
        first place and place after the last, for each run.
    """
    low, high = max(sizes), sum(sizes)
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_filled(sizes, middle)) <= runs else (middle, high)
    return _filled(sizes, high)


def text(words: str, x: float, y: float, *classes: str) -> str:
    """A line of text; `y` is its baseline."""
    return f"<text{_class(classes)} x='{x:g}' y='{y:g}'>{escape(words)}</text>"


def rectangle(x: float, y: float, width: float, height: float, *classes: str) -> str:
    """A rectangle with rounded corners."""
    return (
        f'<rect{_class(classes)} x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>'
    )


def line(points: Sequence[tuple[float, float]], *classes: str) -> str:
    """A polyline through the points."""
    return f'<polyline{_class(("line", *classes))} points="{_points(points)}"/>'


def polygon(points: Sequence[tuple[float, float]], *classes: str) -> str:
    """A filled polygon."""
    return f'<polygon{_class(classes)} points="{_points(points)}"/>'


def arrow_tip(x: float, y: float) -> str:
    """The tip of an arrow that points down and ends in (x, y)."""
    return polygon([(x - 4, y - 7), (x + 4, y - 7), (x, y)], "tip")


def described(svg: str, description: str) -> str:
    """Adds what the pointer shows over a piece."""
    return f"<g><title>{escape(description)}</title>{svg}</g>"


def _filled(sizes: Sequence[float], capacity: float) -> list[tuple[int, int]]:
    """Fills one run after the other up to a capacity."""
    cuts, filled = [0], 0.0
    for place, size in enumerate(sizes):
        if filled + size > capacity and place > cuts[-1]:
            cuts.append(place)
            filled = 0.0
        filled += size
    return list(pairwise([*cuts, len(sizes)]))


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _class(classes: Sequence[str]) -> str:
    return f" class={quoteattr(' '.join(classes))}" if classes else ""
