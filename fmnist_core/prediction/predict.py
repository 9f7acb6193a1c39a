"""From files to answers: each decoded and converted alone, all read by every network together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist_core.errors import FmnistError, UploadError
from fmnist_core.inference.conversion.convert import convert
from fmnist_core.inference.conversion.corrections import Corrections
from fmnist_core.inference.files.decode import decode
from fmnist_core.inference.files.still import MOST_BYTES
from fmnist_core.inference.likeness import Likeness
from fmnist_core.prediction.answer import Answers, ImageAnswer, answer
from fmnist_core.prediction.models import ModelShelf
from fmnist_core.prediction.upright import Hint, upright_hint

# How an image, uint8 (28, 28), compares with the training images; `None` where they are missing.
Compare = Callable[[NDArray[np.uint8]], Likeness | None]


@dataclass(frozen=True)
class Source:
    """A picture to read: its name, for display only, and how its bytes are had."""

    file: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class StepLine:
    """What one step of the conversion did, in words."""

    name: str
    says: str


@dataclass(frozen=True, eq=False)
class Reading:
    """One file and what became of it. Its pictures are let go, so that a thousand files fit.

    Attributes:
        file: as it was given.
        error: why it could not be read, one sentence; empty where it could.
        image: uint8 (28, 28), light on dark, what the networks see; `None` with an error.
        steps: how the picture became that.
        warnings: what makes the answers doubtful.
        likeness: how the image compares with the training images; `None` where it was not compared.
        answer: what the networks say; `None` with an error.
        hint: what to turn or mirror; `None` where nothing would help, or it was not compared.
    """

    file: str
    error: str
    image: NDArray[np.uint8] | None
    steps: tuple[StepLine, ...]
    warnings: tuple[str, ...]
    likeness: Likeness | None
    answer: ImageAnswer | None
    hint: Hint | None = None


@dataclass(frozen=True, eq=False)
class Predicted:
    """All files in the order given, and what the networks answered.

    Attributes:
        answers: of the files that could be read, in their order; `None` if there are none.
    """

    readings: tuple[Reading, ...]
    answers: Answers | None


@dataclass(frozen=True, eq=False)
class _Converted:
    image: NDArray[np.uint8]
    steps: tuple[StepLine, ...]
    warnings: tuple[str, ...]
    applied: Corrections
    likeness: Likeness | None


def picture_file(path: Path) -> Source:
    """Returns a file on the disk as a source; it is opened when it is read."""
    return Source(str(path), lambda: _read_bounded(path))


def predict_files(
    sources: Iterable[Source],
    run_ids: Sequence[str],
    shelf: ModelShelf,
    corrections: Corrections | None = None,
    compare: Compare | None = None,
) -> Predicted:
    """Returns what these runs say of each file; a bad file hides no other.

    Args:
        sources: the files.
        run_ids: the runs to ask; each reads all images in one call.
        shelf: where their models stand.
        corrections: made to every picture.
        compare: asked of every converted image; what it says of a doubtful one becomes a warning.

    Raises:
        RunError: there are images, and no run that could answer.
    """
    files = [(source.file, _converted(source, corrections, compare)) for source in sources]
    good = [found for _, found in files if isinstance(found, _Converted)]
    answers = answer(np.stack([found.image for found in good]), run_ids, shelf) if good else None
    readings, position = [], 0
    for file, found in files:
        if isinstance(found, str):
            readings.append(Reading(file, found, None, (), (), None, None))
        else:
            said = answers.image(position) if answers else None
            position += 1
            hint = _hint(found, answers.run_ids, shelf, compare) if answers and compare else None
            read = found.image, found.steps, found.warnings, found.likeness
            readings.append(Reading(file, "", *read, said, hint))
    return Predicted(tuple(readings), answers)


def _hint(
    found: _Converted, run_ids: Sequence[str], shelf: ModelShelf, compare: Compare
) -> Hint | None:
    if found.likeness is None:
        return None

    def distance(image: NDArray[np.uint8]) -> float:
        alike = compare(image)
        return alike.nearest_distance if alike else float("inf")

    return upright_hint(found.image, found.applied, found.likeness, run_ids, shelf, distance)


def _converted(
    source: Source, corrections: Corrections | None, compare: Compare | None
) -> _Converted | str:
    """What the networks will see, or why there is nothing to see."""
    try:
        picture = decode(source.read(), source.file)
        conversion = convert(picture, corrections)
    except FmnistError as error:
        return str(error)
    width, height = picture.original_size
    opened = " ".join((f"{picture.format} of {width:,} x {height:,} pixels.", *picture.notes))
    steps = tuple(StepLine(step.name, step.says) for step in conversion.steps)
    alike = compare(conversion.image) if compare else None
    doubted = (alike.words,) if alike and alike.doubtful else ()
    return _Converted(
        conversion.image,
        (StepLine("Opened", opened), *steps),
        (*conversion.warnings, *doubted),
        conversion.corrections,
        alike,
    )


def _read_bounded(path: Path) -> bytes:
    """Reads one byte more than is accepted at most, so that a huge file is refused, not read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UploadError(
            f"a picture must be a readable file. Received: {error.strerror}."
        ) from None
