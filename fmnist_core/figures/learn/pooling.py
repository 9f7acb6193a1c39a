"""Max pooling against average pooling, on one map."""

import numpy as np
import pandas as pd

from fmnist_core.figures.learn.plane import Result, Slide
from fmnist_core.figures.table import Column
from fmnist_core.inference.sliding_window import Window, average_pool, max_pool, patches
from fmnist_core.runs.arrays import Floats

POOLING_COLUMNS = {
    "row": Column("Row", "integer"),
    "column": Column("Column", "integer"),
    "maximum": Column("Largest", "decimal", digits=4),
    "mean": Column("Mean", "decimal", digits=4),
}


def pooling_slide(title: str, values: Floats, window: Window) -> Slide:
    """Returns a map, (height, width), and what both kinds of pooling make of it."""
    largest, means = _pooled(values, window)
    signed = bool(values.min() < 0)
    says = [
        [f"largest {high:.3f}, mean {mean:.3f}" for high, mean in zip(*lines, strict=True)]
        for lines in zip(largest.tolist(), means.tolist(), strict=True)
    ]
    return Slide(
        title=title,
        pixels=values,
        window=window,
        results=(
            Result("Max pooling", largest, signed),
            Result("Average pooling", means, signed),
        ),
        says=np.array(says),
        signed=signed,
    )


def pooling_frame(slide: Slide) -> pd.DataFrame:
    """Returns one row a window: `row`, `column`, `maximum`, `mean`."""
    largest, means = (result.pixels for result in slide.results)
    rows, columns = np.indices(largest.shape)
    return pd.DataFrame(
        {
            "row": rows.ravel(),
            "column": columns.ravel(),
            "maximum": largest.ravel(),
            "mean": means.ravel(),
        }
    )


def pooling_says(slide: Slide) -> str:
    """Returns what each kind keeps of the map, and of the window with its peak, in sentences."""
    largest, means = (result.pixels for result in slide.results)
    before, shape, peak = slide.pixels, largest.shape, peak_window(slide)
    beyond = ""
    if before.max() > largest[peak]:
        beyond = f" The map's own peak, {before.max():.2f}, lies where no window reaches."
    return (
        f"{before.shape[0]} × {before.shape[1]} becomes **{shape[0]} × {shape[1]}**. Of the window "
        f"with the peak, max pooling keeps {largest[peak]:.2f} and average pooling "
        f"{means[peak]:.2f}.{beyond} The mean of the map, {before.mean():.2f}, "
        f"{_change(before.mean(), largest.mean())} under max pooling and "
        f"{_change(before.mean(), means.mean())} under average pooling."
    )


def peak_window(slide: Slide) -> tuple[int, int]:
    """Returns row and column of the window that holds the largest value that any window sees."""
    largest = slide.results[0].pixels
    row, column = np.unravel_index(largest.argmax(), largest.shape)
    return int(row), int(column)


def pooling_formula(slide: Slide, position: tuple[int, int]) -> str:
    """Returns both of one window in LaTeX, with its numbers."""
    seen = patches(slide.pixels[..., None], slide.window)[position][0].ravel()
    largest, means = (float(result.pixels[position]) for result in slide.results)
    shown = [f"{value:.2f}" if value >= 0 else f"({value:.2f})" for value in seen[:4]]
    more = [r"\dots"] if len(seen) > 4 else []
    listed = r",\, ".join(shown + more)
    return (
        rf"\max({listed}) = {largest:.2f}, \qquad "
        rf"({' + '.join(shown + more)}) \,/\, {len(seen)} = {means:.2f}"
    )


def _change(before: float, after: float) -> str:
    """Says where a number goes, as it is shown: with two digits."""
    old, new = round(before, 2), round(after, 2)
    if new == old:
        return f"stays {new:.2f}"
    return f"{'rises' if new > old else 'falls'} to {new:.2f}"


def _pooled(values: Floats, window: Window) -> tuple[Floats, Floats]:
    channel = values[..., None]
    return max_pool(channel, window)[..., 0], average_pool(channel, window)[..., 0]
