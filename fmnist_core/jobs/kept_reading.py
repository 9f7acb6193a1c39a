"""What was read from files, kept until one of them changes: a look that finds nothing new is stats.

Every open tab looks every few seconds, and nearly always finds what it found before.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import TypeVar, cast

Value = TypeVar("Value")
_Stamp = tuple[int, int, int] | None

# The coarsest clock of a file system: within it, a second change could leave the same stamp.
_SETTLED_SECONDS = 2.0
_MOST_KEPT = 64

_kept: dict[Hashable, tuple[tuple[_Stamp, ...], object]] = {}


def while_unchanged(key: Hashable, paths: Sequence[Path], read: Callable[[], Value]) -> Value:
    """Returns what `read` returned for this key, as long as none of the files has changed since.

    Args:
        paths: all that the value comes from; a file may be missing.
    """
    stamps = tuple(map(_stamp, paths))  # before the reading: a change meanwhile is seen next time
    known = _kept.get(key)  # once: another thread may clear them at any moment
    if known and known[0] == stamps:
        return cast(Value, known[1])
    value = read()
    newest = max((stamp[0] for stamp in stamps if stamp), default=0)
    if time.time() - newest / 1e9 > _SETTLED_SECONDS:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = (stamps, value)
    return value


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
