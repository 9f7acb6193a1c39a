"""From a layer text to Keras source code that stands on its own."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fmnist_core.architectures.graph import IMAGE, LABEL, LayerRow
from fmnist_core.architectures.layers import Architecture, Regularizer
from fmnist_core.architectures.summary import Summary, check_classifier

LINE_LENGTH = 88
# Arguments that readers of Keras know by their place.
_POSITIONAL = {"filters", "kernel_size", "units", "rate", "pool_size", "target_shape"}


def keras_source(architecture: Architecture | str, *, title: str) -> str:
    """Python source that builds the network as the variable `model`.

    The model has the layer names, shapes and counts of `summarize`. It goes from "image" to the
    probabilities; with auxiliary heads or a decoder its outputs, and then its inputs "image" and
    "label", are dictionaries.

    Args:
        architecture: the network, or its layer text.
        title: a comment above the code.

    Raises:
        LayerTextError: the text cannot be read, built, or does not give ten probabilities.
    """
    summary = check_classifier(architecture)
    own = _own_layers()
    quoted = sorted({row.type for row in summary.layers} & own.keys())
    one_line = " ".join(title.split())
    # Python reads an encoding out of the first two lines and obeys the first that it finds; a title
    # could name one in which its own escapes become code.
    lines = ["# -*- coding: utf-8 -*-"]
    lines += [f"# {''.join(letter for letter in one_line if letter.isprintable())}"]
    if quoted:
        lines += ["from typing import Any", ""]
    lines += ["import keras", "from keras import layers", ""]
    for name in quoted:
        lines += ["", own[name], ""]
    if quoted:
        lines.append("")
    lines.append(f'{IMAGE} = keras.Input({summary.input_shape}, name="{IMAGE}")')
    if summary.reconstruction_layer:
        lines.append(f'{LABEL} = keras.Input((), dtype="int32", name="{LABEL}")')
    lines += _statements(summary, own)
    lines += ["", _model(summary), "model.summary()"]
    return "\n".join(lines) + "\n"


@cache
def _own_layers() -> dict[str, str]:
    """Source text of each class in keras_layers.py, read without importing Keras."""
    source = Path(__file__).with_name("keras_layers.py").read_text(encoding="utf-8")
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return {node.name: ast.get_source_segment(source, node) or "" for node in classes}


def _statements(summary: Summary, own: dict[str, str]) -> Iterator[str]:
    """One assignment per layer; a comment opens each block."""
    variables = _variables(summary)
    blocks: tuple[str, ...] = ()
    for row in summary.layers:
        if row.blocks != blocks:
            yield ""
            if row.blocks:
                yield f"# {' > '.join(row.blocks)}"
            blocks = row.blocks
        inputs = [variables[name] for name in row.inputs]
        if row.type == "MultiHeadAttention":
            read = f"{inputs[0]}, {inputs[0]}"
        else:
            read = inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"
        layer_class = row.type if row.type in own else f"layers.{row.type}"
        yield _call(f"{variables[row.name]} = {layer_class}", _arguments(row), f"({read})")


def _variables(summary: Summary) -> dict[str, str]:
    """Name of a layer -> variable of its output: x where only the next line reads it."""
    readers = defaultdict(set)
    for row in summary.layers:
        for name in row.inputs:
            readers[name].add(row.name)
    variables = {IMAGE: IMAGE, LABEL: LABEL}
    following = [row.name for row in summary.layers[1:]]
    for row, next_name in zip(summary.layers, [*following, ""], strict=True):
        variables[row.name] = "x" if readers[row.name] == {next_name} else row.name
    return variables | {layer: name for name, layer in summary.outputs.items()}


def _arguments(row: LayerRow) -> list[str]:
    known_by_place = _POSITIONAL | ({"activation"} if row.type == "Activation" else set())
    words = [
        _literal(value) if key in known_by_place else f"{key}={_literal(value)}"
        for key, value in row.arguments.items()
    ]
    return [*words, f'name="{row.name}"']


def _literal(value: Any) -> str:
    if isinstance(value, Regularizer):
        return f"keras.regularizers.L1L2(l1={value.l1!r}, l2={value.l2!r})"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _call(start: str, arguments: list[str], end: str) -> str:
    inside = ", ".join(arguments)
    if len(start) + len(inside) + len(end) + 2 <= LINE_LENGTH:
        return f"{start}({inside}){end}"
    if len(inside) + 4 > LINE_LENGTH:
        inside = ",\n    ".join(arguments) + ","
    return f"{start}(\n    {inside}\n){end}"


def _model(summary: Summary) -> str:
    if len(summary.outputs) == 1:
        return f"model = keras.Model({IMAGE}, probabilities)"
    inputs = IMAGE
    if summary.reconstruction_layer:
        inputs = f'{{"{IMAGE}": {IMAGE}, "{LABEL}": {LABEL}}}'
    pairs = "".join(f'        "{name}": {name},\n' for name in summary.outputs)
    return f"model = keras.Model(\n    {inputs},\n    {{\n{pairs}    }},\n)"
