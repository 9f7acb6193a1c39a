"""The map of what mattered shows the part of the image that decides."""

import numpy as np
import pytest

from fmnist_core.data import load_pool
from fmnist_core.prediction import answer as answering
from fmnist_core.prediction import occlusion
from fmnist_core.prediction.answer import answer
from fmnist_core.prediction.models import ModelShelf
from fmnist_core.prediction.occlusion import occlusion_map
from fmnist_core.prediction.patches import FINE, MOST_MACS, Patches, patches_for
from fmnist_core.prediction.temperature import Calibration
from tests.shipped_runs import RUNS, SHIPPED, needs_data, needs_runs

PLAIN = Calibration(None, 0, None, None, "made up")


class _CornerReader:
    """A fake shelf: its network says class 3 as surely as the upper left 4 x 4 pixels are light."""

    root = SHIPPED

    def probabilities(self, run_id, images):
        light = images[:, :4, :4].mean(axis=(1, 2)) / 255
        rows = np.zeros((len(images), 10), np.float32)
        rows[:, 3], rows[:, 8] = light, 1 - light
        return rows


@pytest.fixture
def corner_reader(monkeypatch):
    monkeypatch.setattr(occlusion, "calibration", lambda root, run_id: PLAIN)
    return _CornerReader()


@pytest.fixture
def light():
    return np.full((28, 28), 255, np.uint8)


def test_only_the_pixels_that_decide_stand_out(corner_reader, light):
    shown = occlusion_map(light, "any", corner_reader)
    assert shown.shape == (28, 28)
    assert shown[0, 0] == pytest.approx(1, abs=1e-5)  # the one patch there covers all that counts
    assert shown[:4, :4].min() > 0.1
    assert np.allclose(shown[10:], 0)
    assert np.allclose(shown[:, 10:], 0)


def test_what_speaks_for_another_class_is_below_zero(corner_reader, light):
    shown = occlusion_map(light, "any", corner_reader, label=8)
    assert shown[0, 0] == pytest.approx(-1, abs=1e-5)


@pytest.mark.parametrize(("side", "stride"), [(6, 2), (7, 3), (5, 5), (28, 1), (1, 1)])
def test_every_pixel_is_covered_whatever_the_patches(corner_reader, light, side, stride):
    shown = occlusion_map(light, "any", corner_reader, patches=Patches(side, stride))
    assert np.isfinite(shown).all()


def test_a_fall_is_one_of_the_probability_that_the_answer_states(monkeypatch):
    class Sure:
        """A fake shelf: of a light image, class 3 is all but certain; of a black one, nothing."""

        root = SHIPPED

        def probabilities(self, run_id, images):
            light = images.mean(axis=(1, 2))[:, None] > 0
            return np.where(light, [[1e-10] * 3 + [1] + [1e-10] * 6], 0.1).astype(np.float32)

    softened = Calibration(5.0, 100, 0.1, 0.0, "made up")
    monkeypatch.setattr(occlusion, "calibration", lambda root, run_id: softened)
    monkeypatch.setattr(answering, "calibration", lambda root, run_id: softened)
    light = np.full((28, 28), 255, np.uint8)
    stated = answer(light[None], ["any"], Sure()).image(0).ensemble.probability
    shown = occlusion_map(light, "any", Sure(), patches=Patches(28, 1))
    assert stated == pytest.approx(0.92, abs=0.01)
    assert shown == pytest.approx(np.full((28, 28), stated - 0.1), abs=1e-4)


def test_the_image_itself_stays_as_it_is(corner_reader, light):
    occlusion_map(light, "any", corner_reader)
    assert (light == 255).all()


def test_the_larger_the_network_the_fewer_the_places_and_no_pixel_is_left_out():
    sizes = [10**power for power in range(4, 13)]
    counts = [patches_for(macs).count for macs in sizes]
    assert counts[0] == FINE.count == 144
    assert counts == sorted(counts, reverse=True)
    for macs in sizes:
        patches = patches_for(macs)
        assert patches.stride <= patches.side
        assert macs * patches.count <= MOST_MACS or patches_for(10 * macs) == patches


@needs_data
@needs_runs
def test_a_map_shows_what_mattered_to_a_real_network():
    shelf, image = ModelShelf(SHIPPED), load_pool().images[60_000]
    for run_id in RUNS:
        shown = occlusion_map(image, run_id, shelf)
        # The ankle boot is where something changes; covering what is empty already changes nothing.
        assert np.abs(shown).max() > 0
        assert shown[0, 0] == pytest.approx(0, abs=1e-6)
