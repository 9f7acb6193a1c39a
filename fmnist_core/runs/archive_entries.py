"""What the archive of a run may hold, decided before a byte of it is unpacked.

A zip file can name paths outside its folder, links, the same name twice, or a gigabyte in a few
kilobytes. Python's reader follows some of that, so the archive must be plainer than the format
allows, and only the names of a run's files are ever opened.
"""

import stat
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, NoReturn

from fmnist_core.runs.ids import is_run_id
from fmnist_core.runs.manifest import MANIFEST, MOST_MANIFEST_BYTES, REQUIRED_FILES, RUN_FILES
from fmnist_core.runs.plain_zip import open_zip, refuse

ARCHIVE = "the archive of a run"  # as sentences call it
MOST_ARCHIVE_BYTES = 128 * 1024 * 1024
# Before each file: its signature, 22 bytes that the directory repeats, two lengths.
_LOCAL_HEADER = struct.Struct("<4s22s2H")
# Programs note times and owners there, in some 40 bytes.
_MOST_EXTRA_BYTES = 128
# A packer that does not know a size beforehand states it behind the file instead.
_SIZE_FOLLOWS = 0x8
_FOLLOWING_SIGNATURE, _FOLLOWING_BYTES = b"PK\7\x08", 12
_MOST_ENTRIES = len(RUN_FILES) + 2  # the manifest, and perhaps the folder itself
# Files of runs shrink to a tenth at most; deflate reaches 1,032.
_MOST_RATIO = 100
_MAY_HOLD_CODE = {".keras", ".h5", ".hdf5", ".pkl", ".pickle", ".joblib", ".pt", ".pth", ".npy"}

Entries = dict[str, zipfile.ZipInfo]


@contextmanager
def open_archive(file: BinaryIO) -> Iterator[tuple[zipfile.ZipFile, Entries]]:
    """Yields the archive of a run and its entries by the names of the run's files.

    Args:
        file: open for reading, and seekable.

    Raises:
        RunError: it is no plain zip file of exactly the files of one run, or is too large.
    """
    if (size := file.seek(0, 2)) > MOST_ARCHIVE_BYTES:
        _refuse(f"have at most {MOST_ARCHIVE_BYTES:,} bytes", f"{size:,}")
    with open_zip(file, ARCHIVE, most_entries=_MOST_ENTRIES) as archive:
        entries = _entries(archive.infolist())
        _check_gapless(file, archive)
        yield archive, entries


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
    refuse(ARCHIVE, must, received)
