"""The contradictions register as a table, and which published tables show an entry."""

import re
from collections.abc import Sequence

import pandas as pd

from fmnist_core.figures.papers.rows import source_words
from fmnist_core.figures.table import Column
from fmnist_core.papers import contradictions, papers, systems
from fmnist_core.papers.schema import Contradiction, System

REGISTER_COLUMNS = {
    "id": Column("Entry", pinned=True),
    "sources": Column("Sources", "badges"),
    "place": Column("Place"),
    "one": Column("One saying"),
    "other": Column("The other"),
    "resolution": Column("What we take as true"),
    "tables": Column("Tables", "badges"),
    "systems": Column("Networks", "badges"),
}


def entries_of(paper_id: str, words: str = "") -> list[Contradiction]:
    """Returns the entries that concern a source, "" for all, and hold these words."""
    wanted = words.strip().casefold()
    return [
        entry
        for entry in contradictions()
        if (not paper_id or paper_id in entry.papers)
        and wanted in " ".join((entry.id, entry.place, _text(entry))).casefold()
    ]


def entries_of_table(table_id: str) -> list[Contradiction]:
    """Returns the entries that a published table shows."""
    return [entry for entry in contradictions() if table_id in entry.tables]


def concerned(entry: Contradiction) -> list[System]:
    """Returns the networks that an entry concerns."""
    return [system for system in systems() if entry.id in system.contradictions]


def in_text(entry: Contradiction) -> list[str]:
    """Returns the sources that print a number which an entry concerns outside of their tables."""
    printed = (number for system in systems() for number in system.published)
    found = (
        number.paper for number in printed if entry.id in number.contradictions and not number.table
    )
    return list(dict.fromkeys(found))


def register_frame(entries: Sequence[Contradiction]) -> pd.DataFrame:
    """Returns one row an entry."""
    rows = [
        {
            "id": entry.id,
            "sources": [source_words(paper) for paper in entry.papers],
            "place": entry.place,
            "one": with_names(entry.one),
            "other": with_names(entry.other),
            "resolution": with_names(entry.resolution),
            "tables": list(entry.tables),
            "systems": [system.id for system in concerned(entry)],
        }
        for entry in entries
    ]
    return pd.DataFrame(rows, columns=list(REGISTER_COLUMNS))


def with_names(text: str) -> str:
    """Returns a sentence of the register with the names of sources for their ids."""
    ids = "|".join(paper.id for paper in papers())
    # The digits behind a comma or a point belong to a number: 48,000, 1.001, 002.5.
    alone = rf"(?<![\d.,])(?:{ids})(?![.,]?\d)"
    return re.sub(alone, lambda found: source_words(found[0]), text)


def _text(entry: Contradiction) -> str:
    return " ".join((entry.one, entry.other, entry.resolution))
