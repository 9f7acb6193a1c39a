"""How much memory a call takes at its worst."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
Result = TypeVar("Result")


def megabytes_more(work: Callable[[], Result]) -> tuple[float, Result]:
    """Returns by how much the process grows at most, and what the work returns (Linux)."""
    _CLEAR.write_text("5")  # the peak starts anew
    before = _kilobytes("VmRSS")
    result = work()
    return (_kilobytes("VmHWM") - before) / 1024, result


def _kilobytes(name: str) -> int:
    lines = _STATUS.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
