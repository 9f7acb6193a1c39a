"""Student's t against SciPy's."""

import math

import pytest
from scipy.special import stdtr, stdtrit

from fmnist_core.evaluation.student import student_p, student_quantile

DEGREES = [1, 2, 2.5, 3, 4.7, 10, 33.3, 100, 1_000, 12_345.6, 1e6]


@pytest.mark.parametrize("degrees", DEGREES)
def test_p_values_and_quantiles_are_scipys(degrees):
    for t in (0.0, 1e-6, 0.1, 0.5, 1.0, 1.96, 2.5, 4.0, 12.7, 60.0):
        assert student_p(t, degrees) == pytest.approx(2 * stdtr(degrees, -t), rel=1e-8, abs=1e-300)
        assert student_p(-t, degrees) == student_p(t, degrees)
    assert student_quantile(degrees) == pytest.approx(stdtrit(degrees, 0.975), rel=1e-9)


def test_with_all_degrees_it_is_the_normal_distribution():
    assert student_p(1.959964, math.inf) == pytest.approx(0.05, abs=1e-7)
    assert student_quantile(math.inf) == pytest.approx(1.959964, abs=1e-6)
    for degrees in (1e8, 1e12, 1e17, 1e300):
        assert student_p(1.959964, degrees) == pytest.approx(0.05, abs=1e-7)
        assert student_quantile(degrees) == pytest.approx(1.959964, abs=1e-6)
    assert student_quantile(2) == pytest.approx(4.302653, abs=1e-6)  # of any table
