"""Pictures beside the runs: read as they were written, or refused in one sentence."""

import numpy as np
import pytest

from fmnist_core.errors import RunError
from fmnist_core.runs.tsne_file import FOLDER, TsnePicture, read_tsne, write_tsne

DIGEST, OTHER = "ab" * 32, "cd" * 32
NAME = "kadam_a1-20260101-000000-000001"
PICTURE = TsnePicture(
    np.array([[1.5, -2.0], [0.25, 80.0], [3.0, 4.0]], np.float32),
    np.array([60_000, 60_003, 60_009], np.int32),
    DIGEST,
)


def test_a_picture_is_read_as_it_was_written(tmp_path):
    write_tsne(tmp_path, NAME, PICTURE)
    found = read_tsne(tmp_path, NAME, DIGEST)
    np.testing.assert_array_equal(found.points, PICTURE.points)
    np.testing.assert_array_equal(found.indices, PICTURE.indices)
    assert found.points.dtype == np.float32
    assert found.digest == DIGEST


def test_without_a_picture_the_command_that_makes_one_is_named(tmp_path):
    with pytest.raises(RunError, match="has no t-SNE picture yet; `python -m fmnist_core runs"):
        read_tsne(tmp_path, NAME, DIGEST)


def test_the_picture_of_another_projection_is_refused(tmp_path):
    write_tsne(tmp_path, NAME, PICTURE)
    with pytest.raises(RunError, match="must belong to the projection that is there now"):
        read_tsne(tmp_path, NAME, OTHER)


def test_a_file_cut_short_anywhere_is_refused(tmp_path):
    write_tsne(tmp_path, NAME, PICTURE)
    file = tmp_path / FOLDER / f"{NAME}.npz"
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(RunError):
            read_tsne(tmp_path, NAME, DIGEST)


@pytest.mark.parametrize(
    ("points", "indices"),
    [
        (np.array([[np.nan, 0.0]]), np.array([1], np.int32)),
        (np.zeros((2, 2)), np.array([1], np.int32)),
        (np.zeros((1, 3)), np.array([1], np.int32)),
    ],
)
def test_numbers_that_are_no_picture_are_refused(tmp_path, points, indices):
    write_tsne(tmp_path, NAME, TsnePicture(points.astype(np.float32), indices, DIGEST))
    with pytest.raises(RunError, match="two finite numbers an image"):
        read_tsne(tmp_path, NAME, DIGEST)
