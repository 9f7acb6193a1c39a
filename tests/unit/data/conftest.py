"""A made-up data set of a few images, and a search that sees nothing else of the machine."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data import dataset, locations, pool
from fmnist_core.data.dataset import DataFile

TinyContents = dict[str, bytes]  # file name -> decompressed bytes


@pytest.fixture
def tiny_contents(monkeypatch: pytest.MonkeyPatch) -> TinyContents:
    """Puts 30 training and 20 test images in the place of Fashion-MNIST; returns their files."""
    generator = np.random.default_rng(7)
    contents, files = {}, []
    for published, count in zip(dataset.DATA_FILES, (30, 30, 20, 20), strict=True):
        images = "images" in published.name
        values = generator.integers(0, 256 if images else 10, count * (784 if images else 1))
        header = b"\0" * (pool.IMAGE_HEADER_BYTES if images else pool.LABEL_HEADER_BYTES)
        content = header + values.astype(np.uint8).tobytes()
        contents[published.name] = content
        digest = hashlib.sha256(content).hexdigest()
        download_bytes = len(gzip.compress(content))
        files.append(DataFile(published.name, len(content), digest, download_bytes))
    monkeypatch.setattr(dataset, "DATA_FILES", tuple(files))
    return contents


@pytest.fixture
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Points every place of the search into an empty folder, and returns that folder."""
    monkeypatch.delenv("FMNIST_DATA_DIR", raising=False)
    monkeypatch.setattr(locations, "REPOSITORY", tmp_path / "project")
    monkeypatch.setattr(locations, "DEBIAN_FOLDER", tmp_path / "debian")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    pool._load.cache_clear()
    pool._test_images.cache_clear()
    return tmp_path


@pytest.fixture
def put_tiny_data(tiny_contents: TinyContents) -> Callable[..., Path]:
    """Returns a function that writes the made-up files into a folder."""

    def put(folder: Path, *, compressed: bool = True, leave_out: str = "") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in tiny_contents.items():
            if name == leave_out:
                continue
            if compressed:
                (folder / f"{name}.gz").write_bytes(gzip.compress(content))
            else:
                (folder / name).write_bytes(content)
        return folder

    return put
