"""The one family of errors that a person is meant to read.

The command line prints them as one line and exits with 2; the app shows them on the page.
Anything else that is raised is a bug and surfaces as one.
"""

import difflib
from collections.abc import Iterable


class FmnistError(Exception):
    """Something a person can put right.

    One sentence: what must hold, what was received, what to do.
    """


class LayerTextError(FmnistError):
    """A layer text that cannot be read or built.

    `line` counts from 1; 0 when no single line is at fault.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.line = line
        self.message = message


class RecipeError(FmnistError):
    """A training recipe that cannot be followed."""


class DataError(FmnistError):
    """The data set is missing, damaged or cannot be fetched."""


class RunError(FmnistError):
    """A run that cannot be read, written or trusted."""


class DiskError(RunError):
    """A folder that takes no files: the disk is full, or it may not be written."""


class UploadError(FmnistError):
    """A file that cannot be read as a picture."""


class TransientUploadError(UploadError):
    """A picture that could not be read this time, for a reason that may pass."""


class JobError(FmnistError):
    """A training job that cannot be queued, changed or run."""


class UnknownNameError(FmnistError):
    """A name that is not in its list; the nearest ones are offered."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"Nearest: {', '.join(near)}." if near else f"There are {len(names)} to choose from."
        super().__init__(f"{what} must be a known name. Received: {name!r}. {hint}")
        self.name = name
        self.near = near
