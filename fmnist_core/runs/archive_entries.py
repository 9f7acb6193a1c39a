"""What the archive of a run may hold, decided before a byte of it is unpacked.

A zip file can name paths outside its folder, links, the same name twice, or a gigabyte in a few
kilobytes. Python's reader follows some of that and reads directories of any length, so the archive
must be plainer than the format allows, and only the names of a run's files are ever opened.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, NoReturn

from fmnist_core.errors import RunError
from fmnist_core.runs.ids import is_run_id
from fmnist_core.runs.manifest import MANIFEST, MOST_MANIFEST_BYTES, REQUIRED_FILES, RUN_FILES

MOST_ARCHIVE_BYTES = 128 * 1024 * 1024
# The end of a zip file: signature, disks, entries, size and place of the directory, comment length.
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE, _ZIP64_SIGNATURE, _FIRST_SIGNATURE = b"PK\5\6", b"PK\6\7", b"PK\3\4"
_ZIP64_BYTES = 20
# Before each file: its signature, 22 bytes that the directory repeats, two lengths.
_LOCAL_HEADER = struct.Struct("<4s22s2H")
# Programs note times and owners there, in some 40 bytes.
_MOST_EXTRA_BYTES = 128
# A packer that does not know a size beforehand states it behind the file instead.
_SIZE_FOLLOWS = 0x8
_FOLLOWING_SIGNATURE, _FOLLOWING_BYTES = b"PK\7\x08", 12
_MOST_ENTRIES = len(RUN_FILES) + 2  # the manifest, and perhaps the folder itself
_MOST_DIRECTORY_BYTES = 16 * 1024
# Files of runs shrink to a tenth at most; deflate reaches 1,032.
_MOST_RATIO = 100
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PIECE = 256 * 1024
_MAY_HOLD_CODE = {".keras", ".h5", ".hdf5", ".pkl", ".pickle", ".joblib", ".pt", ".pth", ".npy"}
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

Entries = dict[str, zipfile.ZipInfo]


@contextmanager
def open_archive(file: BinaryIO) -> Iterator[tuple[zipfile.ZipFile, Entries]]:
    """Yields the archive of a run and its entries by the names of the run's files.

    Args:
        file: open for reading, and seekable.

    Raises:
        RunError: it is no plain zip file of exactly the files of one run, or is too large.
    """
    size = file.seek(0, 2)
    _check_end(file, size)
    try:
        archive = zipfile.ZipFile(file)
    except _UNREADABLE as error:
        _refuse("be a zip file that can be read", error)
    with archive:
        entries = _entries(archive.infolist())
        _check_gapless(file, archive)
        yield archive, entries


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yields an entry piece by piece, never more than its stated size.

    Raises:
        RunError: it is damaged, or not as long as it says.
    """
    try:
        with archive.open(entry) as packed:
            while piece := packed.read(_PIECE):
                yield piece
    except _UNREADABLE as error:
        _refuse("be whole", error)


def _check_end(file: BinaryIO, size: int) -> None:
    """One directory at the end and nothing after it, of a length that is read in no time."""
    if size > MOST_ARCHIVE_BYTES:
        _refuse(f"have at most {MOST_ARCHIVE_BYTES:,} bytes", f"{size:,}")
    file.seek(0)
    begins = file.read(len(_FIRST_SIGNATURE))
    file.seek(max(0, size - _END.size - _ZIP64_BYTES))
    tail = file.read()
    if begins not in (_FIRST_SIGNATURE, _END_SIGNATURE):
        _refuse("be a zip file", "another kind of file")
    if tail[-_END.size :][:4] != _END_SIGNATURE:
        _refuse("end with its directory and no comment", "a file that was cut off or added to")
    _, disk, first_disk, here, total, length, offset, comment = _END.unpack(tail[-_END.size :])
    if total > _MOST_ENTRIES:
        _refuse(f"hold at most {_MOST_ENTRIES} files", f"{total:,}")
    whole = offset + length + _END.size == size and not (disk or first_disk or comment)
    if not whole or here != total or tail.startswith(_ZIP64_SIGNATURE):
        _refuse("be one plain zip file", "one with parts that do not fit together")
    if length > _MOST_DIRECTORY_BYTES:
        _refuse(f"have a directory of at most {_MOST_DIRECTORY_BYTES:,} bytes", f"{length:,}")


def _entries(found: Sequence[zipfile.ZipInfo]) -> Entries:
    for entry in found:
        _check_kind(entry)
    folder = _folder(found)
    entries: Entries = {}
    for entry in found:
        name = entry.filename.removeprefix(folder)
        if not name:  # the folder itself
            continue
        _check_name(name)
        if name in entries:
            _refuse("hold each file once", f"{name} twice")
        _check_size(name, entry)
        entries[name] = entry
    if missing := sorted({MANIFEST, *REQUIRED_FILES} - entries.keys()):
        _refuse(f"hold {', '.join([*REQUIRED_FILES, MANIFEST])}", f"none named {missing[0]}")
    if sum(entry.file_size for entry in found) > MOST_ARCHIVE_BYTES:
        _refuse(f"hold at most {MOST_ARCHIVE_BYTES:,} bytes", "more")
    return entries


def _check_kind(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        _refuse("hold plain files, no links and no devices", repr(entry.filename[:80]))
    if entry.flag_bits & _ENCRYPTED:
        _refuse("not be encrypted", repr(entry.filename[:80]))
    if entry.compress_type not in _METHODS:
        _refuse("be stored or deflated", f"compression method {entry.compress_type}")


def _folder(found: Sequence[zipfile.ZipInfo]) -> str:
    """Returns "run_id/" where all entries lie in one folder named like a run; else nothing."""
    name, slash, _ = found[0].filename.partition("/") if found else ("", "", "")
    folder = name + slash
    inside = slash and is_run_id(name) and all(e.filename.startswith(folder) for e in found)
    return folder if inside else ""


def _check_name(name: str) -> None:
    if name in RUN_FILES or name == MANIFEST:
        return
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name:
        _refuse("hold no path that leads out of it", repr(name[:80]))
    if path.suffix.lower() in _MAY_HOLD_CODE:
        _refuse("hold no file that could carry code", repr(name[:80]))
    _refuse(f"hold nothing but {', '.join([*RUN_FILES, MANIFEST])}", repr(name[:80]))


def _check_size(name: str, entry: zipfile.ZipInfo) -> None:
    most = RUN_FILES.get(name, MOST_MANIFEST_BYTES)
    if entry.file_size > most:
        _refuse(f"hold a {name} of at most {most:,} bytes", f"{entry.file_size:,}")
    if entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
        what = f"{entry.file_size:,} bytes of {name} in {entry.compress_size:,}"
        _refuse(f"hold files packed at most {_MOST_RATIO}-fold", what)


def _check_gapless(file: BinaryIO, archive: zipfile.ZipFile) -> None:
    """Each file ends where the next begins, the last one at the directory.

    Else bytes that nobody looks at could travel between them; and of two entries that share their
    bytes, Python 3.11.7 would unpack one many times.
    """
    place = 0
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        if entry.header_offset != place:
            _refuse_gap(entry.filename, entry.header_offset - place)
        file.seek(place)
        header = file.read(_LOCAL_HEADER.size).ljust(_LOCAL_HEADER.size, b"\0")
        _, _, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
        longest = max(extra_bytes, len(entry.extra), len(entry.comment))
        if longest > _MOST_EXTRA_BYTES:
            most = f"note at most {_MOST_EXTRA_BYTES} bytes beside the name of a file"
            _refuse(most, f"{longest:,} at {entry.filename!r}")
        place += _LOCAL_HEADER.size + name_bytes + extra_bytes + entry.compress_size
        if entry.flag_bits & _SIZE_FOLLOWS:
            file.seek(place)
            signed = file.read(len(_FOLLOWING_SIGNATURE)) == _FOLLOWING_SIGNATURE
            place += _FOLLOWING_BYTES + len(_FOLLOWING_SIGNATURE) * signed
    if place != archive.start_dir:
        _refuse_gap("its directory", archive.start_dir - place)


def _refuse_gap(before: str, count: int) -> NoReturn:
    where = f"{count:,} bytes before {before!r}" if count > 0 else f"{before!r} upon another"
    _refuse("hold its files beside each other, with nothing between them", where)


def _refuse(must: str, received: object) -> NoReturn:
    raise RunError(f"the archive of a run must {must}. Received: {received}.")
