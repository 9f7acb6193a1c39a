"""What must hold between the records of the catalogue, beyond the shape of each."""

from collections import Counter
from collections.abc import Iterable

from fmnist_core.errors import FmnistError
from fmnist_core.papers.reading import Catalogue
from fmnist_core.papers.schema import METRICS, Contradiction, System, Table
from fmnist_core.papers.strict_toml import CatalogueError
from fmnist_core.recipes import OPTIMIZERS, Recipe


def check_catalogue(catalogue: Catalogue) -> None:
    """Raises `CatalogueError` for the first rule that the catalogue breaks."""
    _unique("papers", (paper.id for paper in catalogue.papers))
    _unique("systems", (system.id for system in catalogue.systems))
    _unique("tables", (table.id for table in catalogue.tables))
    _unique("contradictions", (entry.id for entry in catalogue.contradictions))
    register = {entry.id for entry in catalogue.contradictions}
    papers = {paper.id for paper in catalogue.papers}
    systems = {system.id for system in catalogue.systems}
    tables = {table.id for table in catalogue.tables}
    for system in catalogue.systems:
        _check_system(system, register)
        _known(f"{system.id}.published", (p.table for p in system.published), tables | {""})
        _known(f"{system.id}.published", (p.paper for p in system.published), papers)
        named = (name for number in system.published for name in number.contradictions)
        _known(f"{system.id}.published", named, register)
    for table in catalogue.tables:
        _check_table(table, systems)
    for entry in catalogue.contradictions:
        _known(f"{entry.id}.papers", entry.papers, papers)
        _known(f"{entry.id}.tables", entry.tables, tables)
        _check_cells(entry, [table for table in catalogue.tables if table.id in entry.tables])


def _check_system(system: System, register: set[str]) -> None:
    _known(f"{system.id}.contradictions", system.contradictions, register)
    _known(f"{system.id}.stated_recipe", system.stated_recipe, set(system.recipe))
    _known(f"{system.id}.published", (p.metric for p in system.published), set(METRICS))
    _unique(f"{system.id}.variants", (variant.id for variant in system.variants))
    try:
        Recipe.from_dict(system.recipe)
    except FmnistError as problem:
        raise CatalogueError(f"{system.id}.recipe: {problem}") from None
    if "protocol" not in system.recipe:
        raise CatalogueError(f"{system.id}.recipe must name a protocol. Received none.")
    if bool(system.layers) == (system.basis == "baseline"):
        raise CatalogueError(
            f"{system.id}.layers must be empty for a baseline, and for nothing else. "
            f"Received: basis {system.basis!r}."
        )
    if system.basis != "stated" and not system.reconstruction:
        raise CatalogueError(
            f"{system.id}.reconstruction must say what was chosen for basis {system.basis!r}. "
            "Received none."
        )
    if system.layers_given and system.basis not in ("partly reconstructed", "reconstruction"):
        raise CatalogueError(
            f"{system.id}.layers_given must be left out for basis {system.basis!r}, which says it. "
            f"Received: {system.layers_given!r}."
        )


def _check_table(table: Table, systems: set[str]) -> None:
    _known(f"{table.id}.columns", (column.metric for column in table.columns), set(METRICS))
    _known(f"{table.id}.system", (table.system,) if table.system else (), systems)
    _unique(f"{table.id}.rows", (row.key for row in table.rows))
    keys = [row.key for row in table.rows]
    if table.key == "system":
        _known(f"{table.id}.rows", keys, systems)
    elif table.key == "optimizer":
        _known(f"{table.id}.rows", keys, set(OPTIMIZERS))
    if bool(table.system) == (table.key == "system"):
        raise CatalogueError(
            f"{table.id}.system must be given exactly when rows are not systems. "
            f"Received: {table.system!r} with key {table.key!r}."
        )
    for row in table.rows:
        if len(row.cells) != len(table.columns):
            raise CatalogueError(
                f"{table.id} row {row.key} must have {len(table.columns)} cells. "
                f"Received: {len(row.cells)}."
            )


def _check_cells(entry: Contradiction, tables: list[Table]) -> None:
    labels = {column.label for table in tables for column in table.columns}
    keys = {row.key for table in tables for row in table.rows}
    for block in entry.cells:
        _known(f"{entry.id}.cells", block.columns, labels)
        _known(f"{entry.id}.cells", block.rows, keys)


def _known(where: str, names: Iterable[str], known: set[str]) -> None:
    strange = sorted(set(names) - known)
    if strange:
        raise CatalogueError(f"{where} must hold known names. Received: {', '.join(strange)}.")


def _unique(where: str, ids: Iterable[str]) -> None:
    twice = sorted(name for name, count in Counter(ids).items() if count > 1)
    if twice:
        raise CatalogueError(f"{where} must not repeat an id. Received twice: {', '.join(twice)}.")
