"""From the TOML files to the records of `schema.py`, table cells included."""

import dataclasses
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from fmnist_core.papers.schema import (
    METRICS,
    Column,
    Contradiction,
    Paper,
    Published,
    Row,
    System,
    Table,
)
from fmnist_core.papers.strict_toml import CatalogueError, load_toml, read_record

REGISTER = "contradictions.toml"
REFERENCES = "references.toml"  # results that belong to no source (references.py)


@dataclass(frozen=True)
class Catalogue:
    """All files together, in the order of the sources."""

    papers: tuple[Paper, ...]
    systems: tuple[System, ...]
    tables: tuple[Table, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True)
class _SourceFile:
    """The top level of a source's TOML file."""

    paper: Paper
    systems: tuple[dict[str, Any], ...]
    tables: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class _RegisterFile:
    """The top level of the contradictions register, which spans the sources."""

    contradictions: tuple[Contradiction, ...]


def read_catalogue(folder: Path) -> Catalogue:
    """Reads every TOML file of a folder; raises `CatalogueError` for one that breaks the schema."""
    systems: list[System] = []
    tables: list[Table] = []
    papers: list[Paper] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name in (REGISTER, REFERENCES):
            continue
        source = read_record(_SourceFile, load_toml(path), path.name)
        papers.append(source.paper)
        systems += [_read_entry(System, entry, source, path) for entry in source.systems]
        tables += [_read_entry(Table, entry, source, path) for entry in source.tables]
    by_paper = attrgetter("paper")  # sorting is stable: inside a file the source's order stays
    register = read_record(_RegisterFile, load_toml(folder / REGISTER), REGISTER).contradictions
    return Catalogue(
        papers=tuple(sorted(papers, key=attrgetter("id"))),
        systems=tuple(sorted((_with_cells(s, tables, register) for s in systems), key=by_paper)),
        tables=tuple(sorted(tables, key=by_paper)),
        contradictions=register,
    )


def parse_printed(printed: str, *, percent: bool = False) -> float:
    """Reads "93.56%", "0.7478", "655,434" or "75s" as a number; percentages become fractions.

    Raises:
        CatalogueError: when the text is not one plain number.
    """
    digits = printed.replace(",", "").removesuffix("%").removesuffix("s")
    try:
        value = float(digits)
    except ValueError:
        raise CatalogueError(f"a printed number must be digits. Received: {printed!r}.") from None
    # Rounded so that "93.56%" is the same float as 0.9356.
    return round(value / 100, 10) if percent or printed.endswith("%") else value


def _read_entry(kind: type[Any], entry: dict[str, Any], source: _SourceFile, path: Path) -> Any:
    where = f"{path.name}: {entry.get('id', 'an entry without id')}"
    return read_record(kind, {"paper": source.paper.id} | entry, where)


def _with_cells(system: System, tables: list[Table], register: tuple[Contradiction, ...]) -> System:
    own_entries = [entry for entry in register if entry.id in system.contradictions]
    impossible = {table.id: table.impossible for table in tables}
    own = tuple(
        dataclasses.replace(
            p,
            paper=p.paper or system.paper,
            impossible=p.impossible or impossible.get(p.table, ""),
        )
        for p in system.published
    )
    cells = tuple(
        _cell(table, row, column, printed, own_entries)
        for table in tables
        for row in table.rows
        for column, printed in zip(table.columns, row.cells, strict=False)
        if printed and system.id == (table.system or row.key)
    )
    return dataclasses.replace(system, published=own + cells)


def _is_about(entry: Contradiction, table: Table, row: Row, column: Column) -> bool:
    if table.id not in entry.tables:
        return False
    return not entry.cells or any(
        column.label in block.columns and (not block.rows or row.key in block.rows)
        for block in entry.cells
    )


def _cell(
    table: Table, row: Row, column: Column, printed: str, entries: list[Contradiction]
) -> Published:
    is_fraction = METRICS.get(column.metric, ("", ""))[1] == "fraction"
    misprint = table.misprints.get(printed)
    return Published(
        metric=column.metric,
        value=parse_printed(printed, percent=table.percent and is_fraction)
        if misprint is None
        else misprint,
        printed=printed,
        place=table.place,
        dataset=column.dataset,
        split=column.split,
        class_name=row.key if table.key == "class_name" else "",
        epoch=int(row.key) if table.key == "epoch" else column.epoch,
        optimizer=row.key if table.key == "optimizer" else "",
        train_fraction=column.train_fraction,
        table=table.id,
        paper=table.paper,
        note=f"misprinted; read as {misprint:,.0f}" if misprint is not None else "",
        contradictions=tuple(one.id for one in entries if _is_about(one, table, row, column)),
        impossible=table.impossible,
    )
