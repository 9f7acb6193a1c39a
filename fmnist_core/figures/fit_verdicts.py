"""Underfit, good fit or overfit: the verdict of each run, with the numbers that led to it."""

from collections.abc import Mapping

import pandas as pd

from fmnist_core.evaluation.fit import (
    LOW_TRAIN_ACCURACY,
    MILD_GAP,
    RISEN_LOSS,
    WIDE_GAP,
    FitVerdict,
)
from fmnist_core.evaluation.run_names import stand_in_words
from fmnist_core.evaluation.unsettled_averages import unsettled_note
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped
from fmnist_core.runs.schema import Run

UNKNOWN = "not known"
RULES = (
    f"Underfit: training accuracy below {100 * LOW_TRAIN_ACCURACY:.0f} % and a gap below "
    f"{100 * MILD_GAP:.0f} points. Overfit: a gap of {100 * WIDE_GAP:.0f} points or more, or of "
    f"{100 * MILD_GAP:.0f} while the validation loss ended at {RISEN_LOSS:g} times its smallest "
    f"value and the training loss still fell. Mild overfit: a gap of {100 * MILD_GAP:.0f} to "
    f"{100 * WIDE_GAP:.0f} points. Good fit: everything else. The limits are ours; the training "
    "accuracy is measured with dropout and augmentation off."
)
FIT_COLUMNS = {
    "label": Column("Run", pinned=True),
    "fit": Column("Fit"),
    "train": Column("Training accuracy (%)", "percent"),
    "validation": Column("Validation accuracy (%)", "percent"),
    "gap": Column("Gap (points)", "points", "Training minus validation accuracy."),
    "loss_rise": Column(
        "Validation loss, last / smallest", "decimal", "1 where it ended at its smallest."
    ),
    "train_loss_falls": Column("Training loss still fell"),
}
_ORDER = ("overfit", "mild overfit", "good fit", "underfit", UNKNOWN)


def fit_limits(runs: Mapping[str, Run]) -> list[str]:
    """Returns what the verdicts of these runs rest on, as Markdown: sentences that stand apart.

    Args:
        runs: by the name that each has beside the verdicts.
    """
    stand_in = stand_in_words(run.protocol for run in runs.values())
    bold = {f"**{escaped(label)}**": run for label, run in runs.items()}
    return [*filter(None, [unsettled_note(bold), RULES, stand_in])]


def fit_table(verdicts: Mapping[str, FitVerdict | None]) -> pd.DataFrame:
    """Returns one row a run.

    Args:
        verdicts: label of a run -> its verdict; `None` where its accuracies are not known.
    """
    return pd.DataFrame(
        [_row(label, verdict) for label, verdict in verdicts.items()],
        columns=list(FIT_COLUMNS),
    )


def fit_takeaway(verdicts: Mapping[str, FitVerdict | None]) -> str:
    """Returns how many runs fit how; for a single run, the numbers that led to its verdict."""
    if len(verdicts) == 1:
        ((label, verdict),) = verdicts.items()
        if verdict is None:
            return f"**{escaped(label)}** states no validation accuracy: its fit is not known."
        return f"**{escaped(label)}**: {verdict.verdict}. {verdict.reason}"
    groups: dict[str, list[str]] = {}
    for label, verdict in verdicts.items():
        groups.setdefault(verdict.verdict if verdict else UNKNOWN, []).append(label)
    parts = [_group(word, groups[word]) for word in _ORDER if word in groups]
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _group(word: str, labels: list[str]) -> str:
    if len(labels) > 2:
        return f"{word}: {len(labels)} runs"
    return f"{word}: {' and '.join(f'**{escaped(label)}**' for label in labels)}"


def _row(label: str, verdict: FitVerdict | None) -> dict[str, object]:
    if verdict is None:
        return {"label": label, "fit": UNKNOWN}
    return {
        "label": label,
        "fit": verdict.verdict,
        "train": verdict.train_accuracy,
        "validation": verdict.train_accuracy - verdict.gap,
        "gap": verdict.gap,
        "loss_rise": verdict.loss_rise,
        "train_loss_falls": "yes" if verdict.train_loss_falls else "no",
    }
