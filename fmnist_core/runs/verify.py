"""Is a run exactly what was committed?"""

from dataclasses import dataclass
from pathlib import Path

from fmnist_core.errors import RunError
from fmnist_core.runs.contents import content_problems
from fmnist_core.runs.manifest import MANIFEST, check_listed, read_manifest
from fmnist_core.runs.read import find_run


@dataclass(frozen=True)
class Verification:
    """The problems found, a sentence each; none means that it is what was committed."""

    run_id: str
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify_run(root: Path, run_id: str) -> Verification:
    """Compares every byte of a run with its manifest, and what the files say with each other.

    Raises:
        RunError: the id is malformed, or the run's folder is a link.
        UnknownNameError: there is no such run.
    """
    folder = find_run(root, run_id)
    try:
        manifest = read_manifest(folder)
    except RunError as error:
        return Verification(run_id, (str(error),))
    problems = [
        f"{entry.name} is not in the manifest."
        for entry in sorted(folder.iterdir())
        if entry.name != MANIFEST and entry.name not in manifest.files
    ]
    damaged = []
    for name in manifest.files:
        try:
            check_listed(folder, manifest, name)
        except RunError as error:
            damaged.append(str(error))
    if not damaged:
        problems += content_problems(folder)
    return Verification(run_id, (*problems, *damaged))
