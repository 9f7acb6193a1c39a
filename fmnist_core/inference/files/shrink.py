"""Decoding and reducing in one step, so that the full picture is never kept.

A JPEG file of 12 megapixels is decoded at a half or less and takes 50 MB for 0.15 s. The other
decoders make the whole picture first, WebP four times over (250 MB measured): large ones are
decoded by a process of their own, which is bounded and gives its memory back. Small ones stay in
this process, where they take milliseconds instead of the 0.2 s that a process needs to start.
"""

import hashlib
import io
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import numpy as np
from PIL import Image

from fmnist_core.errors import TransientUploadError
from fmnist_core.inference.files.still import Still

MOST_WORKING_SIDE = 1_024
_MOST_PIXELS_HERE = 3_000_000
_STRIP = 64  # rows
_APART_SECONDS = 5.0
_APART_BYTES = 1 << 30  # of address space; the largest picture needs half of it
_DAMAGED = 3  # exit status: what a decoder raised is the file's fault
_REPOSITORY = Path(__file__).resolve().parents[3]


def shrunk(still: Still) -> Image.Image:
    """Returns the decoded picture as L, RGB, CMYK or RGBA, at most 1,024 pixels a side.

    Raises:
        TransientUploadError: the machine is too busy, or has too little memory.
        Exception: whatever a decoder raises on damaged bytes.
    """
    if still.format == "JPEG" or still.width * still.height <= _MOST_PIXELS_HERE:
        return shrink(still)
    return _shrunk_apart(still)


def shrink(still: Still) -> Image.Image:
    """Does what `shrunk` promises, in this process."""
    size = (still.width, still.height)
    scale = MOST_WORKING_SIDE / max(size)
    small = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    if still.otherwise and _pixels(still.data) != _pixels(still.otherwise):
        raise ValueError("pixels are missing, and not only the mark of the end")
    with Image.open(io.BytesIO(still.data), formats=[still.format]) as opened:
        if opened.size != size:
            raise ValueError("the decoder sees another picture")
        if scale < 1:  # lets JPEG decode at a half, a quarter or an eighth
            opened.draft(None, small)
        opened.load()
        image = _averageable(opened)
    return image.resize(small, Image.Resampling.BOX, reducing_gap=2.0) if scale < 1 else image


def _pixels(data: bytes) -> bytes:
    """A digest of all pixels: what a reduced picture leaves out may be what is missing."""
    digest = hashlib.sha256()
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
        for top in range(0, opened.height, _STRIP):  # a second copy of 36 MB is not made
            digest.update(opened.crop((0, top, opened.width, top + _STRIP)).tobytes())
    return digest.digest()


def _averageable(image: Image.Image) -> Image.Image:
    """Returns the picture in a mode of 8 bits whose values can be averaged."""
    if image.mode.startswith("I"):  # 16-bit grey: the high byte, as 16-bit colours are read
        values = np.asarray(image)
        if values.dtype.itemsize > 2:
            values = values.clip(0, 65_535).astype(np.uint16)
        return Image.fromarray((values >> 8).astype(np.uint8))
    if "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "RGBa"):
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image.copy()
    return image.convert("L" if image.mode == "1" else "RGB")


def _shrunk_apart(still: Still) -> Image.Image:
    command = [sys.executable, "-m", __name__, still.format, str(still.width), str(still.height)]
    try:
        # The arguments are a format's name and two numbers; the file goes through a pipe.
        done = subprocess.run(  # noqa: S603
            command,
            input=still.data,
            capture_output=True,
            timeout=_APART_SECONDS,
            check=False,
            cwd=_REPOSITORY,
        )
    except subprocess.TimeoutExpired:
        _put_off(f"no end after {_APART_SECONDS:.0f} s")
    except OSError as error:
        _put_off(f"no start ({error.strerror})")
    if done.returncode == _DAMAGED:
        raise ValueError("the decoder could not read the picture")
    if done.returncode:
        _put_off(f"an end with status {done.returncode}")
    header, pixels = done.stdout.split(b"\n", 1)
    mode, width, height = header.decode().split()
    return Image.frombytes(mode, (int(width), int(height)), pixels)


def _put_off(received: str) -> NoReturn:
    raise TransientUploadError(
        "A large picture must be decoded by a process of its own that ends within "
        f"{_APART_SECONDS:.0f} s. Received: {received}. Give it again when the machine is less "
        "busy, or give a smaller one."
    )


def _main() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (_APART_BYTES, _APART_BYTES))
    format_name, width, height = sys.argv[1:]
    still = Still(format_name, sys.stdin.buffer.read(), int(width), int(height))
    try:
        image = shrink(still)
    except MemoryError:
        raise
    except Exception:  # whatever a decoder raises on bytes from outside
        sys.exit(_DAMAGED)
    sys.stdout.buffer.write(f"{image.mode} {image.width} {image.height}\n".encode())
    sys.stdout.buffer.write(image.tobytes())


if __name__ == "__main__":
    _main()
