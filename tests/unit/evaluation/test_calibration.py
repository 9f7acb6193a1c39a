"""Calibration, held against values worked out by hand, and against SciPy's minimiser."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from fmnist_core.evaluation.calibration import (
    HIGHEST_TEMPERATURE,
    LOWEST_TEMPERATURE,
    apply_temperature,
    brier_score,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
)
from fmnist_core.evaluation.metrics import log_loss

# Four images of two classes; all but the second are right.
PROBABILITIES = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.45, 0.55]])
LABELS = np.array([0, 1, 1, 1])


def _overconfident(count: int = 4_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels drawn from probabilities whose logarithms are then multiplied by 2."""
    generator = np.random.default_rng(seed)
    true = generator.dirichlet(np.full(10, 0.3), count)
    labels = (true.cumsum(axis=1) > generator.random((count, 1))).argmax(axis=1)
    return apply_temperature(true, 0.5), labels


def test_the_brier_score_is_the_squared_distance_over_all_classes():
    # 2 * (0.1^2 + 0.8^2 + 0.3^2 + 0.45^2) / 4
    assert brier_score(PROBABILITIES, LABELS) == pytest.approx(2 * 0.9425 / 4, abs=1e-6)
    assert brier_score([[1, 0], [0, 1]], [0, 1]) == pytest.approx(0, abs=1e-6)
    assert brier_score([[1, 0], [0, 1]], [1, 0]) == pytest.approx(2, abs=1e-6)


def test_bins_of_equal_width_hold_the_images_of_their_confidence():
    bins = reliability_bins(PROBABILITIES, LABELS, 5)
    assert [row.images for row in bins] == [0, 0, 1, 2, 1]
    assert bins[0].confidence is bins[0].accuracy is None
    assert (bins[3].low, bins[3].high) == pytest.approx((0.6, 0.8))
    # 0.8 belongs to the bin that ends there, beside 0.7: one of the two is right.
    assert bins[3].confidence == pytest.approx(0.75, abs=1e-6)
    assert bins[3].accuracy == 0.5


def test_adaptive_bins_hold_equally_many_images():
    bins = reliability_bins(PROBABILITIES, LABELS, 2, adaptive=True)
    assert [(row.images, row.accuracy) for row in bins] == [(2, 1.0), (2, 0.5)]
    assert [row.confidence for row in bins] == pytest.approx([0.625, 0.85], abs=1e-6)
    assert [(row.low, row.high) for row in bins] == [
        pytest.approx((0.55, 0.7), abs=1e-6),
        pytest.approx((0.8, 0.9), abs=1e-6),
    ]
    assert len(reliability_bins(PROBABILITIES, LABELS, 15, adaptive=True)) == 4


def test_the_calibration_error_weighs_each_bin_by_its_images():
    # Equal width: |1 - 0.55| / 4 + 2 |0.5 - 0.75| / 4 + |1 - 0.9| / 4
    assert expected_calibration_error(PROBABILITIES, LABELS, 5) == pytest.approx(
        (0.45 + 0.5 + 0.1) / 4, abs=1e-6
    )
    # Adaptive: (|1 - 0.625| + |0.5 - 0.85|) / 2
    assert expected_calibration_error(PROBABILITIES, LABELS, 2, adaptive=True) == pytest.approx(
        (0.375 + 0.35) / 2, abs=1e-6
    )


def test_a_sure_and_right_network_has_no_calibration_error():
    assert expected_calibration_error(np.eye(10), range(10)) == pytest.approx(0, abs=1e-6)


def test_a_temperature_divides_the_logarithms():
    # Square roots of 0.9 and 0.1 stand 3 to 1; of 0.8 and 0.2, 2 to 1.
    softened = apply_temperature(PROBABILITIES[:2], 2.0)
    assert softened == pytest.approx(np.array([[3 / 4, 1 / 4], [2 / 3, 1 / 3]]))
    assert apply_temperature(PROBABILITIES, 1.0) == pytest.approx(PROBABILITIES, abs=1e-6)
    assert apply_temperature([[0.4, 0.4]], 1.0) == pytest.approx(np.array([[0.5, 0.5]]))


def test_the_temperature_of_an_image_right_three_times_in_four_makes_it_say_so():
    # 0.9 must become 0.75, so 9^(1/T) must be 3.
    probabilities = np.repeat([[0.9, 0.1]], 4, axis=0)
    assert fit_temperature(probabilities, [0, 0, 0, 1]) == pytest.approx(2.0, rel=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_the_fitted_temperature_is_the_one_scipy_finds(seed):
    probabilities, labels = _overconfident(seed=seed)
    stored = probabilities.astype(np.float16)
    assert (stored == 0).any()
    bounds = (np.log(LOWEST_TEMPERATURE), np.log(HIGHEST_TEMPERATURE))
    expected = minimize_scalar(
        lambda log: log_loss(apply_temperature(stored, np.exp(log)), labels),
        bounds=bounds,
        method="bounded",
        options={"xatol": 1e-8},
    )
    found = fit_temperature(stored, labels)
    assert np.log(found) == pytest.approx(expected.x, abs=1e-4)
    assert found == pytest.approx(2, abs=0.15)
    softened = apply_temperature(stored, found)
    assert expected_calibration_error(softened, labels) < 0.02
    assert expected_calibration_error(stored, labels) > 0.1


def test_calibration_changes_no_answer_and_rows_add_up_to_1():
    probabilities, _ = _overconfident()
    for temperature in (LOWEST_TEMPERATURE, 0.7, 3.0, HIGHEST_TEMPERATURE):
        softened = apply_temperature(probabilities, temperature)
        assert np.array_equal(softened.argmax(axis=1), probabilities.argmax(axis=1))
        assert softened.sum(axis=1) == pytest.approx(1)


def test_fitting_ends_at_the_limits_where_there_is_no_minimum():
    right = np.full((10, 10), 0.01) + 0.9 * np.eye(10)
    assert fit_temperature(right, range(10)) == pytest.approx(LOWEST_TEMPERATURE)
    assert fit_temperature(right, np.roll(range(10), 1)) == pytest.approx(HIGHEST_TEMPERATURE)


def test_a_network_that_knows_nothing_and_no_images_at_all_keep_a_temperature_of_1():
    assert fit_temperature(np.full((5, 10), 0.1), range(5)) == 1.0
    nothing = np.zeros((0, 10))
    assert fit_temperature(nothing, []) == 1.0
    assert brier_score(nothing, []) == expected_calibration_error(nothing, []) == 0
    assert expected_calibration_error(nothing, [], adaptive=True) == 0
