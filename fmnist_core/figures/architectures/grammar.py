"""The grammar of layer texts as a table, read off the kinds of layers themselves."""

import pandas as pd

from fmnist_core.architectures.grammar import ACTIVATIONS, REQUIRED, Choice, Kind, Parameter
from fmnist_core.architectures.kinds import KINDS
from fmnist_core.figures.table import Column

KIND_COLUMNS = {
    "write": Column("Write", meaning="[…] may be left out. | means either. … means one or more."),
    "example": Column("Example"),
    "nests": Column("Below it"),
}
WORD_COLUMNS = {
    "word": Column("Word"),
    "stands_for": Column("Stands for"),
    "default": Column("Left out", meaning="What holds where the word is left out."),
}
_INDENT = "  "
# More alternatives than this are listed once, in the table of words.
_FEW = 2


def kinds_frame() -> pd.DataFrame:
    """Returns one row for each kind of layer; the bare activations share one."""
    bare = [word for word, kind in KINDS.items() if word in ACTIVATIONS and not kind.parameters]
    rows = [
        {"write": _syntax(kind), "example": kind.example, "nests": _nests(kind)}
        for word, kind in KINDS.items()
        if word not in bare
    ]
    rows.append({"write": " | ".join(bare), "example": "relu", "nests": ""})
    return pd.DataFrame(rows)


def words_frame() -> pd.DataFrame:
    """Returns one row for each word in capitals of `kinds_frame`: what may be written for it."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for kind in KINDS.values():
        for setting in kind.parameters:
            if isinstance(setting, Parameter):
                expects, default = setting.reader.expects, _default(setting)
            elif len(setting.words) > _FEW:
                expects, default = "one of " + ", ".join(setting.words), str(setting.default)
            else:
                continue
            word = setting.name.upper()
            row = {"word": word, "stands_for": f"{setting.label}: {expects}", "default": default}
            rows.setdefault((word, row["stands_for"]), row)
    return pd.DataFrame(rows.values())


def snippet(kind: Kind) -> str:
    """Returns lines that show a kind at work, with something below it where it is a block."""
    inside = KINDS["global_avgpool" if kind.word == "head" else "conv"].example
    match kind.body:
        case "layers":
            return f"{kind.example}\n{_INDENT}{inside}"
        case "branches":
            branch = f"{_INDENT}branch\n{_INDENT * 2}{inside}"
            return f"{kind.example}\n{branch}\n{branch}"
        case _:
            return kind.example


def snippets() -> dict[str, str]:
    """Returns the first word of every kind that may stand anywhere -> its `snippet`."""
    return {word: snippet(kind) for word, kind in KINDS.items() if kind.place in ("", "top")}


def _syntax(kind: Kind) -> str:
    return " ".join([kind.word, *(_setting(setting) for setting in kind.parameters)])


def _setting(setting: Parameter | Choice) -> str:
    name = setting.name.upper()
    if isinstance(setting, Choice):
        return f"[{'|'.join(setting.words) if len(setting.words) <= _FEW else name}]"
    words = f"{setting.keyword} {name}{'…' if setting.many else ''}".strip()
    return words if setting.default is REQUIRED else f"[{words}]"


def _default(parameter: Parameter) -> str:
    if parameter.default is REQUIRED:
        return "must be written"
    if parameter.default is None:
        return "as the pool size"
    return parameter.reader.write(parameter.default)


def _nests(kind: Kind) -> str:
    below = {"none": "", "layers": "layers", "branches": "branch blocks"}[kind.body]
    place = {"": "", "top": "outermost only"}.get(kind.place, f"inside {kind.place} only")
    return ", ".join(word for word in (below, place) if word)
