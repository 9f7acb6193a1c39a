"""A file that is not exactly the published one is refused, with its name and both digests."""

import gzip
import hashlib
import tracemalloc
from pathlib import Path

import pytest

from fmnist_core.data import dataset
from fmnist_core.data.verify import check_file, read_verified
from fmnist_core.errors import DataError

TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = range(4)


def refusal(path: Path, index: int) -> str:
    """Returns the message with which `path` is refused as the data file of that index."""
    file = dataset.DATA_FILES[index]
    with pytest.raises(DataError) as caught:
        read_verified(path, file)
    status = check_file(path.parent, file)
    assert (status.state, status.path, status.problem) == ("damaged", path, str(caught.value))
    assert file.name in str(caught.value)
    assert file.sha256 in str(caught.value)
    assert status.sha256 in str(caught.value)
    assert status.sha256 != file.sha256 or "CRC" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("compressed", [True, False])
def test_the_published_bytes_are_read(put_tiny_data, tiny_contents, tmp_path, compressed):
    put_tiny_data(tmp_path, compressed=compressed)
    for file in dataset.DATA_FILES:
        status = check_file(tmp_path, file)
        assert (status.state, status.problem) == ("good", "")
        assert read_verified(status.path, file) == tiny_contents[file.name]


def test_one_flipped_bit_is_refused(tiny_contents, tmp_path):
    content = bytearray(tiny_contents["train-images-idx3-ubyte"])
    content[1000] ^= 1
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(bytes(content)))
    message = refusal(path, TRAIN_IMAGES)
    assert "changed bytes" in message
    assert hashlib.sha256(content).hexdigest() in message


def test_a_truncated_compressed_file_is_refused(put_tiny_data, tmp_path):
    path = put_tiny_data(tmp_path) / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-500])
    assert "ended before the end-of-stream marker" in refusal(path, TRAIN_IMAGES)


def test_a_truncated_decompressed_file_is_refused(put_tiny_data, tmp_path):
    path = put_tiny_data(tmp_path, compressed=False) / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-5])
    assert "23 of 28 bytes" in refusal(path, TEST_LABELS)


def test_an_empty_file_is_refused(put_tiny_data, tmp_path):
    path = put_tiny_data(tmp_path) / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(b"")
    assert "0 of 28 bytes" in refusal(path, TEST_LABELS)


def test_a_file_that_is_no_gzip_is_refused(put_tiny_data, tmp_path):
    path = put_tiny_data(tmp_path) / "train-labels-idx1-ubyte.gz"
    path.write_bytes(b"<html>Not found</html>")
    assert "Not a gzipped file" in refusal(path, TRAIN_LABELS)


def test_a_wrong_checksum_in_the_gzip_trailer_is_refused(put_tiny_data, tmp_path):
    path = put_tiny_data(tmp_path) / "train-labels-idx1-ubyte.gz"
    content = bytearray(path.read_bytes())
    content[-6] ^= 1
    path.write_bytes(content)
    assert "CRC check failed" in refusal(path, TRAIN_LABELS)


@pytest.mark.parametrize(
    ("index", "brought"),
    [
        (TRAIN_IMAGES, "train-labels-idx1-ubyte"),
        (TRAIN_LABELS, "train-images-idx3-ubyte"),
        (TRAIN_IMAGES, "t10k-images-idx3-ubyte"),
        (TEST_LABELS, "train-labels-idx1-ubyte"),
    ],
)
def test_a_swapped_file_is_refused_and_recognised(tiny_contents, tmp_path, index, brought):
    path = tmp_path / f"{dataset.DATA_FILES[index].name}.gz"
    path.write_bytes(gzip.compress(tiny_contents[brought]))
    message = refusal(path, index)
    if len(tiny_contents[brought]) <= dataset.DATA_FILES[index].size_bytes:
        assert f"the bytes of {brought}" in message
    else:  # no more is read than tells that it is too long
        assert "more than" in message


def test_a_gzip_bomb_is_refused_without_being_unpacked(tiny_contents, tmp_path):
    path = tmp_path / "train-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(bytes(300_000_000), compresslevel=1))
    tracemalloc.start()
    try:
        message = refusal(path, TRAIN_LABELS)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert "more than 38 bytes" in message


def test_a_file_that_may_not_be_read_is_refused(put_tiny_data, tmp_path, monkeypatch):
    path = put_tiny_data(tmp_path, compressed=False) / "t10k-labels-idx1-ubyte"

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # root may read everything, so modes would not do
    assert "Permission denied" in refusal(path, TEST_LABELS)
