"""The five sources: their networks, protocols, published numbers and contradictions, as data.

To add a network, add a `[[systems]]` entry to a TOML file here; `schema.py` explains its keys.
"""

from fmnist_core.papers.catalogue import (
    contradictions,
    find_paper,
    find_system,
    find_table,
    papers,
    systems,
    tables,
)

__all__ = [
    "contradictions",
    "find_paper",
    "find_system",
    "find_table",
    "papers",
    "systems",
    "tables",
]
