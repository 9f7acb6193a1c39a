"""The grammar's pieces: how one setting is read and written, and what makes a kind of layer."""

import difflib
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from fmnist_core.architectures.layers import Layer

if TYPE_CHECKING:
    from fmnist_core.architectures.graph import Graph, Tensor

MAX_INTEGER = 1_000_000
REQUIRED: Final = object()

ACTIVATIONS = (
    "elu",
    "gelu",
    "hard_sigmoid",
    "hard_silu",
    "leaky_relu",
    "linear",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
)
INITIALIZERS = (
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "zeros",
)


@dataclass(frozen=True)
class Reader:
    """Reads one word into a value and writes it back; `read` raises ValueError."""

    expects: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


@dataclass(frozen=True)
class Parameter:
    """A setting whose value is written as a word.

    Attributes:
        name: its key in `Layer.settings`.
        label: what it is, in a message: "a pool size".
        reader: reads and writes the value.
        keyword: the word before the value; empty for a value known by its position.
        default: the value when it is not written; `REQUIRED` when it must be.
        many: takes all remaining words as a tuple.
    """

    name: str
    label: str
    reader: Reader
    keyword: str = ""
    default: Any = REQUIRED
    many: bool = False


@dataclass(frozen=True)
class Choice:
    """A setting chosen by one bare word: the words and the values that they stand for."""

    name: str
    label: str
    words: Mapping[str, Any]
    default: Any


@dataclass(frozen=True)
class Kind:
    """A kind of layer: how it is written and what it becomes.

    Attributes:
        word: the first word of its line.
        example: a correct line, shown in messages.
        parameters: its settings in canonical order.
        expand: adds its Keras layers to the graph and returns the tensor that leaves it.
        body: whether lines nest below it: none, any layers, or only `branch` blocks.
        place: the kind it must stand in; "top" for the outermost level, empty for anywhere.
    """

    word: str
    example: str
    parameters: tuple[Parameter | Choice, ...]
    expand: Callable[["Graph", Layer, "Tensor"], "Tensor"]
    body: Literal["none", "layers", "branches"] = "none"
    place: str = ""


def integer(maximum: int = MAX_INTEGER, minimum: int = 1) -> Reader:
    """A whole number from `minimum` to `maximum`."""

    def read(word: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", word) or not minimum <= int(word) <= maximum:
            raise ValueError
        return int(word)

    return Reader(f"a whole number from {minimum} to {maximum:,}", read)


def size(*, square_as_one: bool = True) -> Reader:
    """Height x width: "3x3", or "3" for both; written back as one number when `square_as_one`."""

    def read(word: str) -> tuple[int, int]:
        match = re.fullmatch(r"([0-9]{1,12})(?:x([0-9]{1,12}))?", word)
        if match is None:
            raise ValueError
        height, width = int(match[1]), int(match[2] or match[1])
        if not (1 <= height <= MAX_INTEGER and 1 <= width <= MAX_INTEGER):
            raise ValueError
        return height, width

    def write(value: tuple[int, int]) -> str:
        height, width = value
        return str(height) if square_as_one and height == width else f"{height}x{width}"

    return Reader('a size such as "3x3", each side a whole number from 1 to 1,000,000', read, write)


def number(low: float, high: float, *, below_high: bool = False) -> Reader:
    """A decimal number from `low` to `high`; `below_high` leaves the upper end out."""
    expects = f"a number from {low:g} {'below' if below_high else 'to'} {high:g}"

    def read(word: str) -> float:
        if not re.fullmatch(r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", word):
            raise ValueError
        value = float(word)
        if not low <= value <= high or (below_high and value == high):
            raise ValueError
        return value

    return Reader(expects, read, repr)


def one_of(names: Iterable[str]) -> Reader:
    """One name of a fixed list."""
    known = tuple(names)

    def read(word: str) -> str:
        if word not in known:
            raise ValueError
        return word

    return Reader(f"one of {', '.join(known)}", read)


STRIDES = Parameter("strides", "strides", size(), "strides", default=(1, 1))
DILATION = Parameter("dilation", "a dilation", size(), "dilation", default=(1, 1))
PADDING = Choice("padding", "a padding", {"same": "same", "valid": "valid"}, default="valid")
ACTIVATION = Choice(
    "activation", "an activation", {name: name for name in ACTIVATIONS}, default="linear"
)
BIAS = Choice("use_bias", "no_bias", {"no_bias": False}, default=True)
KERNEL_SETTINGS = (
    Parameter("init", "an initializer", one_of(INITIALIZERS), "init", "glorot_uniform"),
    Parameter("l1", "an l1 penalty", number(0, 1e6), "l1", 0.0),
    Parameter("l2", "an l2 penalty", number(0, 1e6), "l2", 0.0),
)


class GrammarError(Exception):
    """A line that cannot be read; says what must hold."""


def read_settings(kind: Kind, words: Sequence[str]) -> dict[str, Any]:
    """The settings that the words after a layer's first word stand for, defaults included.

    Raises:
        GrammarError: a required value is missing, or a word is unknown, misplaced or doubled.
    """
    found: dict[str, Any] = {}
    rest = deque(words)
    keywords: dict[str, Parameter] = {}
    choices: dict[str, Choice] = {}
    for setting in kind.parameters:
        if isinstance(setting, Choice):
            choices |= dict.fromkeys(setting.words, setting)
        elif setting.keyword:
            keywords[setting.keyword] = setting
        else:
            found[setting.name] = _read_value(kind, setting, rest)
    while rest:
        word = rest.popleft()
        option = keywords.get(word) or choices.get(word)
        if option is None:
            raise GrammarError(_unknown_option(kind, word, [*keywords, *choices]))
        if option.name in found:
            raise GrammarError(f'takes {option.label} only once, but "{word}" is a second')
        if isinstance(option, Choice):
            found[option.name] = option.words[word]
        else:
            found[option.name] = _read_value(kind, option, rest)
    for setting in kind.parameters:
        if found.setdefault(setting.name, setting.default) is REQUIRED:
            raise GrammarError(f'needs {setting.label}, e.g. "{kind.example}"')
    return {setting.name: found[setting.name] for setting in kind.parameters}


def write_line(kind: Kind, layer: Layer) -> str:
    """The layer's line in canonical form: required values first, then what differs from default."""
    words = [kind.word]
    for setting in kind.parameters:
        value = layer.settings[setting.name]
        if value == setting.default:
            continue
        if isinstance(setting, Choice):
            words += [word for word, meaning in setting.words.items() if meaning == value]
            continue
        if setting.keyword:
            words.append(setting.keyword)
        words += [setting.reader.write(item) for item in (value if setting.many else (value,))]
    return " ".join(words)


def _read_value(kind: Kind, parameter: Parameter, rest: deque[str]) -> Any:
    if not rest:
        raise GrammarError(f'needs {parameter.label}, e.g. "{kind.example}"')
    taken = list(rest) if parameter.many else [rest.popleft()]
    if parameter.many:
        rest.clear()
    values = []
    for word in taken:
        try:
            values.append(parameter.reader.read(word))
        except ValueError:
            raise GrammarError(
                f'needs {parameter.label}, e.g. "{kind.example}"; "{word}" is not '
                f"{parameter.reader.expects}"
            ) from None
    return tuple(values) if parameter.many else values[0]


def _unknown_option(kind: Kind, word: str, known: Sequence[str]) -> str:
    if not known:
        return f'takes nothing more than "{kind.example}", but "{word}" follows'
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    offer = f'the nearest is "{near[0]}"' if near else f"its options are {', '.join(known)}"
    return f'does not know "{word}"; {offer}'
