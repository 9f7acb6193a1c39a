"""A run is calibrated on its validation images, and only where those are honest."""

import pytest

from fmnist_core.errors import RunError
from fmnist_core.evaluation.calibration import apply_temperature, expected_calibration_error
from fmnist_core.evaluation.metrics import log_loss
from fmnist_core.prediction.temperature import calibration
from fmnist_core.runs.read import read_predictions
from tests.shipped_runs import (
    RUNS,
    SHIPPED,
    WITH_MODEL,
    copy_runs,
    damage,
    needs_runs,
    run_of,
)

pytestmark = needs_runs

PROTOCOLS = {run.run_id: run.protocol for run in WITH_MODEL}


@pytest.mark.parametrize("run_id", RUNS)
def test_calibration_lowers_the_loss_on_validation_and_does_not_harm_the_test_images(run_id):
    known = calibration(SHIPPED, run_id)
    if PROTOCOLS[run_id] == "test-as-validation":
        assert known.temperature is None
        return
    stored = read_predictions(SHIPPED, run_id)
    assert known.images == len(stored.validation_labels)
    for part in ("validation", "test"):
        raw, labels = getattr(stored, f"{part}_probabilities"), getattr(stored, f"{part}_labels")
        softened = apply_temperature(raw, known.temperature)
        # Seen on test images, one fitted parameter may lose a last digit, and no more.
        allowed = 0 if part == "validation" else 1e-3
        assert log_loss(softened, labels) <= log_loss(raw, labels) + allowed
        assert expected_calibration_error(softened, labels) < 0.03


def test_a_run_that_validated_on_the_test_set_is_not_calibrated_and_says_why():
    known = calibration(SHIPPED, run_of("test-as-validation"))
    assert (known.temperature, known.images, known.error) == (None, 0, None)
    assert known.says.startswith("Not calibrated: its validation images are its test images")


def test_a_calibrated_run_says_its_numbers():
    known = calibration(SHIPPED, run_of("holdout-80-20"))
    assert f"temperature of {known.temperature:.2f}, fitted on 12,000 validation" in known.says
    assert f"from {100 * known.error:.1f} % to {100 * known.error_after:.1f} %" in known.says


def test_predictions_are_read_once_and_again_when_the_run_has_changed(tmp_path):
    run_id = run_of("holdout-80-20")
    root = copy_runs(tmp_path, run_id)
    first = calibration(root, run_id)
    assert calibration(root, run_id) is first
    kept = (root / run_id / "predictions.npz").read_bytes()
    damage(root, run_id, "predictions.npz")
    with pytest.raises(RunError, match=r"predictions\.npz is damaged"):
        calibration(root, run_id)
    (root / run_id / "predictions.npz").write_bytes(kept)
    assert calibration(root, run_id) == first


def test_damaged_predictions_are_refused(tmp_path):
    run_id = run_of("holdout-80-20")
    root = copy_runs(tmp_path, run_id)
    damage(root, run_id, "predictions.npz")
    with pytest.raises(RunError, match=r"predictions\.npz is damaged"):
        calibration(root, run_id)
