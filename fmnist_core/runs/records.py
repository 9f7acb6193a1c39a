"""Dataclasses as strict JSON objects: exactly the known keys, each in its range.

A field says its range in its annotation, `Annotated[float, Range(0, 1)]`, so that the schema is
written once and both directions use it.
"""

import dataclasses
import math
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from fmnist_core.errors import FmnistError, RunError

RecordType = TypeVar("RecordType")

# Checks one JSON value and returns what the record holds; raises _WrongError.
_Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Range:
    """The lowest and the highest number allowed, both included."""

    low: float
    high: float


@dataclass(frozen=True)
class Text:
    """The most characters, and the form when there is one; `lines` allows line breaks and tabs."""

    longest: int
    form: str = ""
    lines: bool = False


@dataclass(frozen=True)
class Count:
    """The fewest and the most entries of a list or an object."""

    fewest: int
    most: int


class _WrongError(Exception):
    """`key` grows to "recipe.seed" on the way out."""

    def __init__(self, must: str, received: object, key: str = "") -> None:
        super().__init__(must)
        self.must, self.received, self.key = must, received, key

    def within(self, key: str) -> "_WrongError":
        inner = self.key if self.key.startswith("[") or not self.key else f".{self.key}"
        return _WrongError(self.must, self.received, key + inner)


def from_json(kind: type[RecordType], value: Any, what: str) -> RecordType:
    """Returns the record that a decoded JSON value states.

    Raises:
        RunError: a key is unknown or missing, or a value is out of its range; the sentence begins
            with `what`, unless that is empty, and names the key.
    """
    try:
        return typing.cast(RecordType, _reader(typing.cast(Any, kind))(value))
    except _WrongError as wrong:
        # What must hold may repeat a word or the keys of the file, of any length.
        must, shown = _cut(wrong.must, 400), _cut(repr(wrong.received), 80)
        where = ": ".join(filter(None, (what, wrong.key)))
        raise RunError(f"{where} must {must}. Received: {shown}.") from None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def to_json(record: Any, what: str | None = None) -> dict[str, Any]:
    """Returns the record as JSON values; nested records become objects, tuples lists.

    Raises:
        RunError: the record could not be read back; the sentence is that of `from_json`, and
            begins with the record's kind where no `what` is given.
    """
    values = _plain(record)
    from_json(type(record), values, type(record).__name__.lower() if what is None else what)
    return typing.cast(dict[str, Any], values)


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _reader(annotation: Any) -> _Reader:
    """Returns the check for an annotation; built once, since an index reads thousands of runs."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _bounded(arguments[0], arguments[1])
    if origin in (types.UnionType, typing.Union):
        inner = _reader(next(item for item in arguments if item is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is Literal:
        return _choice(arguments)
    if hasattr(annotation, "from_dict"):
        return _foreign(annotation)
    if dataclasses.is_dataclass(annotation):
        return _record(typing.cast(type, annotation))
    raise TypeError(f"no check for {annotation}")


def _bounded(kind: Any, bound: Any) -> _Reader:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is float:
        return _number(bound)
    if kind is int:
        return _integer(bound)
    if kind is str:
        return _text(bound)
    if origin is tuple:
        return _list(_reader(arguments[0]), bound)
    if origin is dict:
        return _mapping(_reader(arguments[1]), bound)
    raise TypeError(f"no check for {kind} with {bound}")


def _number(bound: Range) -> _Reader:
    low, high = bound.low, bound.high

    def read(value: Any) -> float:
        # bool is an int in Python; a comparison with NaN is false, so NaN fails it.
        if type(value) not in (int, float) or not low <= value <= high:
            raise _WrongError(f"be a number from {low:g} to {high:g}", value)
        return float(value)

    return read


def _integer(bound: Range) -> _Reader:
    low, high = bound.low, bound.high

    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            highest = "" if math.isinf(high) else f" to {high:,.0f}"
            raise _WrongError(f"be a whole number from {low:,.0f}{highest}", value)
        return value

    return read


def _text(bound: Text) -> _Reader:
    fits = re.compile(bound.form).fullmatch if bound.form else None

    def read(value: Any) -> str:
        if type(value) is not str or len(value) > bound.longest:
            raise _WrongError(f"be text of at most {bound.longest} characters", value)
        # A control character or a lone surrogate would travel into terminals, logs and file names.
        seen = value.replace("\n", "").replace("\t", "") if bound.lines else value
        if not seen.isprintable() and not seen.replace("\N{NO-BREAK SPACE}", "").isprintable():
            raise _WrongError("be printable text", value)
        if fits and not fits(value):
            raise _WrongError(f"match {bound.form}", value)
        return value

    return read


def _choice(words: tuple[Any, ...]) -> _Reader:
    def read(value: Any) -> Any:
        # `1 == True` in Python, so the type counts as well.
        for word in words:
            if value == word and type(value) is type(word):
                return word
        raise _WrongError(f"be one of {', '.join(map(str, words))}", value)

    return read


def _list(read_item: _Reader, count: Count) -> _Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or not count.fewest <= len(value) <= count.most:
            raise _WrongError(f"be a list of {count.fewest} to {count.most} entries", value)
        items = []
        for position, item in enumerate(value):
            try:
                items.append(read_item(item))
            except _WrongError as wrong:
                raise wrong.within(f"[{position}]") from None
        return tuple(items)

    return read


def _mapping(read_item: _Reader, count: Count) -> _Reader:
    read_key = _text(Text(60))

    def read(value: Any) -> dict[str, Any]:
        if type(value) is not dict or not count.fewest <= len(value) <= count.most:
            raise _WrongError(f"be an object of {count.fewest} to {count.most} entries", value)
        items = {}
        for key, item in value.items():
            try:
                items[read_key(key)] = read_item(item)
            except _WrongError as wrong:
                # The key may be what is wrong: too long, or not to be printed.
                shown = key[:60]
                raise wrong.within(shown if shown.isprintable() else ascii(shown)) from None
        return items

    return read


def _foreign(kind: Any) -> _Reader:
    """A record that checks itself (the recipe): what it makes of the value must be the value."""
    names = {field.name for field in dataclasses.fields(kind)}

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise _WrongError("be an object", value)
        try:
            made = kind.from_dict(value)
        except FmnistError as error:
            raise _WrongError(f"be a valid {kind.__name__.lower()} ({error})", value) from None
        if missing := sorted(names - value.keys()):
            # from_dict has a default for it, which may be another one day.
            raise _WrongError(f"have exactly its keys (missing: {missing})", "{...}")
        for key, item in value.items():
            # from_dict also reads words ("20" as 20); a file holds the number itself.
            kept = type(getattr(made, key))
            if type(item) is not kept and (type(item), kept) != (int, float):
                raise _WrongError(f"be a {kept.__name__}", item, key)
        return made

    return read


def _record(kind: type) -> _Reader:
    hints = typing.get_type_hints(kind, include_extras=True)
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}
    names = set(readers)

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise _WrongError("be an object", value)
        if value.keys() != names:
            missing, unknown = sorted(names - value.keys()), sorted(value.keys() - names)
            raise _WrongError(
                f"have exactly its keys (missing: {missing}, unknown: {unknown})", "{...}"
            )
        items = {}
        for key, reader in readers.items():
            try:
                items[key] = reader(value[key])
            except _WrongError as wrong:
                raise wrong.within(key) from None
        return kind(**items)

    return read
