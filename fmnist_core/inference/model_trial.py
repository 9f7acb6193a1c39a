"""Tries a LiteRT model that comes from elsewhere, in a process of its own.

LiteRT is native code that plans its memory from what the file says, so a file that was made to
mislead it may end the process or ask for gigabytes. A child with limits finds that out.
"""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fmnist_core.errors import RunError
from fmnist_core.inference.litert import LiteRTModel

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# The largest network of the catalogue takes 0.4 s of processor time and 300 MB of data.
_MOST_CPU_SECONDS = 5
_MOST_DATA_BYTES = 1024**3
_MOST_SECONDS = 60.0
_CLASSES = 10
# Another processor's answers differ by a thousandth at most, float16 storage by less.
_FARTHEST = 0.01


def try_model(path: Path, images: Images, expected: Floats) -> None:
    """Makes sure that a model reads images and answers with the probabilities it is said to.

    A black and a white image are tried besides, so `images` may be none.

    Args:
        images: (n, 28, 28).
        expected: (n, 10), what its run says that it answers.

    Raises:
        RunError: it does not, or brings down the process that tries.
    """
    told = io.BytesIO()
    np.savez(told, images=images, expected=expected)
    try:
        child = subprocess.run(  # noqa: S603 (our own module, and a path that is no option)
            [sys.executable, "-m", __name__, str(path.resolve())],
            input=told.getvalue(),
            capture_output=True,
            timeout=_MOST_SECONDS,
            cwd=Path(__file__).parents[2],
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RunError(f"{path.name} must answer within {_MOST_SECONDS:.0f} s.") from None
    if child.returncode:
        received = child.stdout.decode(errors="replace").strip()
        raise RunError(
            f"{path.name} must be a LiteRT model of 28x28 images and ten classes, the one that "
            f"made the predictions. Received: {received or 'it ended the process that tried it'}."
        )


def _limit() -> None:
    if os.name == "nt":  # Windows has no such limits
        return
    import resource  # noqa: PLC0415  # not there on Windows

    with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_DATA_BYTES, _MOST_DATA_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_SECONDS, _MOST_CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answers(path: Path, images: Images, expected: Floats) -> str:
    """Returns what is wrong with the model's answers; nothing where all is well."""
    plain = np.zeros((2, 28, 28), np.uint8)
    plain[1] = 255
    images = np.concatenate([images, plain])
    try:
        outputs = LiteRTModel(path)(images)
    except RunError:
        return "a file that LiteRT cannot read, or with other outputs"
    if outputs.probabilities.shape != (len(images), _CLASSES):
        return f"probabilities of shape {outputs.probabilities.shape}"
    inside = (outputs.probabilities >= 0) & (outputs.probabilities <= 1.001)
    if not inside.all() or not np.isfinite(outputs.features).all():
        return "answers that are no probabilities, or not finite"
    apart = np.abs(outputs.probabilities[: len(expected)] - expected).max(axis=1)
    if others := int((apart > _FARTHEST).sum()):
        return f"other probabilities than predictions.npz for {others} of {len(expected)} images"
    return ""


if __name__ == "__main__":
    _limit()
    try:
        with np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False) as told:
            problem = _answers(Path(sys.argv[1]), told["images"], told["expected"])
    except Exception as error:  # whatever it is, the model cannot be used
        problem = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    print(problem)
    sys.exit(1 if problem else 0)
