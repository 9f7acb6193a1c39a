"""How a training service and its clients learn of each other: two small files."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from fmnist_core.jobs.kept_reading import while_unchanged
from fmnist_core.jobs.process import ProcessIdentity
from fmnist_core.jobs.queue_file import JOBS
from fmnist_core.runs.disk import read_bounded

_STATUS, _WANTED = "service.json", "wanted"
_MOST_BYTES = 4096


@dataclass(frozen=True)
class Announcement:
    """What a service says of itself; `ready` once TensorFlow is loaded."""

    pid: int
    born: float
    ready: bool


def read_announcement(root: Path) -> Announcement | None:
    """What the living service of a runs folder says of itself; None without one."""
    path = root / JOBS / _STATUS
    with suppress(Exception):  # whatever is wrong with that file, a service writes a new one
        said = while_unchanged(path, (path,), lambda: _parse(path))
        if ProcessIdentity(said.pid, said.born).is_alive():
            return said
    return None


def _parse(path: Path) -> Announcement:
    return Announcement(**json.loads(read_bounded(path, _MOST_BYTES)))


def announce(root: Path, said: Announcement) -> None:
    """Replaces what the service says of itself."""
    path = root / JOBS / _STATUS
    temporary = path.with_suffix(".new")
    with suppress(OSError):  # a full disk: apps take the service for asleep and start another
        temporary.write_text(json.dumps(asdict(said)), encoding="utf-8")
        temporary.replace(path)


def withdraw(root: Path) -> None:
    """Says that the service has left."""
    (root / JOBS / _STATUS).unlink(missing_ok=True)


def want(root: Path) -> None:
    """Says that the service should stay a while. Raises `OSError` when the disk refuses."""
    (root / JOBS).mkdir(parents=True, exist_ok=True)
    (root / JOBS / _WANTED).touch()


def wanted_at(root: Path) -> float:
    """When a client last wanted the service, in seconds since 1970; 0 for never."""
    try:
        return (root / JOBS / _WANTED).stat().st_mtime
    except OSError:
        return 0.0
