"""Confidence intervals of accuracies and of their paired differences."""

import math
from statistics import NormalDist


def wilson_interval(successes: int, count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Returns the score interval of a proportion, both ends within [0, 1]; (0, 1) without trials.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22,
    1927. It keeps its coverage near 0 and 1, where the usual plus-minus interval does not. Newcombe
    (Statistics in Medicine 17:857-872, 1998, Table I) prints 81/263 as 0.2553 to 0.3662.
    """
    if count == 0:
        return 0.0, 1.0
    z = _quantile(confidence)
    share = successes / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    # At 0 and n the interval ends at 0 and 1; rounding must not push the estimate out of it.
    return max(0.0, min((middle - spread) / scale, share)), min(
        1.0, max((middle + spread) / scale, share)
    )


def newcombe_paired_interval(
    both: int, a_only: int, b_only: int, neither: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Returns the interval of accuracy(a) - accuracy(b) on the same images; (-1, 1) without images.

    R. G. Newcombe, "Improved confidence intervals for the difference between binomial proportions
    based on paired data", Statistics in Medicine 17:2635-2650, 1998, method 10: the square-and-add
    combination of two Wilson intervals with a continuity-corrected correlation of the outcomes.

    Args:
        both: images both networks get right.
        a_only: images only a gets right.
        b_only: images only b gets right.
        neither: images both get wrong.
    """
    count = both + a_only + b_only + neither
    if count == 0:
        return -1.0, 1.0
    a_right, b_right = both + a_only, both + b_only
    share_a, share_b = a_right / count, b_right / count
    low_a, high_a = wilson_interval(a_right, count, confidence)
    low_b, high_b = wilson_interval(b_right, count, confidence)
    correlation = _phi(both, a_only, b_only, neither)
    difference = (a_only - b_only) / count

    def spread(of_a: float, of_b: float) -> float:
        return math.sqrt(max(0.0, of_a**2 - 2 * correlation * of_a * of_b + of_b**2))

    low = difference - spread(share_a - low_a, high_b - share_b)
    high = difference + spread(high_a - share_a, share_b - low_b)
    return max(-1.0, low), min(1.0, high)


def _phi(both: int, a_only: int, b_only: int, neither: int) -> float:
    """The correlation of the two outcomes; half the count is taken off a positive one."""
    margins = (both + a_only) * (b_only + neither) * (both + b_only) * (a_only + neither)
    if margins == 0:
        return 0.0
    cross, count = both * neither - a_only * b_only, both + a_only + b_only + neither
    corrected = max(cross - count / 2, 0.0) if cross > 0 else float(cross)
    return corrected / math.sqrt(margins)


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


Z95 = _quantile(0.95)
