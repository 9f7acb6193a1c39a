"""What a training will take and what sets it apart, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """A recipe key that is not as in the source.

    Attributes:
        stated: the source prints its value; else it is our reading of the source.
    """

    key: str
    ours: object
    theirs: object
    stated: bool

    @property
    def mark(self) -> str:
        """Words below a field: "differs from the paper: 100"."""
        whose = "the paper" if self.stated else "our reading of the paper"
        return f"differs from {whose}: {_value(self.key, self.theirs)}"

    @property
    def line(self) -> str:
        """Words in a list: "learning rate 0.01 instead of 0.001"."""
        name = self.key.replace("_", " ")
        return f"{name} {_value(self.key, self.ours)} instead of {_value(self.key, self.theirs)}"


def duration(seconds: float) -> str:
    """Returns "28 s", "3 min", "1 h 10 min" or "2 days 4 h", rounded to what an estimate can say.

    Example:
        >>> duration(4_210)
        '1 h 10 min'
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(5 * round(minutes / 5), 60)
    if hours < 24:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, left = divmod(round(minutes / 60), 24)
    return _count(days, "day") + (f" {left} h" if left else "")


def label_note(budgets: Sequence[tuple[str, bool]], jobs: int) -> str:
    """Returns why runs will bear a label, in sentences; empty where all of them will be full.

    Args:
        budgets: of each row of a grid, as `run_names.named_budget` has it, and whether a paper has
            its layers.
        jobs: that the rows stand for.
    """
    sourced = all(from_paper for _, from_paper in budgets)
    counts = Counter(
        reason for row in budgets if (reason := _label_reason(*row, whole_paper=sourced))
    )
    if not counts:
        return ""
    total = len(budgets)
    sentences = [
        f"{count} of these {total}: {reason}."
        if count < total
        else f"{reason[:1].upper()}{reason[1:]}."
        for reason, count in counts.items()
    ]
    which = "The run" if jobs == 1 else "Each such run"
    return " ".join([*sentences, f"{which} says so, and is never ranked among full ones unasked."])


def _label_reason(budget: str, from_paper: bool, *, whole_paper: bool) -> str:
    if budget == "full":
        return ""
    if budget == "reduced":
        return f"fewer epochs or images than {'the paper' if whole_paper else 'the recipe'} has"
    if from_paper:
        return "no less training than the paper has, but under other settings"
    return "layers of your own, which no paper has"


def memory(size_bytes: float) -> str:
    """Returns "640 MB" or "1.2 GB"."""
    if size_bytes < 999.5e6:
        return f"{size_bytes / 1e6:.0f} MB"
    return f"{size_bytes / 1e9:.1f} GB"


def jobs_in_words(count: int) -> str:
    """Returns "1 job" or "12 jobs"."""
    return _count(count, "job")


def _value(key: str, value: object) -> str:
    if key == "limit" and not value:
        return "all images"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
