"""`architectures list`, `show` and `count`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from fmnist_core.architectures import Summary, check_classifier, summarize
from fmnist_core.cli.output import print_json, print_table
from fmnist_core.errors import FmnistError, UnknownNameError
from fmnist_core.papers import find_system, systems
from fmnist_core.papers.export import system_json
from fmnist_core.papers.schema import System, Variant

_TOTALS = ("total_params", "trainable_params", "non_trainable_params", "macs", "layers")


def list_all(options: argparse.Namespace) -> int:
    """Prints every system; those without layers have no totals."""
    entries = [_entry(system) for system in systems()]
    if options.json:
        print_json(entries)
    else:
        columns = ("id", "source", "basis", "total_params", "trainable_params", "macs", "title")
        print_table(columns, [[entry[column] for column in columns] for entry in entries])
    return 0


def show(options: argparse.Namespace) -> int:
    """Prints one system and its layers."""
    system = find_system(options.id)
    variant = _variant(system, options.variant) if options.variant is not None else None
    layers = variant.layers if variant else system.layers
    if options.json:
        print_json(_entry(system, variant))
    else:
        print(f"{system.id}: {system.title}\nsource {system.paper}, {system.place}")
        print(f"variant {variant.id}: {variant.note}\n" if variant else "")
        if layers:
            _print_layers(summarize(layers))
        else:
            print("This baseline is no network: it has no layers to count.")
    return 0


def count(options: argparse.Namespace) -> int:
    """Counts the layer text in a file."""
    summary = check_classifier(summarize(read_layer_text(options.file)))
    if options.json:
        print_json(summary.to_json())
    else:
        _print_layers(summary)
    return 0


def read_layer_text(file: str) -> str:
    """The layer text in a file, "-" for standard input; raises `FmnistError` if it has none."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        # As Windows editors save it: with a byte order mark and carriage returns.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "bytes that are no UTF-8"
        raise FmnistError(f"{file} must be a text file with layers. Received: {reason}.") from None


def _variant(system: System, variant_id: str) -> Variant:
    variants = {variant.id: variant for variant in system.variants}
    if variant_id not in variants:
        raise UnknownNameError(f"variant of {system.id}", variant_id, variants)
    return variants[variant_id]


def _entry(system: System, variant: Variant | None = None) -> dict[str, Any]:
    """One object: the system, and the layers and counts of it or of its variant."""
    layers = variant.layers if variant else system.layers
    summary = summarize(layers).to_json() if layers else dict.fromkeys(_TOTALS)
    named = {"layer_text": layers, "variant": variant.id if variant else None}
    return {**system_json(system), **named, **summary}


def _print_layers(summary: Summary) -> None:
    print_table(
        ("name", "output_shape", "params", "macs", "formula"),
        [
            (
                "  " * row.depth + row.name,
                "x".join(map(str, row.output_shape)),
                row.params,
                row.macs,
                row.formula,
            )
            for row in summary.layers
        ],
    )
    print(
        f"\n{summary.total_params:,} parameters ({summary.trainable_params:,} trainable, "
        f"{summary.non_trainable_params:,} not), {summary.macs:,} multiply-accumulates an image"
    )
