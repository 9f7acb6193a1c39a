"""What several networks say of the same images, each alone and all together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist_core.errors import FmnistError, RunError
from fmnist_core.evaluation.calibration import apply_temperature
from fmnist_core.prediction.models import ModelShelf
from fmnist_core.prediction.temperature import Calibration, calibration
from fmnist_core.runs.arrays import CLASSES, Floats
from fmnist_core.runs.tails import as_stored

TOP = 3

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Ranked:
    """A class and its probability."""

    label: int
    probability: float


@dataclass(frozen=True)
class Verdict:
    """What one network, or the ensemble, says of one image.

    Attributes:
        run_id: empty for the ensemble.
        label: the class, 0 to 9.
        probability: of that class, calibrated where the run is.
        raw_probability: of that class, as the network gives it; the mean for the ensemble.
        probabilities: of all ten classes; they add up to 1, and the label's is the largest.
        raw_probabilities: as the network gives them; capsule lengths need not add up to 1.
        top: the three most probable classes, most probable first.
    """

    run_id: str
    label: int
    probability: float
    raw_probability: float
    probabilities: tuple[float, ...]
    raw_probabilities: tuple[float, ...]
    top: tuple[Ranked, ...]


@dataclass(frozen=True)
class ImageAnswer:
    """What all networks say of one image.

    Attributes:
        verdicts: one a run, in the order of the runs.
        majority: the class that most networks say; of equally many, the ensemble's favourite.
        agreeing: how many networks say it.
        ensemble: the mean of all calibrated probabilities.
    """

    verdicts: tuple[Verdict, ...]
    majority: int
    agreeing: int
    ensemble: Verdict

    @property
    def unanimous(self) -> bool:
        """Whether every network says the same."""
        return self.agreeing == len(self.verdicts)

    @property
    def divided(self) -> bool:
        """Whether several networks answer, and no class is said by more than half of them."""
        return len(self.verdicts) > 1 and 2 * self.agreeing <= len(self.verdicts)


@dataclass(frozen=True)
class LeftOut:
    """A chosen run that did not answer, and why."""

    run_id: str
    reason: str


@dataclass(frozen=True, eq=False)
class Answers:
    """What r networks say of n images.

    Attributes:
        run_ids: those that answered, in the order asked.
        calibrations: one each.
        raw: (r, n, 10) float32, as `predictions.npz` would hold them.
        calibrated: (r, n, 10) float64, each row adding up to 1. Runs that could not be calibrated
            are only scaled to that.
        left_out: the chosen runs that could not answer.
    """

    run_ids: tuple[str, ...]
    calibrations: tuple[Calibration, ...]
    raw: Floats
    calibrated: NDArray[np.float64]
    left_out: tuple[LeftOut, ...]

    @property
    def labels(self) -> Labels:
        """(r, n): what each network says; of equal probabilities the first class counts."""
        labels: Labels = self.raw.argmax(axis=2)
        return labels

    def image(self, index: int) -> ImageAnswer:
        """Returns everything about one of the images."""
        raw, calibrated = self.raw[:, index], self.calibrated[:, index]
        verdicts = tuple(map(_verdict, self.run_ids, raw, calibrated))
        mean = calibrated.mean(axis=0)
        votes = np.bincount([verdict.label for verdict in verdicts], minlength=CLASSES)
        majority = int(np.where(votes == votes.max(), mean, -1.0).argmax())
        return ImageAnswer(
            verdicts, majority, int(votes[majority]), _verdict("", raw.mean(axis=0), mean)
        )


def answer(images: NDArray[np.uint8], run_ids: Sequence[str], shelf: ModelShelf) -> Answers:
    """Returns what these runs say of at least one image, uint8 (n, 28, 28), light on dark.

    Probabilities are rounded as `predictions.npz` rounds them, so that a test image that is
    uploaded gets the label it has on every other page, near ties included, and a temperature that
    was fitted on such probabilities is applied to such.

    Raises:
        RunError: no run was chosen, or none of the chosen could answer.
    """
    said: dict[str, tuple[Calibration, Floats]] = {}
    left_out = []
    for run_id in dict.fromkeys(run_ids):
        try:
            probabilities = shelf.probabilities(run_id, images)
            said[run_id] = calibration(shelf.root, run_id), as_stored(probabilities)
        except FmnistError as error:
            left_out.append(LeftOut(run_id, str(error)))
    if not said:
        reasons = " ".join(f"{run.run_id}: {run.reason}" for run in left_out)
        raise RunError(f"at least one run must answer. Received: {reasons or 'no run.'}")
    calibrations = tuple(known for known, _ in said.values())
    raw = np.stack([rows for _, rows in said.values()])
    calibrated = [calibrate(rows, known) for rows, known in zip(raw, calibrations, strict=True)]
    return Answers(tuple(said), calibrations, raw, np.stack(calibrated), tuple(left_out))


def calibrate(raw: Floats, known: Calibration) -> NDArray[np.float64]:
    """Returns (n, 10) probabilities that add up to 1, softened where the run is calibrated."""
    return apply_temperature(raw, 1.0 if known.temperature is None else known.temperature)


def _verdict(run_id: str, raw: Floats, calibrated: NDArray[np.float64]) -> Verdict:
    # Stable, so that of equal probabilities the first class counts here as in `numpy.argmax`.
    order = np.argsort(-calibrated, kind="stable")
    label = int(order[0])
    return Verdict(
        run_id=run_id,
        label=label,
        probability=float(calibrated[label]),
        raw_probability=float(raw[label]),
        probabilities=tuple(calibrated.tolist()),
        raw_probabilities=tuple(raw.tolist()),
        top=tuple(Ranked(int(k), float(calibrated[k])) for k in order[:TOP]),
    )
