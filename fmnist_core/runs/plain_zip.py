"""Zip files that come from elsewhere: bounded before they are read, and while they are unpacked.

Python's reader takes directories of any length, methods without a limit of their own, and unpacks
what a file really holds before it compares that with the size stated: a gigabyte from a kilobyte.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NoReturn

from fmnist_core.errors import RunError

# The end of a zip file: signature, disks, entries, size and place of the directory, comment length.
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE, _ZIP64_SIGNATURE, _FIRST_SIGNATURE = b"PK\5\6", b"PK\6\7", b"PK\3\4"
_ZIP64_BYTES = 20
_MOST_DIRECTORY_BYTES = 16 * 1024
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PIECE = 256 * 1024
# All that Python's reader says of damaged and odd files.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


@contextmanager
def open_zip(file: BinaryIO, what: str, *, most_entries: int) -> Iterator[zipfile.ZipFile]:
    """Yields a zip file whose directory is short and whose entries are stored or deflated.

    Args:
        file: open for reading, and seekable.
        what: the file's name, with which the sentence of a refusal begins.

    Raises:
        RunError: it is anything else.
    """
    _check_end(file, what, most_entries)
    try:
        archive = zipfile.ZipFile(file)
    except _UNREADABLE as error:
        refuse(what, "be a zip file that can be read", error)
    with archive:
        for entry in archive.infolist():
            if entry.flag_bits & _ENCRYPTED:
                refuse(what, "not be encrypted", repr(entry.filename[:80]))
            if entry.compress_type not in _METHODS:
                received = f"compression method {entry.compress_type}"
                refuse(what, "be stored or deflated", received)
        yield archive


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, what: str) -> Iterator[bytes]:
    """Yields an entry piece by piece, never more than its stated size.

    Raises:
        RunError: it is damaged, or not as long as it says; the sentence begins with `what`.
    """
    try:
        with archive.open(entry) as packed:
            while piece := packed.read(_PIECE):
                yield piece
    except _UNREADABLE as error:
        refuse(what, "be whole", error)


def refuse(what: str, must: str, received: object) -> NoReturn:
    """Raises the `RunError` that says what a zip file must be, and is not."""
    raise RunError(f"{what} must {must}. Received: {received}.")


def _check_end(file: BinaryIO, what: str, most_entries: int) -> None:
    """One directory at the end and nothing after it, of a length that is read in no time."""
    size = file.seek(0, 2)
    file.seek(0)
    begins = file.read(len(_FIRST_SIGNATURE))
    file.seek(max(0, size - _END.size - _ZIP64_BYTES))
    tail = file.read()
    if begins not in (_FIRST_SIGNATURE, _END_SIGNATURE):
        refuse(what, "be a zip file", "another kind of file")
    if tail[-_END.size :][:4] != _END_SIGNATURE:
        received = "a file that was cut off or added to"
        refuse(what, "end with its directory and no comment", received)
    _, disk, first_disk, here, total, length, offset, comment = _END.unpack(tail[-_END.size :])
    if total > most_entries:
        refuse(what, f"hold at most {most_entries} files", f"{total:,}")
    whole = offset + length + _END.size == size and not (disk or first_disk or comment)
    if not whole or here != total or tail.startswith(_ZIP64_SIGNATURE):
        refuse(what, "be one plain zip file", "one with parts that do not fit together")
    if length > _MOST_DIRECTORY_BYTES:
        must = f"have a directory of at most {_MOST_DIRECTORY_BYTES:,} bytes"
        refuse(what, must, f"{length:,}")
