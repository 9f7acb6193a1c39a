"""Run ids, and the folder that holds the runs."""

import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from fmnist_core.errors import RunError

RUN_ID = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*-[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
LONGEST_RUN_ID = 120

_ARCHITECTURE_ID = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")


def runs_root() -> Path:
    """Returns the folder of runs: `$FMNIST_RUNS_DIR`, else `cached_runs` beside the package."""
    chosen = os.environ.get("FMNIST_RUNS_DIR")
    return Path(chosen).expanduser() if chosen else Path(__file__).parents[2] / "cached_runs"


def new_run_id(architecture: str) -> str:
    """Returns `<architecture>-<yyyymmdd>-<hhmmss>-<6 hex digits>`, the time in UTC.

    Raises:
        RunError: the architecture id has other characters than a-z, 0-9, "_" and inner "-".
    """
    if not _ARCHITECTURE_ID.fullmatch(architecture) or len(architecture) > LONGEST_RUN_ID - 23:
        raise RunError(
            "an architecture id must be made of a-z, 0-9, _ and inner dashes. "
            f"Received: {architecture[:80]!r}."
        )
    return f"{architecture}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def is_run_id(text: str) -> bool:
    """Says whether a text has the form of a run id."""
    return len(text) <= LONGEST_RUN_ID and RUN_ID.fullmatch(text) is not None


def check_run_id(text: str) -> str:
    """Returns the id unchanged.

    Nothing on the disk may be touched under a name that has not passed here: an id is one folder
    name, so "../x", "/x" and "a/b" are refused by their form.

    Raises:
        RunError: the text does not have the form of a run id.
    """
    if not is_run_id(text):
        raise RunError(
            "a run id must look like awasthi_basic-20250131-235959-0a1b2c. "
            f"Received: {text[:80]!r}. `runs list` shows the ids there are."
        )
    return text
