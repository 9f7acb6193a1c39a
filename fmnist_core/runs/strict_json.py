"""JSON without its loopholes: bounded, no NaN or Infinity, no key twice.

Python's reader accepts all three, and a duplicate key silently keeps the last value. A number too
large for a float (1e999) still reads as infinity: the ranges of the records refuse that.
"""

import json
from collections import Counter
from typing import Any, NoReturn

from fmnist_core.errors import RunError


def loads(data: bytes, what: str, *, most_bytes: int) -> Any:
    """Returns the value that `data` holds as UTF-8 JSON.

    Raises:
        RunError: the text is longer than `most_bytes`, is not JSON, or uses a loophole; the
            sentence begins with `what`.
    """
    if len(data) > most_bytes:
        raise RunError(f"{what} must hold at most {most_bytes:,} bytes. Received: {len(data):,}.")
    try:
        # The hooks keep the C scanner in charge: 30 us for a run.json.
        return json.loads(data, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise RunError(f"{what} must be strict JSON. Received: {error}.") from None


def dumps(value: Any) -> bytes:
    """Returns readable UTF-8 JSON with a final newline.

    Raises:
        RunError: a number is NaN or infinite, or a value is no JSON value.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
        return text.encode() + b"\n"
    except (TypeError, ValueError) as error:
        raise RunError(f"a record must hold finite numbers and text. Received: {error}.") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {twice[:80]!r} twice")
    return values


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant}, which is not a number")
