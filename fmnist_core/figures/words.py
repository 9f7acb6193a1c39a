"""Text that stays text: names and messages set into Markdown."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

_MARKUP = frozenset("\\`*_{}[]<>#$:~|")


def escaped(text: str) -> str:
    """Returns the text with every character escaped that Markdown would take for markup.

    Run names, addresses and error messages are not ours, and ids are full of underscores.
    """
    return "".join(f"\\{character}" if character in _MARKUP else character for character in text)


def without_markup(text: str) -> str:
    """Returns our own Markdown as plain words, for what a screen reader is given."""
    return text.replace("**", "").replace("`", "").replace("\\", "")


def short_label(label: str) -> str:
    """Returns "Model 4-B (Ajani et al.)" for "Model 4-B, CNN with pooling (Ajani et al.)"."""
    return re.sub(r",[^(]*(?= \()", "", label)


def short_labels(labels: Iterable[str]) -> dict[str, str]:
    """Returns label -> short label, or the label itself where two short ones would be the same."""
    return short_names({label: label for label in labels})


def short_names(labels: Mapping[str, str]) -> dict[str, str]:
    """Returns run id -> short label, or the whole one where two short ones would be the same."""
    short = {run_id: short_label(label) for run_id, label in labels.items()}
    count = Counter(short.values())
    return {
        run_id: short[run_id] if count[short[run_id]] == 1 else labels[run_id] for run_id in labels
    }
