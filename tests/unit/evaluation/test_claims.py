"""A record must follow from its evidence: what does is believed, what does not is named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data import PROTOCOLS, known_labels, make_split
from fmnist_core.evaluation.claims import claim_problems
from fmnist_core.evaluation.run_metrics import metrics_of
from fmnist_core.recipes import Recipe
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.read import read_history, read_predictions, read_run, run_ids
from fmnist_core.runs.schema import ImageCounts, Metrics, Provenance, Run
from fmnist_core.training.plan import Plan
from fmnist_core.training.provenance import provenance
from tests.shipped_runs import shipped_run

SHIPPED = Path(__file__).parents[3] / "cached_runs"
RUN_ID = shipped_run("kadam_a1")
RUN, HISTORY = read_run(SHIPPED, RUN_ID), read_history(SHIPPED, RUN_ID)
PREDICTIONS = read_predictions(SHIPPED, RUN_ID)

Evidence = tuple[Run, tuple[EpochRow, ...], Predictions]


def problems(run: Run, history=HISTORY, predictions=PREDICTIONS) -> str:
    return "\n".join(claim_problems(run, history, predictions))


@pytest.mark.parametrize("run_id", run_ids(SHIPPED))
def test_every_run_that_ships_is_borne_out(run_id):
    run, history = read_run(SHIPPED, run_id), read_history(SHIPPED, run_id)
    assert problems(run, history, read_predictions(SHIPPED, run_id)) == ""


def made(
    recipe: Recipe, epochs: int, *, architecture: str = "custom", **changes: object
) -> Evidence:
    """What an honest training leaves behind; its answers are right for nine images of ten."""
    split = make_split(
        recipe.protocol, known_labels(), recipe.seed, recipe.train_fraction, recipe.limit
    )
    predictions = Predictions(*answers(split.test), *answers(split.validation))
    reached = metrics_of(predictions, ()).val_accuracy
    # The best epoch comes two before the last.
    rising = [reached - 0.001 * abs(epochs - 2 - number) for number in range(1, epochs + 1)]
    history = tuple(
        EpochRow(number, 1 / number, 0.9, 1 / number, value, 1e-3, 0.1, 0.3)
        for number, value in enumerate(rising, 1)
    )
    run = replace(
        RUN,
        run_id=f"{architecture}-20260101-000000-000000",
        architecture=architecture,
        provenance=origin(architecture, recipe),
        recipe=recipe,
        protocol=recipe.protocol,
        seed=recipe.seed,
        epochs=epochs,
        epochs_planned=recipe.epochs,
        images=ImageCounts(len(split.train), len(split.validation), len(split.test)),
        train_seconds=0.1 * epochs,
        train_cpu_seconds=0.3 * epochs,
        metrics=replace(metrics_of(predictions, history), train_accuracy=0.9, train_loss=0.3),
        **changes,
    )
    return run, history, predictions


def origin(architecture: str, recipe: Recipe) -> Provenance:
    """What the training itself writes; a newer catalogue's may say anything."""
    if architecture == "of_tomorrow":
        return Provenance("stated", "009", ("epochs: 5 here, 500 in the source.",), "")
    return provenance(Plan("", "", architecture, None, "", recipe))


def answers(indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    labels = known_labels()[indices]
    guesses = np.where(np.arange(len(labels)) % 10 == 3, (labels + 1) % 10, labels)
    probabilities = np.full((len(labels), 10), 0.02, np.float32)
    probabilities[np.arange(len(labels)), guesses] = 0.82
    return probabilities, labels, indices


HONEST = {
    "a custom network": made(Recipe(epochs=5), 5),
    "stopped early by its recipe": made(Recipe(epochs=20, early_stopping=2), 7),
    "stopped by a person": made(Recipe(epochs=20), 7, status="stopped", budget="stopped"),
    "stopped before its patience ended": made(
        Recipe(epochs=20, early_stopping=5), 7, status="stopped", budget="stopped"
    ),
    "on a few images": made(Recipe(epochs=5, limit=500), 5, budget="reduced"),
    "on a quarter": made(
        replace(RUN.recipe, epochs=5, train_fraction=0.25),
        5,
        architecture="kadam_a1",
        budget="reduced",
    ),
    "on a custom quarter": made(Recipe(epochs=5, train_fraction=0.25), 5, budget="reduced"),
    "of an unknown catalogue": made(Recipe(epochs=5), 5, architecture="of_tomorrow"),
    "its best epoch kept": made(Recipe(epochs=5, keep="best"), 5),
    **{
        f"under {protocol}": made(Recipe(epochs=3, protocol=protocol, seed=7), 3)
        for protocol in PROTOCOLS
    },
}


@pytest.mark.parametrize("kind", HONEST)
def test_every_kind_of_honest_training_is_borne_out(kind):
    assert problems(*HONEST[kind]) == ""


BASELINE = {
    "recipe": None,
    "layers": "",
    "epochs": 0,
    "epochs_planned": 0,
    "train_seconds": 12.0,
    "architecture": "svc",
    "run_id": "svc-20260101-000000-000000",
    "provenance": Provenance("baseline", "001", (), ""),
    "metrics": replace(RUN.metrics, best_epoch=None, best_val_accuracy=None),
}


@pytest.mark.parametrize(
    ("images", "budget"), [(48_000, "full"), (48_000, "reduced"), (300, "reduced")]
)
def test_a_baseline_is_borne_out(images, budget):
    counts = replace(RUN.images, train=images)
    assert problems(replace(RUN, **BASELINE, images=counts, budget=budget), ()) == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"images": replace(RUN.images, train=300), "budget": "full"}, "budget must be reduced"),
        ({"budget": "stopped"}, "budget must be full"),
        ({"images": replace(RUN.images, train=48_001)}, "at most 48,000"),
        ({"layers": RUN.layers}, "must be a baseline"),
        ({"epochs_planned": 5}, "must be a baseline"),
        ({"status": "stopped"}, "must be a baseline"),
        ({"metrics": RUN.metrics}, "best_epoch must be null"),
    ],
)
def test_a_baseline_that_is_none_is_named(changes, says):
    assert says in problems(replace(RUN, **{**BASELINE, **changes}), ())


GUESSES = PREDICTIONS.test_probabilities.argmax(axis=1).astype(np.uint8)
RIGHT = np.flatnonzero(PREDICTIONS.test_labels == GUESSES)[:100]
FORGED = {
    "the network's own answers as labels": (
        replace(PREDICTIONS, test_labels=GUESSES),
        "true labels of its test images",
    ),
    "other labels of validation images": (
        replace(PREDICTIONS, validation_labels=(PREDICTIONS.validation_labels + 1) % 10),
        "true labels of its validation images. Received: 12,000 others",
    ),
    "training images": (
        replace(PREDICTIONS, test_indices=PREDICTIONS.test_indices - 60_000),
        "10,000 test images of holdout-80-20, seed 0, in ascending order. "
        "Received: 10,000 images, 10,000 of them others",
    ),
    "a hundred chosen images": (
        replace(
            PREDICTIONS,
            test_probabilities=PREDICTIONS.test_probabilities[RIGHT],
            test_labels=PREDICTIONS.test_labels[RIGHT],
            test_indices=PREDICTIONS.test_indices[RIGHT],
        ),
        "Received: 100 images, 0 of them others",
    ),
    "test images for validation": (
        replace(PREDICTIONS, validation_indices=np.arange(58_000, 70_000, dtype=np.int32)),
        "12,000 validation images of holdout-80-20",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_forged_images_and_labels_are_named(what):
    predictions, says = FORGED[what]
    metrics = metrics_of(predictions, HISTORY)
    assert says in problems(replace(RUN, metrics=metrics), HISTORY, predictions)


FOLLOWING = {
    "test_accuracy": 0.99,
    "test_accuracy_ci95": (0.0, 1.0),
    "test_loss": 0.0,
    "test_macro_f1": 1.0,
    "val_accuracy": 1.0,
    "val_accuracy_ci95": (0.0, 0.1),
    "val_loss": None,
    "best_epoch": 9999,
    "best_val_accuracy": 1.0,
}


def test_every_figure_but_those_of_training_images_follows_from_the_evidence():
    fields = set(Metrics.__dataclass_fields__)
    assert fields == {*FOLLOWING, "train_accuracy", "train_loss"}


@pytest.mark.parametrize("name", FOLLOWING)
def test_a_figure_that_does_not_follow_is_named(name):
    # Past the record's own check that an accuracy lies in its interval.
    metrics = replace(RUN.metrics, **{name: FOLLOWING[name]})
    run = replace(RUN)
    object.__setattr__(run, "metrics", metrics)
    assert f"{name} must be" in problems(run)


@pytest.mark.parametrize("apart", [1e-7, -1e-7])
def test_a_figure_is_compared_to_the_last_digits_that_matter(apart):
    loss = RUN.metrics.test_loss
    assert problems(replace(RUN, metrics=replace(RUN.metrics, test_loss=loss + apart)))
    near = replace(RUN.metrics, test_loss=loss + apart / 1e6)
    assert problems(replace(RUN, metrics=near)) == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"dataset_sha256": dict.fromkeys("abcd", "0" * 64)}, "digests of Fashion-MNIST"),
        ({"recipe": None, "protocol": "foo-bar"}, "protocol must be one of holdout-80-20"),
        ({"architecture": "kadam_a2"}, "run_id must begin with the architecture"),
        ({"images": replace(RUN.images, train=60_000)}, "images.train must be 48,000"),
        ({"recipe": replace(RUN.recipe, limit=100)}, "images.train must be 100"),
        ({"recipe": replace(RUN.recipe, epochs=1)}, "epochs_planned must be the 1"),
        ({"train_seconds": 1.0}, "train_seconds must be"),
        ({"train_cpu_seconds": 1.0}, "train_cpu_seconds must be"),
        ({"status": "stopped"}, "status must be done after 50 of 50"),
        ({"budget": "reduced"}, "budget must be full"),
        ({"budget": "stopped"}, "budget must be full"),
        ({"layers": ""}, "layers must be those of the network"),
        ({"layers": ""}, "layers must be the catalogue's of kadam_a1"),
    ],
)
def test_a_record_that_contradicts_itself_is_named(changes, says):
    assert says in problems(replace(RUN, **changes))


def test_a_short_training_that_calls_itself_done_is_named():
    run, history, predictions = HONEST["stopped by a person"]
    assert "status must be stopped after 7 of 20" in problems(
        replace(run, status="done", budget="full"), history, predictions
    )


def test_a_history_of_another_network_is_named():
    history = tuple(replace(row, val_accuracy=1.0) for row in HISTORY)
    metrics = replace(metrics_of(PREDICTIONS, history), train_accuracy=0.9)
    said = problems(replace(RUN, metrics=metrics), history)
    assert "history.jsonl must show what the stored network does" in said
    assert "in epoch 50, whose weights were kept. Received: 1.0000." in said
