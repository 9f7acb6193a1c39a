"""Names set into a sentence."""

from collections.abc import Sequence

_SOME = 6


def listed(names: Sequence[str]) -> str:
    """Returns "a, b and c", or "a, x; b, y; and c" where names hold commas; "" for no names."""
    if len(names) < 2:
        return "".join(names)
    *others, last = names
    if others[1:] and any(", " in name for name in names):
        return f"{'; '.join(others)}; and {last}"
    return f"{', '.join(others)} and {last}"


def some(names: Sequence[str], most: int = _SOME) -> str:
    """Returns all names, `listed`; of more than `most` the first and how many more there are."""
    if len(names) > most:
        return listed([*names[:most], f"{len(names) - most} more"])
    return listed(names)
