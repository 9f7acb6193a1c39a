"""Tries a LiteRT model that comes from elsewhere, in a process of its own.

LiteRT is native code that plans its memory from what the file says, so a file that was made to
mislead it may end the process or ask for gigabytes. A child with limits finds that out.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from fmnist_core.errors import RunError
from fmnist_core.inference.litert import LiteRTModel

# The largest network of the catalogue takes 0.4 s of processor time and 300 MB of data.
_MOST_CPU_SECONDS = 5
_MOST_DATA_BYTES = 1024**3
_MOST_SECONDS = 60.0
_CLASSES = 10


def try_model(path: Path) -> None:
    """Makes sure that a model reads images and answers with ten probabilities for each.

    Raises:
        RunError: it does not, or brings down the process that tries.
    """
    try:
        child = subprocess.run(  # noqa: S603 (our own module, and a path that is no option)
            [sys.executable, "-m", __name__, str(path.resolve())],
            capture_output=True,
            text=True,
            timeout=_MOST_SECONDS,
            cwd=Path(__file__).parents[2],
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RunError(f"{path.name} must answer within {_MOST_SECONDS:.0f} s.") from None
    if child.returncode:
        received = child.stdout.strip() or "it ended the process that tried it"
        raise RunError(
            f"{path.name} must be a LiteRT model of 28x28 images and ten classes. "
            f"Received: {received}."
        )


def _limit() -> None:
    if os.name == "nt":  # Windows has no such limits
        return
    import resource  # noqa: PLC0415  # not there on Windows

    with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_DATA_BYTES, _MOST_DATA_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_SECONDS, _MOST_CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answers(path: Path) -> str:
    """Returns what is wrong with the model's answers; nothing where all is well."""
    images = np.zeros((2, 28, 28), np.uint8)
    images[1] = 255
    try:
        outputs = LiteRTModel(path)(images)
    except RunError:
        return "a file that LiteRT cannot read, or with other outputs"
    if outputs.probabilities.shape != (len(images), _CLASSES):
        return f"probabilities of shape {outputs.probabilities.shape}"
    inside = (outputs.probabilities >= 0) & (outputs.probabilities <= 1.001)
    if not inside.all() or not np.isfinite(outputs.features).all():
        return "answers that are no probabilities, or not finite"
    return ""


if __name__ == "__main__":
    _limit()
    try:
        problem = _answers(Path(sys.argv[1]))
    except Exception as error:  # whatever it is, the model cannot be used
        problem = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    print(problem)
    sys.exit(1 if problem else 0)
