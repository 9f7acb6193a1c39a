"""Which of several stored runs answer best together, chosen on their validation images alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist_core.evaluation.ensembles import Method, Step, best_length, greedy_choice
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL, make_sheet
from fmnist_core.runs.arrays import POOL_SIZE, Predictions

MOST_STEPS = 12
_NAMED = 3  # runs left out that a sentence names before it counts them


@dataclass(frozen=True)
class Choice:
    """A greedy choice of members.

    Attributes:
        steps: in the order in which runs were taken; empty where there are not two to choose from.
        images: validation images on which it was made.
        seen: runs left out because their validation images are their test images.
        apart: runs left out because they share no validation image with the others.
        remarks: of the sheet on which it was made.
    """

    steps: tuple[Step, ...]
    images: int
    seen: tuple[str, ...]
    apart: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """The first runs, up to the highest validation accuracy."""
        return tuple(step.run_id for step in self.steps[: best_length(self.steps)])


def choose_members(runs: Sequence[tuple[str, Predictions, str]], method: Method) -> Choice:
    """Returns the greedy choice among the runs that can be compared on validation images.

    Args:
        runs: id, predictions and split protocol of each.
        method: how they answer together.

    Raises:
        RunError: a run comes twice, or two name one image's class differently.
    """
    seen = tuple(run_id for run_id, _, protocol in runs if protocol == TEST_SEEN_PROTOCOL)
    others = {run_id: predictions for run_id, predictions, _ in runs if run_id not in seen}
    together = _sharing(others)
    apart = tuple(run_id for run_id in others if run_id not in together)
    if len(together) < 2:
        return Choice((), 0, seen, () if len(others) < 2 else apart, ())
    sheet = make_sheet([run for run in runs if run[0] in together], "validation")
    steps = greedy_choice(sheet, method, MOST_STEPS)
    return Choice(steps, len(sheet.labels), seen, apart, sheet.remarks)


def _sharing(runs: Mapping[str, Predictions]) -> list[str]:
    """Returns runs that have validation images in common, leaving out as few as it can.

    One after the other goes the run without which the others share most; where that is none
    whichever goes, the one whose images the fewest others have, and the later of equal ones.
    """
    held = {
        run_id: np.bincount(predictions.validation_indices, minlength=POOL_SIZE) > 0
        for run_id, predictions in runs.items()
        if len(predictions.validation_indices)
    }
    while len(held) > 1 and not (_counted(held) == len(held)).any():
        del held[_stranger(held)]
    return list(held)


def _stranger(held: Mapping[str, NDArray[np.bool_]]) -> str:
    """Returns the run to leave out first, of runs that share no image."""
    count = _counted(held)
    shared = {name: int((count - row == len(held) - 1).sum()) for name, row in held.items()}
    most = [name for name in held if shared[name] == max(shared.values())]
    return min(reversed(most), key=lambda name: int(count[held[name]].sum()))


def _counted(held: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.int64]:
    count: NDArray[np.int64] = np.sum(list(held.values()), axis=0, dtype=np.int64)
    return count


def choice_sentence(choice: Choice, names: Mapping[str, str]) -> str:
    """Returns where the choice ends, or that there is none, and on how many images it was made."""
    if not choice.steps:
        return (
            "Nothing to choose from: a choice needs two runs that share validation images apart "
            "from their test images."
        )
    kept = len(choice.kept)
    first, last = choice.steps[0], choice.steps[kept - 1]
    start = f"{names[first.run_id]} ({100 * first.val_accuracy:.2f} %)"
    if kept == 1:
        return f"On {choice.images:,} validation images no second run helps {start}."
    return (
        f"On {choice.images:,} validation images the choice starts with {start} and is best with "
        f"{kept} of {len(choice.steps)} runs ({100 * last.val_accuracy:.2f} %)."
    )


def left_out_sentences(choice: Choice, names: Mapping[str, str]) -> list[str]:
    """Returns which runs the choice leaves out, a sentence for each reason."""
    reasons = (
        (choice.seen, "since their validation images are their test images"),
        (choice.apart, "since they share no validation image with the others"),
    )
    return [f"Left out of the choice, {why}: {_who(ids, names)}." for ids, why in reasons if ids]


def _who(run_ids: Sequence[str], names: Mapping[str, str]) -> str:
    if len(run_ids) > _NAMED:
        return f"{len(run_ids)} runs"
    return ", ".join(names[run_id] for run_id in run_ids)
