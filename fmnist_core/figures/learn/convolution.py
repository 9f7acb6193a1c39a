"""A network's first convolution at work, and what stride and padding do to a map's size."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fmnist_core.architectures.graph import LayerRow
from fmnist_core.figures.learn.plane import Result, Slide
from fmnist_core.figures.table import Column
from fmnist_core.inference.layer_outputs import Trace, window_of
from fmnist_core.inference.sliding_window import Window, average_pool, patches
from fmnist_core.runs.arrays import Floats

PRODUCT_COLUMNS = {
    "row": Column("Row of the window", "integer"),
    "column": Column("Column of the window", "integer"),
    "pixel": Column("Pixel", "decimal", "What the layer reads there.", digits=4),
    "weight": Column("Weight", "decimal", "Of the kernel, learned.", digits=4),
    "product": Column("Product", "decimal", digits=4),
}
SIZE_COLUMNS = {
    "row": Column("Row", "integer"),
    "column": Column("Column", "integer"),
    "mean": Column("Mean under the window", "decimal", digits=4),
}


@dataclass(frozen=True, eq=False)
class Convolution:
    """One kernel of the first convolution, on one image.

    Attributes:
        row: the layer.
        index: which of its kernels, from 0.
        pixels: what it reads, (height, width).
        kernel: (window height, window width).
        bias: added to every sum.
        sums: (rows, columns), bias included, before the activation function.
    """

    row: LayerRow
    index: int
    pixels: Floats
    kernel: Floats
    bias: float
    sums: Floats

    @property
    def window(self) -> Window:
        """How the kernel slides."""
        return window_of(self.row)

    def seen(self, position: tuple[int, int]) -> Floats:
        """Returns the pixels under the kernel, padding as 0."""
        return np.asarray(patches(self.pixels[..., None], self.window)[position][0])


def first_convolution(traced: Trace) -> LayerRow | None:
    """Returns the first convolution that reads one channel; `None` without one."""
    for row in traced.of_type("Conv2D"):
        return row if traced.before(row).shape[-1] == 1 else None
    return None


def convolution(
    traced: Trace, weights: Mapping[str, Floats], row: LayerRow, index: int
) -> Convolution:
    """Returns one kernel of a convolution that reads one channel."""
    sums = traced.sums.get(row.name, traced.after(row))
    bias = weights.get(f"{row.name}/bias")
    return Convolution(
        row,
        index,
        traced.before(row)[..., 0],
        weights[f"{row.name}/kernel"][..., 0, index],
        0.0 if bias is None else float(bias[index]),
        sums[..., index],
    )


def strongest_place(values: Floats) -> tuple[int, int]:
    """Returns row and column of the value farthest from 0."""
    row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
    return int(row), int(column)


def convolution_slide(of: Convolution) -> Slide:
    """Returns what `slide_chart` draws of it."""
    says = [
        [f"sum {total - of.bias:.3f} + bias {of.bias:.3f} = {total:.3f}" for total in line]
        for line in of.sums.tolist()
    ]
    title = f"Feature map {of.index + 1}, {_size(of.sums)}"
    return Slide(
        title=f"What {of.row.name} reads, {_size(of.pixels)}",
        pixels=of.pixels,
        window=of.window,
        results=(Result(title, of.sums, signed=True),),
        says=np.array(says),
        kernel=of.kernel,
    )


def product_frame(of: Convolution, position: tuple[int, int]) -> pd.DataFrame:
    """Returns one row a weight: the pixel under it, and their product."""
    seen = of.seen(position)
    rows, columns = np.indices(of.kernel.shape)
    return pd.DataFrame(
        {
            "row": rows.ravel(),
            "column": columns.ravel(),
            "pixel": seen.ravel(),
            "weight": of.kernel.ravel(),
            "product": (seen * of.kernel).ravel(),
        }
    )


def convolution_says(of: Convolution, position: tuple[int, int]) -> str:
    """Returns what one position comes to, and how much of the map answers, in a sentence."""
    total = float(of.sums[position])
    high, wide = of.kernel.shape
    positive = float((of.sums > 0).mean())
    return (
        f"In row {position[0]}, column {position[1]}, kernel {of.index + 1} sums "
        f"{high} × {wide} products to {total - of.bias:.3f}; with its bias of {of.bias:.3f} that "
        f"is **{total:.3f}**. Over the whole image {100 * positive:.0f} % of its sums are above 0."
    )


def convolution_formula(of: Convolution, position: tuple[int, int]) -> str:
    """Returns the sum of products in LaTeX: the three largest, and what it comes to."""
    products = product_frame(of, position).sort_values("product", key=abs, ascending=False)
    terms = " + ".join(
        rf"({row.pixel:.2f})({row.weight:.2f})" for row in products.head(3).itertuples()
    )
    more = r" + \dots" if len(products) > 3 else ""
    return (
        rf"z_{{{position[0]},{position[1]}}} = \sum_{{i,j}} x_{{i,j}}\, w_{{i,j}} + b = "
        rf"{terms}{more} {of.bias:+z.3f} = {float(of.sums[position]):.3f}"
    )


def size_slide(pixels: Floats, window: Window) -> Slide:
    """Returns the window on its way over an image; it averages, so that one recognises it."""
    means = average_pool(pixels[..., None], window)[..., 0]
    says = [[f"mean of the window {value:.3f}" for value in line] for line in means.tolist()]
    return Slide(
        title=f"Image, {_size(pixels)}",
        pixels=pixels,
        window=window,
        results=(Result(f"Result, {_size(means)}", means),),
        says=np.array(says),
    )


def size_frame(slide: Slide) -> pd.DataFrame:
    """Returns one row a position of the window: `row`, `column`, `mean`."""
    means = slide.results[0].pixels
    rows, columns = np.indices(means.shape)
    return pd.DataFrame({"row": rows.ravel(), "column": columns.ravel(), "mean": means.ravel()})


def size_says(length: int, window: Window) -> str:
    """Returns how large the result is and why, in a sentence."""
    after, (first, last) = window.positions(length, 0), window.borders(length, 0)
    size, stride = window.size[0], window.strides[0]
    step = "every position" if stride == 1 else f"every {_ordinal(stride)} position"
    if first:  # there are as many after, or one more
        border = f"with {_pixels(first)} of 0 added before and {last} after"
    elif last:
        border = f"with {_pixels(last)} of 0 added after"
    else:
        border = "without a border"
    kept = after**2 / length**2
    return (
        f"A {size} × {size} window that stops at {step}, {border}, makes {length} × {length} into "
        f"**{after} × {after}**: {100 * kept:.0f} % as many numbers."
    )


def _pixels(count: int) -> str:
    return f"{count} {'pixel' if count == 1 else 'pixels'}"


def size_formula(length: int, window: Window) -> str:
    """Returns the output length in LaTeX, with its numbers."""
    after, borders = window.positions(length, 0), sum(window.borders(length, 0))
    size, stride = window.size[0], window.strides[0]
    return (
        r"\left\lfloor \frac{n + p - k}{s} \right\rfloor + 1 = "
        rf"\left\lfloor \frac{{{length} + {borders} - {size}}}{{{stride}}} \right\rfloor + 1 = "
        rf"{after}"
    )


def _size(values: Floats) -> str:
    return f"{values.shape[0]} × {values.shape[1]}"


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
