"""A run as one zip file: exactly the files of its folder, numbers and names, and no code."""

import io
import stat
import zipfile
from pathlib import Path

from fmnist_core.runs.disk import read_bounded
from fmnist_core.runs.manifest import (
    MANIFEST,
    MOST_MANIFEST_BYTES,
    read_listed,
    read_manifest,
)
from fmnist_core.runs.read import find_run

# The oldest time a zip file can state: equal runs give equal archives, byte by byte.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_FILE_MODE = stat.S_IFREG | 0o644


def export_archive(root: Path, run_id: str) -> bytes:
    """Returns the zip file of a run; its names are those of the run's files, without a folder.

    Every file is compared with the manifest on the way. Nothing is compressed: weights and arrays
    hardly shrink, and another machine's compressor would give other bytes.

    Raises:
        RunError: the run is damaged.
        UnknownNameError: there is no such run.
    """
    folder = find_run(root, run_id)
    manifest = read_manifest(folder)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(manifest.files):
            archive.writestr(_entry(name), read_listed(folder, manifest, name))
        archive.writestr(_entry(MANIFEST), read_bounded(folder / MANIFEST, MOST_MANIFEST_BYTES))
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system, entry.external_attr = _UNIX, _FILE_MODE << 16
    return entry
