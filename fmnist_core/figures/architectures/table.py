"""The layers of a network as a data frame: shapes, counts, formulas, and what the source prints."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from fmnist_core.architectures import LayerRow, Summary
from fmnist_core.architectures.layers import Shape
from fmnist_core.figures.architectures.outline import Step, walk
from fmnist_core.figures.architectures.parts import shape_words
from fmnist_core.figures.table import Column
from fmnist_core.papers.schema import StatedLayer

MACS = "Multiply-accumulates for one image; heads and decoders work in training only."
LAYER_COLUMNS = {
    "layer": Column("Layer", pinned=True),
    "block": Column("Block", meaning="The blocks of the layer text around it, outermost first."),
    "type": Column("Type", meaning="Its Keras class."),
    "output": Column("Output", meaning="Height × width × channels, or the length of a vector."),
    "params": Column("Parameters", "integer"),
    "formula": Column("Parameters, how"),
    "share": Column("Share (%)", "percent", "Of all parameters of the network.", digits=1),
    "macs": Column("MACs", "integer", MACS),
    "shape_formula": Column("Output side, how"),
    "trainable": Column("Trainable", "integer"),
    "non_trainable": Column("Not trainable", "integer"),
}
LINE_COLUMNS = {
    "layer": Column("Line", pinned=True),
    "copies": Column("Times", "integer", "How often it is built, for the repeats around it."),
    "output": Column("Output", meaning="Of the first copy and, where it differs, of the last."),
    "params": Column("Parameters", "integer", "Of all copies."),
    "formula": Column("Parameters, how", meaning="Of the first copy; the last one, if it differs."),
    "share": Column("Share (%)", "percent", "Of all parameters of the network.", digits=1),
    "macs": Column("MACs", "integer", MACS),
    "shape_formula": Column("Output side, how"),
    "trainable": Column("Trainable", "integer"),
    "non_trainable": Column("Not trainable", "integer"),
}
STATED_COLUMNS = {
    "stated": Column("Source prints", meaning="Its count for this layer, character by character."),
    "stated_how": Column("Source explains"),
    "stated_verdict": Column("Compared"),
}
_INDENT = "\N{EM SPACE}"


def layer_frame(summary: Summary) -> pd.DataFrame:
    """Returns one row for each Keras layer, in building order."""
    return pd.DataFrame(
        [
            {
                "layer": row.name,
                "block": " / ".join(row.blocks),
                "type": row.type,
                "output": shape_words(row.output_shape),
                "params": row.params,
                "formula": row.formula if row.params else "",
                "share": row.params / max(summary.total_params, 1),
                "macs": row.macs,
                "shape_formula": row.shape_formula,
                "trainable": row.trainable_params,
                "non_trainable": row.non_trainable_params,
            }
            for row in summary.layers
        ]
    )


def line_frame(summary: Summary, steps: Sequence[Step]) -> pd.DataFrame:
    """Returns one row for each line of the layer text, nested ones indented, copies summed."""
    return pd.DataFrame([_line(summary, step) for step in walk(steps)])


def _line(summary: Summary, step: Step) -> dict[str, Any]:
    ends = [rows[-1] for rows in step.copies_rows]
    return {
        "layer": _INDENT * 2 * step.depth + step.text,
        "copies": step.copies,
        "output": _first_and_last(shape_words(row.output_shape) for row in ends),
        "params": step.own_params,
        "formula": _formulas(step),
        "share": step.own_params / max(summary.total_params, 1),
        "macs": step.own_macs,
        "shape_formula": _first_and_last(row.shape_formula for row in ends),
        "trainable": sum(row.trainable_params for row in step.rows),
        "non_trainable": sum(row.non_trainable_params for row in step.rows),
    }


def with_stated(
    frame: pd.DataFrame, summary: Summary, stated: Sequence[StatedLayer]
) -> pd.DataFrame:
    """Adds what the source prints for each layer; its rows are those of `layer_frame`.

    Raises:
        ValueError: the source lists another number of layers.
    """
    pairs = list(zip(summary.layers, stated, strict=True))
    return frame.assign(
        stated=[layer.printed or "–" for _, layer in pairs],
        stated_how=[layer.description for _, layer in pairs],
        stated_verdict=[compared(row, layer) for row, layer in pairs],
    )


def without_empty(columns: Mapping[str, Column], frame: pd.DataFrame) -> dict[str, Column]:
    """Leaves out what says nothing here: blocks where there are none, times where all are once."""
    idle = {name for name, nothing in (("block", ""), ("copies", 1)) if _all(frame, name, nothing)}
    return {name: column for name, column in columns.items() if name not in idle}


def _all(frame: pd.DataFrame, name: str, value: object) -> bool:
    return name in frame and bool((frame[name] == value).all())


def stated_takeaway(frame: pd.DataFrame, stated: Sequence[StatedLayer]) -> str:
    """Returns how the source's own table stands to ours; `frame` is that of `with_stated`."""
    agreeing = int(frame["stated_verdict"].str.startswith("agrees").sum())
    text = f"The source prints its own table: {agreeing} of {len(frame)} counts agree"
    noted = sum(bool(layer.note) for layer in stated)
    carry = "carries" if noted == 1 else "carry"
    return f"{text}; {noted} {carry} a note, in the column Compared." if noted else f"{text}."


def compared(row: LayerRow, stated: StatedLayer) -> str:
    """Returns in words how a layer's printed count and shape stand to ours."""
    differences = []
    if stated.params is not None and stated.params != row.params:
        differences.append(f"count differs: {row.params:,} here")
    sizes = _sizes(stated.output_shape)
    if sizes and sizes != row.output_shape:
        differences.append(f"shape differs: {stated.output_shape} there")
    if differences:
        verdict = "; ".join(differences)
    else:
        verdict = "agrees" if stated.params is not None else "count lost in the source"
    return f"{verdict}; {stated.note}" if stated.note else verdict


def _sizes(printed: str) -> Shape:
    """Reads "(None, 28, 28, 32)" without its batch axis; empty when there is none."""
    return tuple(int(number) for number in re.findall(r"\d+", printed))


def _formulas(step: Step) -> str:
    """Returns the formulas of a line's first copy, joined; then those of its last, if unlike."""
    copies = ("; ".join(row.formula for row in rows if row.params) for rows in step.copies_rows)
    return _first_and_last(copies)


def _first_and_last(words: Iterable[str]) -> str:
    listed = [word for word in words if word]
    if not listed:
        return ""
    return listed[0] if listed[0] == listed[-1] else f"{listed[0]} … {listed[-1]}"
