"""Architectures: layer text, its summary in numbers, its Keras model and its source code."""

from fmnist_core.architectures.graph import LayerRow
from fmnist_core.architectures.layers import Architecture, Layer
from fmnist_core.architectures.spec import format_layers, parse
from fmnist_core.architectures.summary import (
    Summary,
    check_buildable,
    check_classifier,
    summarize,
)

__all__ = [
    "Architecture",
    "Layer",
    "LayerRow",
    "Summary",
    "check_buildable",
    "check_classifier",
    "format_layers",
    "parse",
    "summarize",
]
