"""What is turned or mirrored is told from what is upright, and nothing is done to it."""

import numpy as np
import pytest

from fmnist_core.data import load_pool
from fmnist_core.figures.leaderboard import leaderboard_frame
from fmnist_core.figures.predict.networks import default_networks
from fmnist_core.inference.conversion.corrections import Corrections, turned
from fmnist_core.inference.likeness import Reference, likeness, make_reference
from fmnist_core.inference.neighbours import make_neighbours
from fmnist_core.prediction.models import ModelShelf
from fmnist_core.prediction.upright import Hint, upright_hint
from fmnist_core.runs.index import list_runs
from tests.shipped_runs import SHIPPED, needs_data, needs_runs

pytestmark = [needs_runs, needs_data]
SHOES = (5, 7, 9)


@pytest.fixture(scope="module")
def reference() -> Reference:
    pool = load_pool()
    return make_reference(make_neighbours(pool.images[:60_000]), pool.labels[:60_000])


@pytest.fixture(scope="module")
def ask(reference):
    shelf = ModelShelf(SHIPPED)
    run_ids = default_networks(leaderboard_frame(list_runs(SHIPPED).runs))

    def asked(image: np.ndarray, applied: Corrections) -> Hint | None:
        def distance(other: np.ndarray) -> float:
            return float(reference.neighbours.nearest(other, 1)[1][0])

        alike = likeness(image, reference)
        return upright_hint(image, applied, alike, run_ids, shelf, distance)

    return asked


def test_upright_images_get_no_hint(ask):
    hints = [ask(image, Corrections()) for image in load_pool().images[60_000::250]]
    assert sum(hint is not None for hint in hints) <= 1


@pytest.mark.parametrize(
    "applied",
    [
        Corrections(quarter_turns=1),
        Corrections(quarter_turns=2),
        Corrections(quarter_turns=3),
        Corrections(quarter_turns=1, mirror=True),
    ],
)
def test_what_a_turn_has_spoilt_is_turned_back(ask, applied):
    images = load_pool().images[60_000::250]
    if applied.mirror:  # upright but for a turn, so that the mirror is no fault
        images = images[:, :, ::-1]
    hints = [ask(turned(image, applied), applied) for image in images]
    given = [hint for hint in hints if hint is not None]
    undone = [hint for hint in given if not hint.quarter_turns % 4]
    assert len(undone) >= 10
    assert len(undone) >= 0.85 * len(given)
    assert all(hint.turns for hint in undone if hint.mirror == applied.mirror)
    assert all(" the training data, and the 3 " in hint.words for hint in given)


def test_a_hint_keeps_the_part_that_was_cropped(ask):
    applied = Corrections(quarter_turns=1, crop=(0, 0, 0.5, 1))
    hint = ask(turned(load_pool().images[60_000], applied), applied)
    assert hint.quarter_turns == 0
    assert hint.crop == (0, 0.5, 1, 1)


def test_a_shoe_that_points_to_the_right_is_offered_a_mirror(ask):
    pool = load_pool()
    shoes = pool.images[60_000:][np.isin(pool.labels[60_000:], SHOES)][::75]
    hints = [ask(turned(shoe, Corrections(mirror=True)), Corrections()) for shoe in shoes]
    mirrored = [hint for hint in hints if hint and hint.mirror and not hint.turns]
    assert len(mirrored) >= len(shoes) / 3
    assert mirrored[0].words.startswith("Mirrored it would be nearer to the training data")
    assert mirrored[0].quarter_turns == 0
