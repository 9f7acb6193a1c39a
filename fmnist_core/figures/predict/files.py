"""Many pictures at once: a row each, and a row for each answer of each network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.table import Column

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.prediction.answer import ImageAnswer

FILE_COLUMNS = {
    "file": Column("File", pinned=True),
    "says": Column("All together say"),
    "probability": Column(
        "Probability (%)", "percent", "Mean of the calibrated probabilities.", digits=1
    ),
    "second": Column("Second"),
    "agreeing": Column("Networks agree"),
    "looks": Column(
        "Looks", meaning="Beside the training data; disputed where the networks have no majority."
    ),
    "remarks": Column("Remarks", meaning="Why it could not be read, or what may mislead."),
}


@dataclass(frozen=True, eq=False)
class FileRow:
    """One file and what became of it: an error, or an answer.

    Attributes:
        file: its name.
        error: why it could not be read, one sentence; empty where it could.
        looks: the first part of `likeness_verdict`; empty without the training data.
        warnings: what may mislead the networks.
        answer: what they say; `None` with an error.
    """

    file: str
    error: str
    looks: str = ""
    warnings: tuple[str, ...] = ()
    answer: "ImageAnswer | None" = None


def files_frame(rows: Sequence[FileRow]) -> pd.DataFrame:
    """Returns one row a file, in the order given; empty cells where a file could not be read."""
    return pd.DataFrame([_row(row) for row in rows]).astype({"probability": float})


def long_frame(rows: Sequence[FileRow], labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row for each file and network, with all ten calibrated probabilities."""
    return pd.DataFrame(
        {
            "file": row.file,
            "run_id": verdict.run_id,
            "run": labels.get(verdict.run_id, verdict.run_id),
            "class_name": CLASS_NAMES[verdict.label],
            "probability": verdict.probability,
            "raw_probability": verdict.raw_probability,
            **dict(zip(CLASS_NAMES, verdict.probabilities, strict=True)),
        }
        for row in rows
        if row.answer
        for verdict in row.answer.verdicts
    )


def files_words(rows: Sequence[FileRow]) -> str:
    """Returns how the files fared, in a sentence."""
    answered = [row.answer for row in rows if row.answer]
    alike = sum(answer.unanimous for answer in answered)
    words = f"{len(answered)} of {len(rows)} files could be read"
    if answered and len(answered[0].verdicts) > 1:
        words += f"; all networks agree on {alike} of them"
    return words + "."


def reason_first(error: str) -> str:
    """Returns an error with what was received in front: a cell shows only how a text begins."""
    rule, mark, received = error.partition("Received: ")
    return f"{mark}{received} {rule}".strip()


def _row(row: FileRow) -> dict[str, object]:
    if row.answer is None:
        return {
            "file": row.file,
            "says": "not read",
            "probability": None,
            "second": "",
            "agreeing": "",
            "looks": "",
            "remarks": reason_first(row.error),
        }
    first, second, _ = row.answer.ensemble.top
    return {
        "file": row.file,
        "says": CLASS_NAMES[first.label],
        "probability": first.probability,
        "second": f"{CLASS_NAMES[second.label]} {100 * second.probability:.1f} %",
        "agreeing": f"{row.answer.agreeing} of {len(row.answer.verdicts)}",
        "looks": row.looks,
        "remarks": " ".join(row.warnings),
    }
