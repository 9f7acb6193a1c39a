"""Where training loss is no cross-entropy, the charts that draw it over validation loss say so."""

from dataclasses import dataclass

import pytest

from fmnist_core.figures.training_loss import learning_curves_caveat, training_loss_note
from fmnist_core.recipes import Recipe


@dataclass(frozen=True)
class Trained:
    layers: str
    recipe: Recipe | None


PLAIN = "flatten\ndense 10 softmax"
HEADS = "head clothes_goods 2 weight 0.3\n  flatten\nflatten\ndense 10 softmax"
CAPSULES = (
    "conv 8 9x9 relu\nprimary_capsules 2 4 9x9 strides 2\ncapsules 10 4 routing 2\n"
    "decoder 16\ncapsule_length"
)


@pytest.mark.parametrize(
    ("layers", "recipe", "said"),
    [
        (HEADS, Recipe(), "with auxiliary heads:"),
        (CAPSULES, Recipe(), "with the margin loss of capsules and the reconstruction of images:"),
        ("flatten\ndense 10 softmax l2 0.001", Recipe(), "with weight penalties:"),
        (PLAIN, Recipe(label_smoothing=0.1), "with smoothed labels:"),
        (PLAIN, Recipe(augmentation="flip mixup=0.2"), "with mixed labels:"),
    ],
)
def test_a_loss_that_is_more_than_cross_entropy_is_said_to_be(layers, recipe, said):
    assert said in training_loss_note({"A": Trained(layers, recipe)})


def test_a_cross_entropy_needs_no_words():
    recipe = Recipe(augmentation="flip", weight_decay=0.01)
    assert training_loss_note({"A": Trained(PLAIN, recipe), "B": Trained(PLAIN, None)}) == ""
    assert training_loss_note({"A": Trained("of another version", recipe)}) == ""


def test_only_the_runs_that_it_is_true_of_are_named():
    smoothed = Trained(PLAIN, Recipe(label_smoothing=0.1))
    plain, heads = Trained(PLAIN, Recipe()), Trained(HEADS, Recipe())
    note = training_loss_note({"A": plain, "B_1": smoothed, "C": heads})
    assert "smoothed labels (**B\\_1**); with auxiliary heads (**C**):" in note
    assert "**" not in training_loss_note({"B_1": smoothed, "B_2": smoothed})


def test_only_a_chart_of_losses_speaks_of_them():
    heads = {"A": Trained(HEADS, Recipe())}
    assert "cross-entropy" not in learning_curves_caveat("accuracy", heads)
    assert "with dropout and augmentation on. Validation loss is plain cross-entropy" in (
        learning_curves_caveat("loss", heads)
    )


def test_a_split_without_validation_images_is_named_below_its_curves():
    seen = Trained(PLAIN, Recipe(protocol="test-as-validation"))
    plain = Trained(PLAIN, Recipe())
    assert "the test set stands in" in learning_curves_caveat("accuracy", {"A": plain, "B": seen})
    assert "stands in" not in learning_curves_caveat("accuracy", {"A": plain})
