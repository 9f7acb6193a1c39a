"""From the TOML files to studies, with every slip an error that names its place."""

import dataclasses
import functools
from collections.abc import Sequence
from pathlib import Path

from fmnist_core.errors import FmnistError
from fmnist_core.papers import find_paper, find_table
from fmnist_core.papers.strict_toml import CatalogueError, load_toml, read_record
from fmnist_core.recipes import Recipe
from fmnist_core.studies.schema import CONVOLUTIONS, LAYERS, Level, Series, Study
from fmnist_core.studies.setup import SAME_LEVEL, settings, setup_of

_KEYS = {field.name for field in dataclasses.fields(Recipe)} - SAME_LEVEL
_FACTORS = _KEYS | {LAYERS, CONVOLUTIONS}
_ORDER = (
    "optimizers",
    "regularisation",
    "ablation",
    "batch_normalisation",
    "augmentation",
    "batch_size",
    "data_share",
    "depth",
    "activation_optimizer",
)


@functools.cache
def read_studies() -> tuple[Study, ...]:
    """Returns the studies of the package's own files. Raises as `read_folder` does."""
    return read_folder(Path(__file__).parent)


def read_folder(folder: Path) -> tuple[Study, ...]:
    """Reads every TOML file of a folder, in the order of the page.

    Raises:
        CatalogueError: a file breaks the schema, names what there is not, or has two levels that
            the same runs would belong to.
    """
    studies = [
        _checked(read_record(Study, load_toml(path), path.name), path)
        for path in sorted(folder.glob("*.toml"))
    ]
    place = {name: number for number, name in enumerate(_ORDER)}
    return tuple(sorted(studies, key=lambda study: place.get(study.id, len(_ORDER))))


def _checked(study: Study, path: Path) -> Study:
    _require(study.id == path.stem, path.name, f"have the id {path.stem!r}", study.id)
    _require(not study.own, path.name, "leave own to sweeps", study.own)
    _require(bool(study.factors), path.name, "name at least one factor", study.factors)
    unknown = [name for name in study.factors if name not in _FACTORS]
    must = "have factors that are recipe keys, layers or convolutions"
    _require(not unknown, path.name, must, unknown)
    _unique([series.id for series in study.series], path.name, "series ids")
    try:
        for paper in study.source:
            find_paper(paper)
        keys = {row.key for row in find_table(study.published).rows} if study.published else set()
        for series in study.series:
            _check_series(study, series, keys, f"{path.name}: {series.id}")
    except CatalogueError:
        raise
    except FmnistError as error:
        raise CatalogueError(f"{path.name}: {error}") from None
    return study


def _check_series(study: Study, series: Series, keys: set[str], where: str) -> None:
    labels = [level.label for level in series.levels]
    _require(len(labels) > 1, where, "have at least two levels", len(labels))
    _unique(labels, where, "labels")
    by_reference = series.against == "reference"
    _require(
        (series.reference in labels) if by_reference else not series.reference,
        where,
        "name one of its levels as reference, unless against is previous",
        series.reference,
    )
    seen: dict[object, str] = {}
    for level in series.levels:
        _check_level(study, level, keys, f"{where}: {level.label}")
        setup = setup_of(series, level)
        content = (setup.network, frozenset(settings(setup.recipe).items()))
        other = seen.setdefault(content, level.label)
        _require(other == level.label, where, "have levels that differ", (other, level.label))


def _check_level(study: Study, level: Level, keys: set[str], where: str) -> None:
    _require(bool(level.row) == bool(level.column), where, "have row and column, or none", level)
    _require(
        not level.key or level.key in keys,
        where,
        "have a key of the published table",
        level.key,
    )
    _require(
        (level.value is not None) == bool(study.axis),
        where,
        "have a value where the study has an axis, and none elsewhere",
        level.value,
    )


def _unique(names: Sequence[str], where: str, what: str) -> None:
    _require(len(set(names)) == len(names), where, f"have {what} that come once", names)


def _require(holds: bool, where: str, must: str, received: object) -> None:
    if not holds:
        raise CatalogueError(f"{where} must {must}. Received: {received!r}.")
