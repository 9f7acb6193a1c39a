"""The loop itself, on a few made-up images whose labels follow from nothing."""

import numpy as np
import pytest

from fmnist_core.errors import RecipeError, RunError
from fmnist_core.recipes import OPTIMIZERS, Recipe
from fmnist_core.training.batches import Images
from fmnist_core.training.checkpoint import load_checkpoint
from fmnist_core.training.loop import best_epoch, train
from fmnist_core.training.network import compile_network

LAYERS = "flatten\ndense 12 relu\ndense 10 softmax\n"
DEEP = "flatten\nrepeat 20\n  dense 64\ndense 10 softmax\n"
EXPLODING = DEEP.replace("dense 64", "dense 64 init he_normal")


def _images(seed, count=40):
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    return Images(pixels, generator.integers(0, 10, count, dtype=np.uint8))


TRAIN, VALIDATION = _images(0), _images(1)


def _train(folder, layers=LAYERS, should_stop=lambda: False, **changes):
    recipe = Recipe(**{"batch_size": 10, "epochs": 3, **changes})
    return train(layers, recipe, TRAIN, VALIDATION, folder, should_stop=should_stop)


def _after(calls):
    """A fake stop that is asked for from a certain call on."""
    asked = iter(range(10_000))
    return lambda: next(asked) >= calls


def _assert_equal(first, second):
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_stop_within_an_epoch_keeps_the_whole_epochs_and_their_weights(tmp_path):
    # Four questions an epoch: one before it, and one after each batch but the last.
    stopped = _train(tmp_path / "a", should_stop=_after(9))
    two_epochs = _train(tmp_path / "b", epochs=2)
    assert (stopped.stopped, stopped.diverged, len(stopped.history)) == (True, False, 2)
    assert [row.loss for row in stopped.history] == [row.loss for row in two_epochs.history]
    _assert_equal(stopped.weights, two_epochs.weights)


def test_a_stop_is_heard_when_an_epoch_is_a_single_batch(tmp_path):
    stopped = _train(tmp_path, batch_size=40, epochs=9, should_stop=_after(3))
    assert stopped.stopped
    assert len(stopped.history) == 3


def test_a_stop_after_the_last_epoch_is_none(tmp_path):
    finished = _train(tmp_path, batch_size=40, epochs=3, should_stop=_after(3))
    assert not finished.stopped


def test_the_best_epoch_on_validation_is_kept_when_asked_for(tmp_path):
    changes = {"optimizer": "momentum", "learning_rate": 0.1}
    best = _train(tmp_path / "a", keep="best", epochs=6, **changes)
    chosen = best_epoch(best.history)
    assert chosen < 6, "the last epoch happens to be the best: the test shows nothing"
    _assert_equal(best.weights, _train(tmp_path / "b", epochs=chosen, **changes).weights)


def test_the_best_weights_survive_an_interruption(tmp_path):
    changes = {"optimizer": "momentum", "learning_rate": 0.1, "keep": "best", "epochs": 6}
    whole = _train(tmp_path / "a", **changes)
    chosen = best_epoch(whole.history)
    first = _train(tmp_path / "b", should_stop=_after(4 * (chosen + 1) + 1), **changes)
    assert chosen < len(first.history) < 6
    _assert_equal(_train(tmp_path / "b", **changes).weights, whole.weights)


def test_training_stops_early_after_the_patience_without_a_better_epoch(tmp_path):
    ended = _train(tmp_path, early_stopping=2, epochs=50, learning_rate=0.01)
    assert len(ended.history) - best_epoch(ended.history) == 2
    assert not ended.stopped


def test_a_plateau_divides_the_rate_after_five_epochs_without_a_lower_loss(tmp_path):
    rows = _train(tmp_path, schedule="plateau", epochs=16, learning_rate=0.02).history
    losses = [row.val_loss for row in rows]
    best = losses.index(min(losses[:8])) + 1
    rates = [row.learning_rate for row in rows]
    assert min(losses) == losses[best - 1], "a lower loss came later: the test shows nothing"
    assert rates[: best + 5] == pytest.approx([0.02] * (best + 5))
    assert rates[best + 5 : best + 10] == pytest.approx([0.002] * len(rates[best + 5 : best + 10]))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_learns_and_its_state_survives_an_interruption(tmp_path, name):
    rate = {"adadelta": 1.0, "adagrad": 0.01}.get(name, 1e-3)
    changes = {"optimizer": name, "learning_rate": rate, "weight_decay": 0.01}
    whole = _train(tmp_path / "a", **changes)
    assert whole.history[-1].loss < whole.history[0].loss
    part = _train(tmp_path / "b", should_stop=_after(5), **changes)
    assert len(part.history) == 1
    _assert_equal(_train(tmp_path / "b", **changes).weights, whole.weights)


@pytest.mark.parametrize(
    ("layers", "batch_size", "received"),
    [
        (EXPLODING, 10, r"a loss of nan in"),
        (LAYERS, 10, r"a loss of [\d.]+e\+06 in"),  # more than a history can hold
        (EXPLODING, 40, r"a loss of [\d.]+ in"),  # fine, but the update after it broke the weights
    ],
)
def test_a_training_that_diverges_in_its_first_epoch_is_refused(
    tmp_path, layers, batch_size, received
):
    with pytest.raises(RecipeError, match=received + ".* Lower learning_rate, now 100"):
        _train(tmp_path, layers, learning_rate=100, batch_size=batch_size)


def test_a_training_that_diverges_later_keeps_the_epochs_before(tmp_path):
    changes = {"optimizer": "sgd", "learning_rate": 0.5, "batch_size": 40}
    ended = _train(tmp_path / "a", DEEP, epochs=9, **changes)
    assert ended.stopped
    assert ended.diverged
    assert 0 < len(ended.history) < 9
    again = _train(tmp_path / "b", DEEP, epochs=len(ended.history), **changes)
    assert not again.stopped
    _assert_equal(ended.weights, again.weights)


def test_only_the_newest_checkpoint_stays_and_another_network_is_refused(tmp_path):
    _train(tmp_path)
    assert [path.name for path in tmp_path.glob("epoch-*")] == ["epoch-00003.safetensors"]
    recipe = Recipe(batch_size=10, epochs=3)
    assert len(load_checkpoint(tmp_path, compile_network(LAYERS, recipe, 4)).history) == 3
    with pytest.raises(RunError, match="must fit the network"):
        load_checkpoint(tmp_path, compile_network("flatten\ndense 10 softmax", recipe, 4))
    weights = tmp_path / "epoch-00003.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    with pytest.raises(RunError, match="must be whole"):
        load_checkpoint(tmp_path, compile_network(LAYERS, recipe, 4))
