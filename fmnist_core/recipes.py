"""The training recipe: everything that decides what a training run does, as plain data."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_args

from fmnist_core.errors import RecipeError, UnknownNameError

Schedule = Literal["constant", "cosine", "one_cycle", "step", "plateau"]
Precision = Literal["float32", "mixed_bfloat16"]
Keep = Literal["last", "best"]

OPTIMIZERS = (
    "sgd",
    "momentum",
    "nesterov",
    "adam",
    "adamw",
    "rmsprop",
    "adagrad",
    "adadelta",
    "adamax",
    "nadam",
    "lion",
)
PROTOCOL_NAMES = ("holdout-80-20", "pooled-60-20-20", "test-as-validation")

# What each augmentation does with its number; a word without "=" takes the default.
AUGMENTATIONS: dict[str, tuple[float, float, str]] = {
    "rotation": (10.0, 180.0, "degrees, drawn evenly from -x to +x"),
    "shift": (0.1, 0.5, "fraction of the side, both directions"),
    "zoom": (0.1, 0.9, "scale drawn from 1-x to 1+x, each axis"),
    "flip": (0.5, 1.0, "probability of a left-right flip"),
    "erasing": (0.5, 1.0, "probability of one erased rectangle (random erasing)"),
    "mixup": (0.2, 10.0, "alpha of the Beta distribution"),
}


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. Raises `RecipeError` when a value cannot be followed.

    Attributes:
        learning_rate: the peak of the schedule.
        augmentation: words such as ``"rotation=10 shift=0.1 zoom=0.1 flip"``; empty for none.
        early_stopping: epochs without a better validation accuracy before stopping; 0 never stops.
        keep: which epoch's weights become the run: the last, or the best on validation.
        train_fraction: share of the training images used, stratified and nested.
        limit: at most so many training images; 0 for all.
        pixel_mean: subtracted from pixel/255 before the network sees it; `pixel_std` divides.
        threads: processor threads; part of the recipe because sums depend on it in the last bits.
    """

    optimizer: str = "adam"
    learning_rate: float = 1e-3
    schedule: Schedule = "constant"
    batch_size: int = 128
    epochs: int = 20
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    augmentation: str = ""
    early_stopping: int = 0
    keep: Keep = "last"
    protocol: str = "holdout-80-20"
    train_fraction: float = 1.0
    limit: int = 0
    precision: Precision = "float32"
    pixel_mean: float = 0.0
    pixel_std: float = 1.0
    seed: int = 0
    threads: int = 2
    fused_batchnorm: bool = True

    def __post_init__(self) -> None:
        _one_of("optimizer", self.optimizer, OPTIMIZERS)
        _one_of("schedule", self.schedule, get_args(Schedule))
        _one_of("precision", self.precision, get_args(Precision))
        _one_of("keep", self.keep, get_args(Keep))
        _one_of("protocol", self.protocol, PROTOCOL_NAMES)
        _between("learning_rate", self.learning_rate, 0, 100, open_low=True)
        _between("batch_size", self.batch_size, 1, 70_000)
        _between("epochs", self.epochs, 1, 10_000)
        _between("weight_decay", self.weight_decay, 0, 1)
        _between("label_smoothing", self.label_smoothing, 0, 0.99)
        _between("early_stopping", self.early_stopping, 0, 10_000)
        _between("train_fraction", self.train_fraction, 0, 1, open_low=True)
        _between("limit", self.limit, 0, 70_000)
        _between("pixel_mean", self.pixel_mean, 0, 1)
        _between("pixel_std", self.pixel_std, 0, 10, open_low=True)
        _between("seed", self.seed, 0, 2**31 - 1)
        _between("threads", self.threads, 1, 256)
        parse_augmentation(self.augmentation)

    def to_dict(self) -> dict[str, Any]:
        """Every field, as JSON values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Recipe":
        """Reads values as JSON, TOML or `KEY=VALUE` words give them; unknown keys are refused."""
        fields = {field.name: field for field in dataclasses.fields(cls)}
        converted = {}
        for key, value in values.items():
            if key not in fields:
                raise UnknownNameError("recipe key", key, fields)
            converted[key] = _convert(key, value, type(fields[key].default))
        return cls(**converted)


def parse_augmentation(text: str) -> dict[str, float]:
    """Reads ``"rotation=10 shift=0.1 flip"`` as ``{"rotation": 10, "shift": 0.1, "flip": 0.5}``."""
    chosen: dict[str, float] = {}
    for word in text.replace(",", " ").split():
        name, _, number = word.partition("=")
        if name not in AUGMENTATIONS:
            raise UnknownNameError("augmentation", name, AUGMENTATIONS)
        if name in chosen:
            raise RecipeError(f"augmentation must name {name} once. Received: {text!r}.")
        default, highest, meaning = AUGMENTATIONS[name]
        value = _convert(name, number, float) if number else default
        if not 0 < value <= highest:
            raise RecipeError(
                f"augmentation {name} must lie above 0 and at most {highest:g} ({meaning}). "
                f"Received: {word!r}."
            )
        chosen[name] = value
    return chosen


def _one_of(key: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise UnknownNameError(key, str(value), allowed)


def _between(key: str, value: float, low: float, high: float, *, open_low: bool = False) -> None:
    # A NaN fails every comparison.
    inside = value <= high and (value > low if open_low else value >= low)
    if not inside:
        bounds = f"above {low:g}" if open_low else f"at least {low:g}"
        raise RecipeError(f"{key} must be {bounds} and at most {high:.10g}. Received: {value}.")


def _convert(key: str, value: Any, kind: type) -> Any:
    try:
        if kind is bool:
            return {"true": True, "false": False}[str(value).lower()]
        # True is 1 to Python, and int() cuts 2.5 down to 2.
        cut = kind is int and isinstance(value, float) and not value.is_integer()
        if cut or (kind is not str and isinstance(value, bool)):
            raise ValueError
        return kind(value)
    except (KeyError, OverflowError, TypeError, ValueError):
        raise RecipeError(f"{key} must be {_KIND_WORDS[kind]}. Received: {value!r}.") from None


_KIND_WORDS = {int: "a whole number", float: "a number", str: "a word", bool: "true or false"}
