"""Each run's temperature: how much its probabilities must be softened to be believed."""

import functools
from dataclasses import dataclass
from pathlib import Path

from fmnist_core.evaluation.calibration import (
    apply_temperature,
    expected_calibration_error,
    fit_temperature,
)
from fmnist_core.evaluation.calibration_report import why_no_temperature
from fmnist_core.runs.index import Stamp, content_stamp
from fmnist_core.runs.read import read_predictions, read_run


@dataclass(frozen=True)
class Calibration:
    """How a run's probabilities are calibrated.

    Attributes:
        temperature: what their logarithms are divided by; `None` where nothing could be fitted.
        images: validation images it was fitted on.
        error: expected calibration error on those images before, 0 to 1; `None` as above.
        error_after: the same after. One parameter fitted on thousands of images does not flatter
            itself much.
        says: one sentence with the numbers, or with the reason why there are none.
    """

    temperature: float | None
    images: int
    error: float | None
    error_after: float | None
    says: str


def calibration(root: Path, run_id: str) -> Calibration:
    """Returns a run's calibration, fitted on its cached validation probabilities.

    Once per process, and anew where the run's files have changed.

    Raises:
        RunError: the run is damaged.
        UnknownNameError: there is no such run.
    """
    return _calibration(root, run_id, content_stamp(root, run_id))


@functools.lru_cache(maxsize=512)
def _calibration(root: Path, run_id: str, stamp: Stamp) -> Calibration:
    stored = read_predictions(root, run_id)
    if reason := why_no_temperature(stored, read_run(root, run_id).protocol):
        return _none(reason)
    probabilities, labels = stored.validation_probabilities, stored.validation_labels
    temperature = fit_temperature(probabilities, labels)
    error = expected_calibration_error(probabilities, labels)
    after = expected_calibration_error(apply_temperature(probabilities, temperature), labels)
    return Calibration(
        temperature,
        len(labels),
        error,
        after,
        f"Calibrated with a temperature of {temperature:.2f}, fitted on {len(labels):,} "
        f"validation images, where the expected calibration error goes from {100 * error:.1f} % to "
        f"{100 * after:.1f} %.",
    )


def _none(reason: str) -> Calibration:
    return Calibration(None, 0, None, None, reason)
