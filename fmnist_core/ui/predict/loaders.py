"""Cached steps of the Predict page: pictures, answers and what explains them.

Keys are digests, corrections and stamps of runs, so a picture that is shown again costs nothing.
The libraries that read pictures and models are imported late, and by no other page.
"""

import contextlib
import functools
import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.data import known_labels, load_pool
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.errors import FmnistError, TransientUploadError
from fmnist_core.figures.pictures import tile_png
from fmnist_core.inference.conversion.corrections import Corrections
from fmnist_core.prediction.patches import Patches
from fmnist_core.runs.ids import runs_root
from fmnist_core.ui.loaders import training_neighbours
from fmnist_core.ui.run_stamps import stamp_of, stamps_of

if TYPE_CHECKING:
    from fmnist_core.inference.files.decode import Picture
    from fmnist_core.inference.likeness import Likeness, Reference
    from fmnist_core.prediction.answer import Answers
    from fmnist_core.prediction.models import ModelShelf
    from fmnist_core.prediction.upright import Hint

STEP_SIDE = 96
LARGE_SIDE = 170  # two of them stand side by side on a phone
NEAREST = 10
NEAREST_SIDE = 72


@dataclass(frozen=True, eq=False)
class Given:
    """A picture that the reader gave.

    Attributes:
        name: for display only, and only escaped.
        data: the file.
        truth: its class where that is known, else `None`.
        official: whether it is a test image of the data set.
    """

    name: str
    data: bytes
    truth: int | None = None
    official: bool = False

    @functools.cached_property
    def digest(self) -> str:
        """Names the content in keys."""
        return hashlib.sha256(self.data).hexdigest()[:32]


@dataclass(frozen=True)
class ShownStep:
    """One step of the conversion, ready for the page."""

    name: str
    says: str
    png: bytes


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture as the networks see it, and how it became that.

    Attributes:
        opened: format, size and what decoding did, in words.
        image: uint8 (28, 28).
        large: `image` as a PNG of `LARGE_SIDE`.
        original: the picture as a PNG of `LARGE_SIDE`.
        steps: of the conversion.
        warnings: of the conversion.
        applied: the corrections, with what was left open decided.
        passed_through: it was such an image already.
        small: it came as 28x28 pixels, so that it is neither cropped nor separated.
    """

    opened: str
    image: NDArray[np.uint8]
    large: bytes
    original: bytes
    steps: tuple[ShownStep, ...]
    warnings: tuple[str, ...]
    applied: Corrections
    passed_through: bool
    small: bool


@dataclass(frozen=True)
class Neighbour:
    """A training image: its number, its class and its picture."""

    index: int
    label: int
    png: bytes


def see(given: Given, corrections: Corrections) -> Seen | str:
    """Returns what became of a picture, or the sentence that says why nothing did."""
    try:
        return _seen(given.digest, corrections, given.data)
    except TransientUploadError as error:  # raised, so that it is not cached
        return str(error)


@st.cache_resource(max_entries=256, show_spinner=False)
def _seen(digest: str, corrections: Corrections, _data: bytes) -> Seen | str:
    from fmnist_core.inference.conversion.convert import convert  # noqa: PLC0415  # brings SciPy along

    try:
        picture = _picture(digest, _data)
        done = convert(picture, corrections)
    except TransientUploadError:
        raise
    except FmnistError as error:
        return str(error)
    width, height = picture.original_size
    return Seen(
        opened=" ".join((f"{picture.format}, {width:,} × {height:,} pixels.", *picture.notes)),
        image=done.image,
        large=tile_png(done.image, LARGE_SIDE),
        original=tile_png(picture.pixels, LARGE_SIDE),
        steps=tuple(
            ShownStep(step.name, step.says, tile_png(step.image, STEP_SIDE)) for step in done.steps
        ),
        warnings=done.warnings,
        applied=done.corrections,
        passed_through=done.passed_through,
        small=picture.grey28 is not None,
    )


# 3 MB each: the one on the screen, and a few for going back.
@st.cache_resource(max_entries=4, show_spinner=False)
def _picture(digest: str, _data: bytes) -> "Picture":
    from fmnist_core.inference.files.decode import decode  # noqa: PLC0415  # no page but this one needs it

    return decode(_data, digest)


def answers(image: NDArray[np.uint8], run_ids: tuple[str, ...]) -> "Answers":
    """Returns what these runs say of one image, uint8 (28, 28). Raises `RunError`."""
    root = runs_root()
    key = root, image.tobytes(), stamps_of(root, run_ids), run_ids
    said = _answers(*key)
    if said.left_out:  # perhaps for a reason that passes and leaves the run's files as they were
        _answers.clear(*key)
    return said


@st.cache_resource(max_entries=512, show_spinner=False)
def _answers(root: Path, pixels: bytes, stamps: int, _run_ids: tuple[str, ...]) -> "Answers":
    from fmnist_core.prediction.answer import answer  # noqa: PLC0415  # brings SciPy along

    return answer(_image(pixels)[None], _run_ids, _shelf(root))


def prepare_answers(run_ids: tuple[str, ...]) -> None:
    """Has what the first answer needs read meanwhile, while the reader chooses a picture."""
    _prepared(runs_root(), run_ids)


@st.cache_resource(max_entries=1, show_spinner=False)
def _prepared(root: Path, run_ids: tuple[str, ...]) -> threading.Thread:
    """One thread in all sessions; what fails in it is said by the answer that needs it."""
    thread = threading.Thread(target=_prepare, args=(root, run_ids), daemon=True)
    thread.start()
    return thread


def _prepare(root: Path, run_ids: tuple[str, ...]) -> None:
    import fmnist_core.inference.conversion.convert  # noqa: PLC0415  # OpenCV and SciPy
    import fmnist_core.inference.litert  # noqa: F401, PLC0415
    from fmnist_core.prediction.temperature import calibration  # noqa: PLC0415

    for run_id in run_ids:
        with contextlib.suppress(FmnistError):
            calibration(root, run_id)


@st.cache_resource(max_entries=2, show_spinner=False)
def _shelf(root: Path) -> "ModelShelf":
    """The models in memory, shared by all sessions of this process."""
    from fmnist_core.prediction.models import ModelShelf  # noqa: PLC0415  # no other page needs it

    return ModelShelf(root)


def occlusion(
    image: NDArray[np.uint8], run_id: str, label: int, patches: Patches
) -> NDArray[np.float64]:
    """Returns what mattered to one network for one class, (28, 28). Raises `RunError`."""
    root = runs_root()
    stamp = stamp_of(root, run_id)
    return _occlusion(root, image.tobytes(), run_id, stamp, label, patches)


@st.cache_resource(max_entries=512, show_spinner=False)
def _occlusion(
    root: Path, pixels: bytes, run_id: str, stamp: int, label: int, patches: Patches
) -> NDArray[np.float64]:
    from fmnist_core.prediction.occlusion import (  # noqa: PLC0415  # brings SciPy along
        occlusion_map,
    )

    return occlusion_map(_image(pixels), run_id, _shelf(root), label, patches)


def measure_likeness(image: NDArray[np.uint8]) -> "Likeness":
    """Returns how far an image is like the training images. Raises `DataError`."""
    return _likeness(image.tobytes())


@st.cache_resource(max_entries=512, show_spinner=False)
def _likeness(pixels: bytes) -> "Likeness":
    from fmnist_core.inference.likeness import likeness  # noqa: PLC0415  # as above

    return likeness(_image(pixels), _reference())


def upright(
    image: NDArray[np.uint8], applied: Corrections, run_ids: tuple[str, ...]
) -> "Hint | None":
    """Returns what to turn or mirror in a picture. Raises `DataError` and `RunError`."""
    root = runs_root()
    return _upright(root, image.tobytes(), applied, stamps_of(root, run_ids), run_ids)


@st.cache_resource(max_entries=512, show_spinner=False)
def _upright(
    root: Path, pixels: bytes, applied: Corrections, stamps: int, _run_ids: tuple[str, ...]
) -> "Hint | None":
    from fmnist_core.prediction.upright import upright_hint  # noqa: PLC0415  # as above

    def distance(image: NDArray[np.uint8]) -> float:
        return float(_reference().neighbours.nearest(image, 1)[1][0])

    image = _image(pixels)
    return upright_hint(image, applied, _likeness(pixels), _run_ids, _shelf(root), distance)


def neighbours(image: NDArray[np.uint8]) -> tuple[Neighbour, ...]:
    """Returns the nearest training images, nearest first. Raises `DataError`."""
    return _neighbours(image.tobytes())


@st.cache_resource(max_entries=256, show_spinner=False)
def _neighbours(pixels: bytes) -> tuple[Neighbour, ...]:
    pool = load_pool()
    indices, _ = _reference().neighbours.nearest(_image(pixels), NEAREST)
    return tuple(
        Neighbour(int(i), int(pool.labels[i]), tile_png(pool.images[i], NEAREST_SIDE))
        for i in indices
    )


@st.cache_resource(show_spinner=False)
def _reference() -> "Reference":
    """Measures the training images, once a process: a second."""
    from fmnist_core.inference.likeness import make_reference  # noqa: PLC0415  # as above

    return make_reference(training_neighbours(), known_labels()[:TRAIN_COUNT])


def _image(pixels: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(pixels, np.uint8).reshape(28, 28)
