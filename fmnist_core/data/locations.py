"""Where the data may lie on this machine, and what is found there."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fmnist_core.data import dataset
from fmnist_core.data.verify import FileStatus, check_file, locate_file

REPOSITORY = Path(__file__).resolve().parents[2]
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
DATA_DIR_VARIABLE = "FMNIST_DATA_DIR"

PlaceState = Literal["good", "damaged", "incomplete", "missing"]


@dataclass(frozen=True)
class Place:
    """A folder that may hold the data, with the name that messages use for it."""

    title: str
    folder: Path


@dataclass(frozen=True)
class PlaceStatus:
    """What one place holds; the state is that of its worst file."""

    title: str
    folder: Path
    state: PlaceState
    files: tuple[FileStatus, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each damaged file."""
        return tuple(file.problem for file in self.files if file.problem)


@dataclass(frozen=True)
class DataStatus:
    """Every place in the order of the search.

    Attributes:
        used: the first complete place, which is the one that is read; None when there is none.
    """

    used: PlaceStatus | None
    places: tuple[PlaceStatus, ...]

    @property
    def good(self) -> bool:
        """Whether `load_pool` will succeed."""
        return self.used is not None and self.used.state == "good"

    def to_dict(self) -> dict[str, Any]:
        """Returns the status as plain JSON values."""
        return {
            "good": self.good,
            "folder": str(self.used.folder) if self.used else None,
            "places": [
                {
                    "title": place.title,
                    "folder": str(place.folder),
                    "state": place.state,
                    "files": [
                        {
                            "name": file.name,
                            "path": str(file.path) if file.path else None,
                            "state": file.state,
                            "size_bytes": file.size_bytes,
                            "sha256": file.sha256,
                            "expected_sha256": file.expected_sha256,
                            "problem": file.problem,
                        }
                        for file in place.files
                    ],
                }
                for place in self.places
            ],
        }


def search_places() -> tuple[Place, ...]:
    """Returns the places in the order of the search."""
    chosen = os.environ.get(DATA_DIR_VARIABLE)
    # Unlike Path.home(), this does not raise for a user without a home, as containers have.
    keras_home = Path(os.environ.get("KERAS_HOME") or os.path.expanduser("~/.keras"))  # noqa: PTH111
    return (
        *([Place(f"${DATA_DIR_VARIABLE}", Path(chosen))] if chosen else []),
        Place("the project's data folder", REPOSITORY / "data"),
        Place("Debian's package", DEBIAN_FOLDER),
        Place("the Keras cache", keras_home / "datasets" / "fashion-mnist"),
    )


def fetch_folder() -> Path:
    """Returns where a fetch puts the files: the first place of the search."""
    return search_places()[0].folder


def find_data() -> Path | None:
    """Returns the first folder that holds all four files, without reading them; None if none does.

    A damaged folder is found too, and refused when it is read: data that a person chose is never
    replaced silently by another copy.
    """
    for place in search_places():
        if all(locate_file(place.folder, file) for file in dataset.DATA_FILES):
            return place.folder
    return None


def how_to_get_the_data() -> str:
    """Returns the places that are searched, and what helps on which system."""
    places = "; ".join(f"{place.title}, {place.folder}" for place in search_places())
    return (
        f"Searched: {places}. On Debian and Ubuntu run "
        f"`sudo apt-get install {dataset.DEBIAN_PACKAGE}`; elsewhere download "
        f"{', '.join(f'{file.name}.gz' for file in dataset.DATA_FILES)} from "
        f"{dataset.DOWNLOAD_ADDRESS} into {fetch_folder()}."
    )


def data_status() -> DataStatus:
    """Reads and verifies every file of every place: about half a second for each complete place."""
    places = tuple(_place_status(place) for place in search_places())
    used = next((place for place in places if place.state in ("good", "damaged")), None)
    return DataStatus(used, places)


def _place_status(place: Place) -> PlaceStatus:
    files = tuple(check_file(place.folder, file) for file in dataset.DATA_FILES)
    states = {file.state for file in files}
    state: PlaceState
    if states == {"missing"}:
        state = "missing"
    elif "missing" in states:
        state = "incomplete"
    elif "damaged" in states:
        state = "damaged"
    else:
        state = "good"
    return PlaceStatus(place.title, place.folder, state, files)
