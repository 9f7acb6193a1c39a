"""Names set into a sentence."""

from collections.abc import Sequence

_SOME = 6


def listed(names: Sequence[str]) -> str:
    """Returns "a, b and c"; no names give an empty text."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def some(names: Sequence[str], most: int = _SOME) -> str:
    """Returns "a, b and c", and of more than `most` the first with how many more there are."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return listed(names)
