import pytest

from fmnist_core.errors import FmnistError
from fmnist_core.recipes import Recipe, parse_augmentation


def test_words_from_a_command_line_become_the_kinds_of_the_fields():
    recipe = Recipe.from_dict(
        {"epochs": "5", "learning_rate": "1e-2", "optimizer": "sgd", "fused_batchnorm": "False"}
    )
    assert (recipe.epochs, recipe.learning_rate, recipe.optimizer) == (5, 0.01, "sgd")
    assert recipe.fused_batchnorm is False


def test_a_recipe_survives_its_dictionary():
    recipe = Recipe(optimizer="lion", schedule="cosine", augmentation="flip shift=0.2", limit=100)
    assert Recipe.from_dict(recipe.to_dict()) == recipe


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("learning_rate", 0, "learning_rate must be above 0"),
        ("learning_rate", "nan", "Received: nan"),
        ("learning_rate", "inf", "at most 100"),
        ("learning_rate", "fast", "learning_rate must be a number. Received: 'fast'"),
        ("epochs", 0, "epochs must be at least 1"),
        ("epochs", 2.5, "epochs must be a whole number. Received: 2.5"),
        ("epochs", "2.5", "epochs must be a whole number"),
        ("epochs", True, "epochs must be a whole number. Received: True"),
        ("epochs", 10**400, "epochs must be at least 1 and at most 10000"),
        ("learning_rate", 10**400, "learning_rate must be a number"),
        ("batch_size", 10**9, "batch_size must be at least 1 and at most 70000"),
        ("optimizer", "adm", "Nearest: adam"),
        ("schedule", "cosin", "Nearest: cosine"),
        ("protocol", "holdout", "Nearest: holdout-80-20"),
        ("precision", "float16", "precision must be a known name"),
        ("train_fraction", 0, "train_fraction must be above 0"),
        ("train_fraction", 1.01, "at most 1"),
        ("seed", -1, "seed must be at least 0"),
        ("augmentation", "rotate=5", "Nearest: rotation"),
        ("augmentation", "rotation=0", "above 0 and at most 180"),
        ("augmentation", "flip shift flip=0.2", "must name flip once"),
        ("augmentation", "shift=x", "shift must be a number"),
        ("fused_batchnorm", "maybe", "fused_batchnorm must be true or false"),
        ("optimiser", "adam", "Nearest: optimizer"),
    ],
)
def test_a_value_that_cannot_be_followed_is_refused_in_one_sentence(key, value, said):
    with pytest.raises(FmnistError) as refusal:
        Recipe.from_dict({key: value})
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_augmentation_words_take_their_default_when_no_number_is_given():
    assert parse_augmentation("rotation=15, flip  mixup=0.4") == {
        "rotation": 15.0,
        "flip": 0.5,
        "mixup": 0.4,
    }
