"""Activation functions in NumPy, equal to those of Keras 3 by the same names."""

import math
from collections.abc import Callable

import numpy as np

from fmnist_core.runs.arrays import Floats

Activation = Callable[[Floats], Floats]

# Keras' default slope of the activation "leaky_relu"; the layer LeakyReLU names its own.
_LEAKY_SLOPE = 0.2
# Klambauer et al. (2017)
_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def softmax(x: Floats, temperature: float = 1.0) -> Floats:
    """Returns exp(x / temperature), divided by its sum over the last axis."""
    scaled = x / temperature
    # The largest is taken off first: exp of a large logit would overflow.
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return _floats(powers / powers.sum(axis=-1, keepdims=True))


def leaky_relu(x: Floats, slope: float = _LEAKY_SLOPE) -> Floats:
    """Returns x where it is positive, else `slope` times x."""
    return _floats(np.where(x > 0, x, slope * x))


def _relu(x: Floats) -> Floats:
    return _floats(np.maximum(x, 0))


def _linear(x: Floats) -> Floats:
    return x


def _relu6(x: Floats) -> Floats:
    return _floats(np.clip(x, 0, 6))


def _elu(x: Floats) -> Floats:
    return _floats(np.where(x > 0, x, np.expm1(np.minimum(x, 0))))


def _selu(x: Floats) -> Floats:
    return _floats(_SELU_SCALE * np.where(x > 0, x, _SELU_ALPHA * np.expm1(np.minimum(x, 0))))


def _gelu(x: Floats) -> Floats:
    """Returns x times the normal distribution function: Keras' exact form, not the tanh one."""
    erf = np.vectorize(math.erf, otypes=[np.float32])
    return _floats(0.5 * x * (1 + erf(x / math.sqrt(2))))


def _sigmoid(x: Floats) -> Floats:
    return _floats(0.5 * (1 + np.tanh(0.5 * x)))


def _softplus(x: Floats) -> Floats:
    return _floats(np.logaddexp(0, x))


def _tanh(x: Floats) -> Floats:
    return _floats(np.tanh(x))


def _softsign(x: Floats) -> Floats:
    return _floats(x / (1 + np.abs(x)))


def _silu(x: Floats) -> Floats:
    return _floats(x * _sigmoid(x))


def _hard_sigmoid(x: Floats) -> Floats:
    return _floats(_relu6(_floats(x + 3)) / 6)


def _hard_silu(x: Floats) -> Floats:
    return _floats(x * _hard_sigmoid(x))


def _mish(x: Floats) -> Floats:
    return _floats(x * np.tanh(_softplus(x)))


def _floats(values: np.ndarray) -> Floats:
    return values.astype(np.float32, copy=False)


ACTIVATION_FUNCTIONS: dict[str, Activation] = {
    "elu": _elu,
    "gelu": _gelu,
    "hard_sigmoid": _hard_sigmoid,
    "hard_silu": _hard_silu,
    "leaky_relu": leaky_relu,
    "linear": _linear,
    "mish": _mish,
    "relu": _relu,
    "relu6": _relu6,
    "selu": _selu,
    "sigmoid": _sigmoid,
    "silu": _silu,
    "softmax": softmax,
    "softplus": _softplus,
    "softsign": _softsign,
    "swish": _silu,
    "tanh": _tanh,
}
