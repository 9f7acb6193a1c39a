import keras
import numpy as np
import pytest

from fmnist_core.architectures.kinds_blocks import HEAD_CLASSES
from fmnist_core.recipes import Recipe
from fmnist_core.training.batches import EpochBatches, Images
from fmnist_core.training.objective import (
    COARSE_LABELS,
    make_objective,
    margin_loss,
    needs_soft_targets,
)

HEADS = {"clothes_goods": 0.3, "garment_group": 0.2}
OUTPUTS = ("probabilities", *HEADS)


def test_every_head_has_a_coarse_label_for_each_of_the_ten_classes():
    assert COARSE_LABELS.keys() == HEAD_CLASSES.keys()
    for name, classes in HEAD_CLASSES.items():
        assert len(COARSE_LABELS[name]) == 10
        assert set(COARSE_LABELS[name]) == set(range(classes))


def test_plain_targets_are_the_labels_and_their_coarse_classes():
    objective = make_objective(OUTPUTS, HEADS, Recipe(), capsules=False)
    targets = objective.targets(np.zeros((3, 28, 28, 1)), np.array([0, 1, 8], np.uint8), None)
    assert {name: list(values) for name, values in targets.items()} == {
        "probabilities": [0, 1, 8],
        "clothes_goods": [0, 0, 1],
        "garment_group": [0, 1, 5],
    }
    assert objective.weights == {"probabilities": 1.0, **HEADS}


def test_mixed_images_have_mixed_targets_in_the_heads_too():
    recipe = Recipe(augmentation="mixup=5", batch_size=20)
    objective = make_objective(OUTPUTS, HEADS, recipe, capsules=False)
    images = Images(np.zeros((20, 28, 28), np.uint8), (np.arange(20) % 10).astype(np.uint8))
    _, targets = EpochBatches(images, recipe, 1, objective.targets, soft=True).batch(0)
    soft = targets["probabilities"]
    assert ((soft > 0) & (soft < 1)).any()
    for name in HEADS:
        for group in range(HEAD_CLASSES[name]):
            members = np.flatnonzero(np.array(COARSE_LABELS[name]) == group)
            expected = soft[:, members].sum(axis=1)
            np.testing.assert_allclose(targets[name][:, group], expected, rtol=1e-6)


@pytest.mark.parametrize("changes", [{}, {"label_smoothing": 0.1}, {"augmentation": "mixup"}])
def test_every_loss_takes_the_targets_that_are_made_for_it(changes):
    recipe = Recipe(**changes)
    objective = make_objective(OUTPUTS, HEADS, recipe, capsules=False)
    labels = np.array([0, 9], np.uint8)
    needs_soft = needs_soft_targets(recipe, capsules=False)
    soft = np.eye(10, dtype=np.float32)[labels] if needs_soft else None
    targets = objective.targets(np.zeros((2, 28, 28, 1)), labels, soft)
    for name, classes in {"probabilities": 10, **HEAD_CLASSES}.items():
        uniform = np.full((2, classes), 1 / classes, np.float32)
        loss = float(objective.losses[name](targets[name], uniform))
        # Against even probabilities, cross-entropy is ln(classes) whatever the smoothing.
        assert loss == pytest.approx(np.log(classes), rel=1e-5)


def test_the_margin_loss_is_that_of_the_paper():
    targets = np.eye(10, dtype=np.float32)[[0, 0]]
    lengths = np.full((2, 10), 0.1, np.float32)
    lengths[0, 0] = 0.9  # all within their margins
    lengths[1, :2] = [0.4, 0.5]  # (0.9 - 0.4)^2 + 0.5 * (0.5 - 0.1)^2
    received = keras.ops.convert_to_numpy(margin_loss(targets, lengths))
    np.testing.assert_allclose(received, [0, 0.25 + 0.08], atol=1e-6)
