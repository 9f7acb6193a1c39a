"""The shelf of models: loaded once, bounded, and never one that is damaged."""

import shutil
import threading

import numpy as np
import pytest

from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.inference.litert import LiteRTModel
from fmnist_core.prediction import models
from fmnist_core.prediction.models import ModelShelf
from tests.shipped_runs import SHIPPED, SMALL, copy_runs, damage, needs_runs

pytestmark = needs_runs

IMAGES = np.random.default_rng(0).integers(0, 256, (11, 28, 28)).astype(np.uint8)


def estimated_bytes(run_id):
    """What a shelf reckons for a model, when it stands there alone."""
    shelf = ModelShelf(SHIPPED)
    shelf.model(run_id)
    return shelf.loaded_bytes()


@pytest.fixture
def loads(monkeypatch):
    """Which models were loaded, in order; loading takes as long as on a slow disk."""
    paths = []

    def slow(path):
        paths.append(path.parent.name)
        threading.Event().wait(0.05)
        return LiteRTModel(path)

    monkeypatch.setattr(models, "LiteRTModel", slow)
    return paths


def test_a_model_is_loaded_when_it_is_first_asked_and_then_kept(loads):
    shelf = ModelShelf(SHIPPED)
    assert shelf.loaded() == ()
    first = shelf.model(SMALL[0])
    assert shelf.model(SMALL[0]) is first
    assert loads == [SMALL[0]]


def test_sessions_that_ask_at_once_share_one_load(loads):
    shelf = ModelShelf(SHIPPED)
    start, answers = threading.Barrier(8), []

    def ask():
        start.wait()
        answers.append(shelf.probabilities(SMALL[0], IMAGES))

    sessions = [threading.Thread(target=ask) for _ in range(8)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    assert loads == [SMALL[0]]
    assert len(answers) == 8
    for answer in answers:
        assert np.array_equal(answer, answers[0])


def test_sessions_that_share_too_small_a_shelf_all_get_their_answers():
    expected = {name: ModelShelf(SHIPPED).probabilities(name, IMAGES) for name in SMALL[:4]}
    shelf, wrong = ModelShelf(SHIPPED, most_models=2), []

    def ask(shift):
        for turn in range(20):
            name = SMALL[(turn + shift) % 4]
            if not np.array_equal(shelf.probabilities(name, IMAGES), expected[name]):
                wrong.append(name)

    sessions = [threading.Thread(target=ask, args=(shift,)) for shift in range(6)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    assert wrong == []
    assert len(shelf.loaded()) <= 2


def test_the_model_that_was_not_asked_for_longest_goes_first(loads):
    shelf = ModelShelf(SHIPPED, most_models=2)
    for run_id in (SMALL[0], SMALL[1], SMALL[0], SMALL[2]):
        shelf.model(run_id)
    assert shelf.loaded() == (SMALL[0], SMALL[2])
    shelf.model(SMALL[1])
    assert loads == [SMALL[0], SMALL[1], SMALL[2], SMALL[1]]


def test_where_all_do_not_fit_only_the_largest_is_loaded_again_and_again(loads):
    some = sorted(SMALL[:5], key=lambda run_id: (SHIPPED / run_id / "model.tflite").stat().st_size)
    room = sum(map(estimated_bytes, some)) - 1
    loads.clear()
    shelf = ModelShelf(SHIPPED, most_bytes=room)
    for _ in range(3):
        for run_id in some:
            assert shelf.probabilities(run_id, IMAGES).shape == (11, 10)
            assert shelf.loaded_bytes() <= room
    assert shelf.loaded() == tuple(some[:-1])
    assert loads == [*some, some[-1], some[-1]]


def test_a_model_larger_than_all_the_room_still_answers():
    shelf = ModelShelf(SHIPPED, most_bytes=1)
    assert shelf.probabilities(SMALL[0], IMAGES).shape == (11, 10)
    assert shelf.probabilities(SMALL[1], IMAGES).shape == (11, 10)
    assert shelf.loaded() == ()


def test_many_images_get_what_each_gets_alone():
    shelf = ModelShelf(SHIPPED)
    together = shelf.probabilities(SMALL[-1], IMAGES)
    alone = [shelf.probabilities(SMALL[-1], image[None])[0] for image in IMAGES]
    assert np.array_equal(together, alone)


def test_a_damaged_model_is_refused_and_another_still_answers(tmp_path):
    root = copy_runs(tmp_path, *SMALL[:2])
    damage(root, SMALL[0], "model.tflite")
    shelf = ModelShelf(root)
    for _ in range(2):
        with pytest.raises(RunError, match=r"model\.tflite is damaged"):
            shelf.model(SMALL[0])
    assert shelf.model(SMALL[1])
    assert shelf.loaded() == (SMALL[1],)


def test_a_model_that_was_replaced_is_loaded_anew(tmp_path, loads):
    root = copy_runs(tmp_path, SMALL[0])
    shelf = ModelShelf(root)
    shelf.model(SMALL[0])
    shutil.rmtree(root / SMALL[0])
    shutil.copytree(SHIPPED / SMALL[0], root / SMALL[0])
    shelf.model(SMALL[0])
    shelf.model(SMALL[0])
    assert loads == [SMALL[0], SMALL[0]]


def test_a_run_that_is_deleted_leaves_the_shelf(tmp_path):
    root = copy_runs(tmp_path, SMALL[0])
    shelf = ModelShelf(root)
    shelf.model(SMALL[0])
    (root / SMALL[0]).rename(tmp_path / "elsewhere")
    with pytest.raises(UnknownNameError):
        shelf.model(SMALL[0])
    assert shelf.loaded() == ()


def test_an_id_that_is_none_touches_nothing():
    with pytest.raises(RunError, match="a run id must look like"):
        ModelShelf(SHIPPED).model("../secrets")
