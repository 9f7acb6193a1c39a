"""Text that stays text: names and messages set into Markdown."""

import re

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
