"""The totals of a network: what each means, and how it prints."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fmnist_core.architectures import Summary

FLOAT32_BYTES = 4


@dataclass(frozen=True)
class Total:
    """One total of a network.

    Attributes:
        of: takes it from a summary.
        unit: how it prints: a count in full, a large count in thousands, or bytes.
    """

    label: str
    of: Callable[[Summary], int]
    unit: Literal["count", "large", "bytes"]
    meaning: str


TOTALS = (
    Total("Parameters", lambda s: s.total_params, "count", "All values that a run stores."),
    Total("Trainable", lambda s: s.trainable_params, "count", "Parameters that training changes."),
    Total(
        "Not trainable",
        lambda s: s.non_trainable_params,
        "count",
        "Running statistics of batch normalisation.",
    ),
    Total("MACs", lambda s: s.macs, "large", "Multiply-accumulates to predict one image."),
    Total(
        "Outputs",
        lambda s: s.activation_bytes,
        "bytes",
        "Memory for the outputs of all layers as float32, for one image.",
    ),
    Total(
        "Weights",
        lambda s: FLOAT32_BYTES * s.total_params,
        "bytes",
        "All parameters as float32; 1 MiB is 1,048,576 bytes, which Keras prints as MB.",
    ),
)


def printed_total(total: Total, value: int, *, signed: bool = False) -> str:
    """Returns a total as it prints: "422,922", "7.79 M" or "1.61 MiB"; `signed` for differences."""
    sign = "+" if signed and value >= 0 else ""
    if total.unit == "count" or (total.unit == "large" and abs(value) < 10_000):
        return f"{sign}{value:,}"
    names = ("bytes", "KiB", "MiB", "GiB") if total.unit == "bytes" else ("", "k", "M", "G")
    step, size, place = 1024 if total.unit == "bytes" else 1000, float(value), 0
    while abs(size) >= step and place < len(names) - 1:
        size, place = size / step, place + 1
    digits = f"{size:,.3g}" if place and abs(size) < 999.5 else f"{size:,.0f}"  # no "1e+03"
    return f"{sign}{digits} {names[place]}".rstrip()
