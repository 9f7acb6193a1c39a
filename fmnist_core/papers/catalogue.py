"""The catalogue: every system of the five sources, read once from the TOML files beside this one.

Example:
    >>> find_system("awasthi_enhanced").layers.splitlines()[0]
    'conv 32 3x3 same relu'
"""

import functools
from pathlib import Path
from typing import TypeVar

from fmnist_core.errors import UnknownNameError
from fmnist_core.papers.checks import check_catalogue
from fmnist_core.papers.reading import Catalogue, read_catalogue
from fmnist_core.papers.schema import Contradiction, Paper, System, Table

Record = TypeVar("Record")


@functools.cache
def _catalogue() -> Catalogue:
    catalogue = read_catalogue(Path(__file__).parent)
    check_catalogue(catalogue)
    return catalogue


def papers() -> tuple[Paper, ...]:
    """The source documents in the order of their ids."""
    return _catalogue().papers


def systems() -> tuple[System, ...]:
    """Every system, in the order of the sources and of their texts."""
    return _catalogue().systems


def tables() -> tuple[Table, ...]:
    """The tables of numbers that the sources print."""
    return _catalogue().tables


def contradictions() -> tuple[Contradiction, ...]:
    """The contradictions register, C1 to C45."""
    return _catalogue().contradictions


def find_paper(paper_id: str) -> Paper:
    """The source with this id ("000" to "004"); raises `UnknownNameError` otherwise."""
    return _find("paper", paper_id, {paper.id: paper for paper in papers()})


def find_system(system_id: str) -> System:
    """The system with this id; raises `UnknownNameError` with the nearest ids otherwise."""
    return _find("architecture", system_id, {system.id: system for system in systems()})


def find_table(table_id: str) -> Table:
    """The published table with this id; raises `UnknownNameError` otherwise."""
    return _find("published table", table_id, {table.id: table for table in tables()})


def _find(what: str, name: str, known: dict[str, Record]) -> Record:
    if name not in known:
        raise UnknownNameError(what, name, known)
    return known[name]
