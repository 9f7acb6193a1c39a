"""Large pictures are decoded by a process of their own: what fails there, and whose fault it is."""

import errno
import subprocess
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fmnist_core.bench.example_uploads import saved
from fmnist_core.errors import TransientUploadError, UploadError
from fmnist_core.inference.files import shrink
from fmnist_core.inference.files.decode import decode


@pytest.fixture
def picture(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A small file that is treated as a large one."""
    monkeypatch.setattr(shrink, "_MOST_PIXELS_HERE", 0)
    noise = np.random.default_rng(0).integers(0, 256, (60, 40, 3), dtype=np.uint8)
    return saved(Image.fromarray(noise), "PNG")


def without_memory(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOMEM, "Cannot allocate memory")


def killed(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.CompletedProcess(command, -9, b"", b"")


def test_a_damaged_file_is_called_damaged(picture):
    at = picture.index(b"IDAT") + 20
    with pytest.raises(UploadError, match="damaged or cut off") as raised:
        decode(picture[:at] + bytes(100) + picture[at + 100 :], "x")
    assert not isinstance(raised.value, TransientUploadError)


@pytest.mark.parametrize(
    ("fake", "received"),
    [(without_memory, r"no start \(Cannot allocate memory\)"), (killed, "an end with status -9")],
)
def test_a_decoder_that_the_machine_fails_is_no_damaged_file(picture, fake, received, monkeypatch):
    monkeypatch.setattr(subprocess, "run", fake)
    with pytest.raises(TransientUploadError, match=received):
        decode(picture, "x")


def test_too_little_memory_in_this_process_is_no_damaged_file(monkeypatch):
    def exhausted(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("fmnist_core.inference.files.decode.shrunk", exhausted)
    with pytest.raises(TransientUploadError, match="memory"):
        decode(saved(Image.new("L", (9, 9)), "PNG"), "x")
