"""Strict reading of TOML tables into frozen dataclasses.

A key that is missing, unknown or of the wrong kind is an error that names its place, so that a slip
in a catalogue file is found when it is read and not on a page.
"""

import dataclasses
import functools
import tomllib
import types
import typing
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from fmnist_core.errors import FmnistError

Record = TypeVar("Record")


class CatalogueError(FmnistError):
    """A catalogue file that cannot be trusted: what is wrong, and where."""


def load_toml(path: Path) -> dict[str, Any]:
    """Parses one catalogue file; raises `CatalogueError` when it is no file of valid TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise CatalogueError(
            f"{path} must be a file that can be read. Received: {problem.strerror}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CatalogueError(f"{path.name} must be valid TOML. Received: {problem}.") from None


def read_record(kind: type[Record], table: dict[str, Any], where: str) -> Record:
    """Makes a `kind` from a TOML table; raises `CatalogueError` unless every key and value fits."""
    hints, required = _fields(typing.cast(typing.Hashable, kind))
    unknown = sorted(set(table) - set(hints))
    if unknown:
        raise CatalogueError(
            f"{where} must use the keys {', '.join(hints)}. Received: {', '.join(unknown)}."
        )
    missing = sorted(required - set(table))
    if missing:
        raise CatalogueError(
            f"{where} must have the keys {', '.join(missing)}. Received: {', '.join(table)}."
        )
    values = {key: _read(hints[key], value, f"{where}.{key}") for key, value in table.items()}
    return kind(**values)


@functools.cache
def _fields(kind: Any) -> tuple[dict[str, Any], set[str]]:
    required = {
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    return typing.get_type_hints(kind), required


def _read(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin is Literal:
        return _checked(value in arguments, value, where, " or ".join(repr(a) for a in arguments))
    if origin is types.UnionType:  # only "X | None"; TOML has no null, so the value is an X
        return _read(arguments[0], value, where)
    if origin is tuple:
        _checked(isinstance(value, list), value, where, "a list")
        return tuple(_read(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is dict:
        _checked(isinstance(value, dict), value, where, "a table")
        return {key: _read(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        _checked(isinstance(value, dict), value, where, "a table")
        return read_record(typing.cast(type[Any], kind), value, where)
    if kind is float:
        return float(_checked(type(value) in (int, float), value, where, "a number"))
    return _checked(type(value) is kind, value, where, _KIND_WORDS[kind])


def _checked(holds: bool, value: Any, where: str, wanted: str) -> Any:
    if not holds:
        raise CatalogueError(f"{where} must be {wanted}. Received: {value!r}.")
    return value


_KIND_WORDS = {str: "a text", int: "a whole number", bool: "true or false"}
