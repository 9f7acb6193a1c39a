"""Probabilities too small for float16, kept in a byte each.

A network that is sure of itself gives most classes less than float16's smallest step, 6e-8. Stored
as 0 they would make every such image equally sure, and a mistake among them cost 17 nats, whether
the network gave the truth one chance in a hundred million or in 1e30. The byte keeps the logarithm,
to a quarter.
"""

import numpy as np
from numpy.typing import NDArray

# Above this, float16's own steps are finer than the byte's.
BELOW = 2.0**-22
_STEP = 0.5
# It stands for 1.6e-38: what a float32 softmax gives less than that is 0 in it.
LOWEST = 144
_VALUES = (BELOW * np.exp(-_STEP * (np.arange(LOWEST + 1) - 0.5))).astype(np.float32)

Floats = NDArray[np.float32]
Tails = NDArray[np.uint8]


def tails_of(probabilities: Floats) -> Tails:
    """Returns 0 where a probability is float16's business, else 1 to `LOWEST`: how far below."""
    with np.errstate(divide="ignore"):  # of 0 the logarithm is minus infinity: the lowest byte
        steps = np.log(BELOW / np.asarray(probabilities, np.float64)) / _STEP
    below = probabilities < BELOW
    return np.where(below, 1 + np.minimum(np.floor(steps), LOWEST - 1), 0).astype(np.uint8)


def split(probabilities: Floats) -> tuple[NDArray[np.float16], Tails]:
    """Returns what is stored: float16, 0 where a byte says more, and the bytes of `tails_of`."""
    tails = tails_of(probabilities)
    return np.where(tails > 0, 0, probabilities).astype(np.float16), tails


def with_tails(stored: NDArray[np.floating], tails: Tails) -> Floats:
    """Returns the probabilities, those with a byte as it says; all are above 0 then."""
    return np.where(tails > 0, _VALUES[tails], stored.astype(np.float32))


def as_stored(probabilities: Floats) -> Floats:
    """Returns what a reader of `predictions.npz` gets of these; what was read stays as it is."""
    return with_tails(*split(probabilities))
