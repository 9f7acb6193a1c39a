"""Public results on Fashion-MNIST beside the five sources, and how far each can be trusted."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fmnist_core.papers.reading import REFERENCES
from fmnist_core.papers.strict_toml import CatalogueError, load_toml, read_record

Group = Literal["zalando", "human", "classical", "claim", "small", "budget"]
Images = Literal["clean", "likely clean", "old", "likely old", "unknown"]
Trust = Literal["checked", "claimed", "not comparable", "not credible"]

GROUPS: dict[Group, str] = {
    "zalando": "Zalando's list, as readers submitted it",
    "human": "People",
    "classical": "Classifiers of the data set's own paper",
    "claim": "The highest claims elsewhere",
    "small": "Small networks",
    "budget": "What few epochs buy",
}
TRUST: dict[Trust, str] = {
    "checked": "on the clean files for certain, with how it was measured",
    "claimed": "one report, on files that are likely clean or not named",
    "not comparable": "old files, other conditions, or chosen on the test images",
    "not credible": "explained by a mistake, or far above everything that was checked",
}


@dataclass(frozen=True)
class Reference:
    """One public result.

    Attributes:
        accuracy: on the test images, as a fraction; `printed` is how its source puts it.
        deviation: standard deviation over repetitions, as a fraction, where it is given.
        params: as far as they are known, often rounded.
        images: which release of the files; "likely" goes by the date alone.
        source: where it was read; `date` as precisely as it is known, or empty.
    """

    id: str
    title: str
    group: Group
    accuracy: float
    printed: str
    images: Images
    trust: Trust
    source: str
    date: str
    params: int | None = None
    deviation: float | None = None
    note: str = ""


@dataclass(frozen=True)
class FileTrap:
    """Why results older than September 2017 cannot be set beside later ones.

    Attributes:
        replaced_on: the day, as `2017-08-31`.
        worth: by how much accuracies on the old files are higher, as a fraction.
        text: the whole story.
    """

    title: str
    replaced_on: str
    duplicated_training_images: int
    duplicated_test_images: int
    training_images_in_test: int
    worth: float
    text: str
    source: str


@dataclass(frozen=True)
class _File:
    file_trap: FileTrap
    references: tuple[Reference, ...]


def references() -> tuple[Reference, ...]:
    """The results in groups, as their lists order them."""
    return _file().references


def file_trap() -> FileTrap:
    """The two releases of the data set's files."""
    return _file().file_trap


@functools.cache
def _file() -> _File:
    path = Path(__file__).parent / REFERENCES
    file = read_record(_File, load_toml(path), path.name)
    ids = [reference.id for reference in file.references]
    if len(set(ids)) < len(ids):
        raise CatalogueError(f"{path.name} must not repeat an id. Received: {ids}.")
    return file
