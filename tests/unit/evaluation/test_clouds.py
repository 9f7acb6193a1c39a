"""Projections of several runs are cut down to the images that all show, row on row."""

import numpy as np
import pytest

from fmnist_core.errors import RunError
from fmnist_core.evaluation.clouds import PIXELS, pixel_cloud, shared_clouds
from fmnist_core.evaluation.pixel_pca import stored_pixels
from fmnist_core.evaluation.sheet import make_sheet
from fmnist_core.runs.arrays import Predictions, Projection

POOL_LABELS = (np.arange(70_000) % 10).astype(np.uint8)


def run(run_id: str, indices: np.ndarray) -> tuple[str, Predictions, str]:
    probabilities = np.full((len(indices), 10), 0.1, np.float32)
    nothing = np.empty(0, np.uint8)
    predictions = Predictions(
        probabilities,
        POOL_LABELS[indices],
        indices.astype(np.int32),
        np.empty((0, 10), np.float32),
        nothing,
        nothing.astype(np.int32),
    )
    return run_id, predictions, "holdout-80-20"


def projection(indices: np.ndarray, columns: int = 4) -> Projection:
    """Component c of image i is i + c / 10: rows can be told apart."""
    scores = indices[:, None] + np.arange(columns) / 10
    shares = np.full(columns, 0.1, np.float32)
    return Projection(scores.astype(np.float32), shares, indices.astype(np.int32))


def test_only_shared_images_are_kept_each_in_its_row():
    a, b = np.arange(60_000, 60_050), np.arange(60_020, 60_080)
    sheet = make_sheet([run("a", a), run("b", b)])
    shuffled = np.random.default_rng(0).permutation(b[:25])
    clouds = shared_clouds(sheet, {"a": projection(a), "b": projection(shuffled)}, pixels=False)
    assert clouds.indices.tolist() == list(range(60_020, 60_045))
    assert sheet.indices[clouds.positions].tolist() == clouds.indices.tolist()
    assert clouds.labels.tolist() == POOL_LABELS[clouds.indices].tolist()
    for cloud in clouds.clouds:
        assert cloud.scores[:, 0].tolist() == clouds.indices.tolist()


def test_runs_without_a_common_image_are_refused_in_words():
    a, b = np.arange(60_000, 60_050), np.arange(60_000, 60_050)
    sheet = make_sheet([run("a", a), run("b", b)])
    with pytest.raises(RunError, match="must share test images"):
        shared_clouds(sheet, {"a": projection(a[:20]), "b": projection(b[20:])}, pixels=False)


def test_the_pixels_are_laid_beside_a_network_on_the_same_images():
    indices = stored_pixels().projection.indices[:40]
    sheet = make_sheet([run("a", indices)])
    clouds = shared_clouds(sheet, {"a": projection(indices)}, pixels=True)
    pixels, network = clouds.clouds
    assert (pixels.name, network.name) == (PIXELS, "a")
    assert np.array_equal(pixels.scores, pixel_cloud().clouds[0].scores[:40])
    assert pixels.shown(2) == pytest.approx(0.4679, abs=1e-4)


def test_a_layer_of_one_unit_has_no_spread_in_the_second_axis():
    indices = np.arange(60_000, 60_030)
    sheet = make_sheet([run("narrow", indices), run("wide", indices)])
    clouds = shared_clouds(
        sheet, {"narrow": projection(indices, 1), "wide": projection(indices)}, pixels=False
    )
    narrow = clouds.clouds[0]
    assert narrow.scores.shape == (30, 3)
    assert not narrow.scores[:, 1:].any()
    assert narrow.shown(2) == pytest.approx(0.1)
    laid = clouds.laid_onto("wide", 50)
    assert laid["wide"].similarity == pytest.approx(1)
    assert 0 < laid["narrow"].similarity <= 1
