"""Underfit, overfit or good fit: a verdict with the numbers that led to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import Run

Verdict = Literal["underfit", "good fit", "mild overfit", "overfit"]

LOW_TRAIN_ACCURACY = 0.85
MILD_GAP, WIDE_GAP = 0.03, 0.05
RISEN_LOSS = 1.25


@dataclass(frozen=True)
class FitVerdict:
    """How well a network fits, and why it is said so.

    Attributes:
        gap: training accuracy minus validation accuracy; negative with dropout or augmentation at
            times.
        loss_rise: last validation loss over the smallest one; `None` when it is not known.
        train_loss_falls: whether the training loss still fell after the smallest validation loss.
        reason: one sentence with the numbers.
    """

    verdict: Verdict
    train_accuracy: float
    gap: float
    loss_rise: float | None
    train_loss_falls: bool
    reason: str


def fit_verdict(
    train_accuracy: float,
    val_accuracy: float,
    train_losses: Sequence[float | None] = (),
    val_losses: Sequence[float | None] = (),
) -> FitVerdict:
    """Returns the verdict by four rules, g being the gap in accuracy and r the rise of the loss.

    * underfit: training accuracy below 0.85 and g below 0.03;
    * overfit: g of 0.05 or more, or g of 0.03 or more while r is 1.25 or more and the training loss
      still falls;
    * mild overfit: g from 0.03 to 0.05;
    * good fit: everything else.

    The words are those of Awasthi and Soni, section III (training accuracy high and validation
    accuracy clearly lower; validation loss rising while training loss falls), who give no numbers;
    the thresholds are ours.

    Args:
        train_accuracy: in inference mode on un-augmented images, or dropout counts as underfitting.
        val_accuracy: of the same weights.
        train_losses: one an epoch; `None` where it was not finite.
        val_losses: one an epoch.
    """
    # Rounded: 0.95 - 0.90 is 0.04999... in binary, and a limit that is met counts as met.
    gap = round(train_accuracy - val_accuracy, 9)
    rise, falls = _loss_signature(train_losses, val_losses)
    risen = rise is not None and rise >= RISEN_LOSS and falls
    verdict: Verdict
    if train_accuracy < LOW_TRAIN_ACCURACY and gap < MILD_GAP:
        verdict = "underfit"
    elif gap >= WIDE_GAP or (gap >= MILD_GAP and risen):
        verdict = "overfit"
    elif gap >= MILD_GAP:
        verdict = "mild overfit"
    else:
        verdict = "good fit"
    return FitVerdict(
        verdict, train_accuracy, gap, rise, falls, _reason(train_accuracy, val_accuracy, gap, rise)
    )


def run_fit(run: Run, epochs: Sequence[EpochRow]) -> FitVerdict | None:
    """Returns the verdict of a run; `None` where it has no training or validation accuracy."""
    train, validation = run.metrics.train_accuracy, run.metrics.val_accuracy
    if train is None or validation is None:
        return None
    losses = [row.loss for row in epochs], [row.val_loss for row in epochs]
    return fit_verdict(train, validation, *losses)


def _loss_signature(
    train_losses: Sequence[float | None], val_losses: Sequence[float | None]
) -> tuple[float | None, bool]:
    known = [(loss, epoch) for epoch, loss in enumerate(val_losses) if loss is not None]
    if not known or val_losses[-1] is None:
        return None, False
    smallest, best = min(known)
    rise = val_losses[-1] / smallest if smallest > 0 else None
    if len(train_losses) != len(val_losses):
        return rise, False
    then, last = train_losses[best], train_losses[-1]
    return rise, then is not None and last is not None and last < then


def _reason(train: float, validation: float, gap: float, rise: float | None) -> str:
    side = "below" if gap >= 0 else "above"
    text = (
        f"Training accuracy, measured afterwards, {100 * train:.2f} %; validation accuracy "
        f"{100 * validation:.2f} %, {abs(gap) * 100:.2f} points {side} it"
    )
    if rise is None:
        return text + "."
    return text + f"; the validation loss ended at {rise:.2f} times its smallest value."
