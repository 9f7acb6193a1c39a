"""Runs that cannot be read, named wherever numbers may lack them: on every page, in every file."""

from collections.abc import Sequence

from fmnist_core.figures.html_file import Section
from fmnist_core.figures.words import without_markup
from fmnist_core.runs.index import DamagedRun

WHAT_FOLLOWS = (
    "The others are not affected; what rests on these counts as missing. "
    "`python -m fmnist_core runs verify` checks all."
)


def damaged_title(damaged: Sequence[DamagedRun]) -> str:
    """Returns "1 damaged run left out"."""
    return f"{len(damaged)} damaged {'run' if len(damaged) == 1 else 'runs'} left out"


def damaged_lines(damaged: Sequence[DamagedRun]) -> list[str]:
    """Returns each run with its reason, as plain text."""
    return [f"{run.run_id}: {run.reason}" for run in damaged]


def damaged_sections(damaged: Sequence[DamagedRun]) -> list[Section]:
    """Returns the part of a file that names them; none without any."""
    if not damaged:
        return []
    says = [without_markup(WHAT_FOLLOWS)]
    return [Section(damaged_title(damaged), says, damaged_lines(damaged))]
