"""Tries a LiteRT model that comes from elsewhere, in a process of its own.

LiteRT is native code that plans its memory from what the file says, so a file that was made to
mislead it may end the process or ask for gigabytes. A child with limits finds that out.
"""

import contextlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fmnist_core.errors import RunError
from fmnist_core.inference.litert import LiteRTModel

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# Beyond what starting takes, which is 0.2 s and 100 MB, most of the latter never touched: the
# largest networks of the catalogue take 0.3 s, and 100 MB of data for 60 MB of weights.
_MOST_CPU_SECONDS = 1.2
_DATA_BYTES, _DATA_BYTES_PER_BYTE = 160 * 1024**2, 8
_MOST_SECONDS = 60.0
# So many images at once: the memory for them is to tell little beside that for the weights.
_BATCH = 10
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


def _limit(path: Path) -> None:
    if os.name == "nt":  # Windows has no such limits
        return
    import resource  # noqa: PLC0415  # not there on Windows

    most = _DATA_BYTES + _DATA_BYTES_PER_BYTE * path.stat().st_size
    with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Its signal ends the process in the middle of native code; RLIMIT_CPU counts in whole seconds.
    signal.setitimer(signal.ITIMER_PROF, _MOST_CPU_SECONDS)


def _answers(path: Path, images: Images, expected: Floats) -> str:
    """Returns what is wrong with the model's answers; nothing where all is well."""
    plain = np.zeros((2, 28, 28), np.uint8)
    plain[1] = 255
    images = np.concatenate([images, plain])
    try:
        model = LiteRTModel(path)
        parts = [model(images[at : at + _BATCH]) for at in range(0, len(images), _BATCH)]
    except RunError:
        return "a file that LiteRT cannot read, or with other outputs"
    probabilities = np.concatenate([part.probabilities for part in parts])
    if probabilities.shape != (len(images), _CLASSES):
        return f"probabilities of shape {probabilities.shape}"
    inside = (probabilities >= 0) & (probabilities <= 1.001)
    if not inside.all() or not all(np.isfinite(part.features).all() for part in parts):
        return "answers that are no probabilities, or not finite"
    apart = np.abs(probabilities[: len(expected)] - expected).max(axis=1)
    if others := int((apart > _FARTHEST).sum()):
        return f"other probabilities than predictions.npz for {others} of {len(expected)} images"
    return ""


if __name__ == "__main__":
    tried = Path(sys.argv[1])
    _limit(tried)
    try:
        with np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False) as told:
            problem = _answers(tried, told["images"], told["expected"])
    except Exception as error:  # whatever it is, the model cannot be used
        problem = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    print(problem)
    sys.exit(1 if problem else 0)
