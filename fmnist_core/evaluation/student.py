"""Student's t distribution for any degrees of freedom, without the second that SciPy takes to load.

Both functions are held against SciPy's in the tests.
"""

import math

_STEPS = 200  # of the continued fraction; a few dozen suffice
_SMALL = 1e-300
# From here on the normal distribution is the same to 1e-7, and the beta function loses digits.
_NORMAL = 1e7


def student_p(t: float, degrees: float) -> float:
    """Returns the two-sided p-value of t.

    The regularised incomplete beta function of ν/2 and 1/2 at ν / (ν + t²): M. Abramowitz and I.
    Stegun, "Handbook of Mathematical Functions", 1964, 26.7.1 and 26.5.8.
    """
    if degrees > _NORMAL:
        return math.erfc(abs(t) / math.sqrt(2))
    square = t * t
    return _beta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square))


def student_quantile(degrees: float) -> float:
    """Returns the t that 95 % of the distribution do not exceed in size: 97.5 % lie below it."""
    low, high = 0.0, 1.0
    while student_p(high, degrees) > 0.05:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if student_p(middle, degrees) > 0.05 else (low, middle)
    return high


def _beta(a: float, b: float, x: float, rest: float) -> float:
    """The regularised incomplete beta function I_x(a, b); `rest` is 1 - x without its rounding."""
    if rest == 0:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest)
    )
    # The fraction converges fast on one side of the mean; the other follows by symmetry.
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(b, a, rest) / b
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction 26.5.8, by the method of W. J. Lentz (Applied Optics, 1976)."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d or _SMALL)
    value = d
    for m in range(1, _STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + term * d) or _SMALL)
            c = (1 + term / c) or _SMALL
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
