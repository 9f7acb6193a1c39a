"""A run must be of the network and the source that it names, and say how it departs from them."""

from dataclasses import replace
from pathlib import Path

import pytest

from fmnist_core.evaluation.claims import claim_problems
from fmnist_core.evaluation.origin_claims import origin_problems
from fmnist_core.papers import find_system
from fmnist_core.runs.read import read_history, read_predictions, read_run
from fmnist_core.runs.schema import Provenance, Run
from fmnist_core.training.plan import plan_run
from fmnist_core.training.provenance import provenance
from tests.shipped_runs import shipped_run
from tests.unit.evaluation.example_evidence import MadeUp

SHIPPED = Path(__file__).parents[3] / "cached_runs"
OTHER_LAYERS = "flatten\ndense 7 relu\ndense 10 softmax"


def trained(system="kadam_a2", variant=None, layers=None, **changes) -> Run:
    """A run as the training would have written it."""
    plan = plan_run(system, changes, variant=variant, layers=layers)
    run = MadeUp(system if system != "custom" else "kadam_a2").evidence().run
    return replace(
        run,
        architecture=plan.architecture,
        variant=variant,
        layers=plan.layers,
        recipe=plan.recipe,
        protocol=plan.recipe.protocol,
        epochs=plan.recipe.epochs,
        epochs_planned=plan.recipe.epochs,
        provenance=provenance(plan),
    )


def stating(run: Run, **changes) -> Run:
    return replace(run, provenance=replace(run.provenance, **changes))


def baseline(*differences: str, protocol="holdout-80-20", images=48_000) -> Run:
    run = trained()
    return replace(
        run,
        architecture="svc",
        layers="",
        recipe=None,
        protocol=protocol,
        images=replace(run.images, train=images),
        provenance=Provenance("baseline", "001", differences, ""),
    )


QUARTER = trained("chen_cnn", train_fraction=0.25)
FEW = "training images taken: 300 of 48,000 here, all 48,000 in our reading of the source."
SPLIT = (
    "split: test set as validation here, 80/20 of the training set in our reading of the source."
)
HONEST = {
    "as the source says": trained(),
    "with other words for its layers": replace(trained(), layers=trained().layers + "  # ours\n"),
    "another reading": trained(variant="same"),
    "another reading with another recipe": trained(variant="same", learning_rate=0.1, epochs=3),
    "layers of its own": trained("custom", layers=OTHER_LAYERS, learning_rate=0.1),
    "a share of the images": QUARTER,
    "as it was once worded": stating(
        QUARTER,
        protocol_differences=("train_fraction: 0.25 here, 1.0 in our reading of the source.",),
    ),
    "a limit that leaves no image out": trained(limit=48_000),
    "the same, once said": stating(
        trained(limit=48_000),
        protocol_differences=("limit: 48000 here, 0 in our reading of the source.",),
    ),
    "of a newer catalogue": replace(
        stating(trained(), paper="009"), architecture="of_tomorrow", layers=OTHER_LAYERS
    ),
    "a newer reading": replace(
        trained(variant="same", epochs=3), variant="of-tomorrow", layers=OTHER_LAYERS
    ),
    "a baseline": baseline(),
    "a baseline on a few images": baseline(FEW, images=300),
    "a baseline on another split": baseline(SPLIT, protocol="test-as-validation", images=60_000),
}


@pytest.mark.parametrize("kind", HONEST)
def test_an_honest_origin_is_believed(kind):
    assert list(origin_problems(HONEST[kind])) == []


LABELLED = {
    "the layers of another network": (
        replace(trained(), layers=OTHER_LAYERS),
        "layers must be the catalogue's of kadam_a2",
    ),
    "layers that cannot be read": (
        replace(trained(), layers="of tomorrow"),
        "layers must be the catalogue's of kadam_a2",
    ),
    "another reading's layers": (
        replace(trained(variant="same"), layers=find_system("kadam_a2").layers),
        "layers must be the catalogue's of kadam_a2, variant same",
    ),
    "a network that calls itself a baseline": (
        replace(stating(trained(), basis="baseline", paper="001"), architecture="svc"),
        "layers must be the catalogue's of svc",
    ),
    "a better basis": (stating(trained("mcnn9"), basis="of its own"), "basis and paper must be"),
    "another source": (
        stating(trained(), paper="004"),
        "basis and paper must be 'partly reconstructed' and '000'",
    ),
    "a source for layers of its own": (
        stating(trained("custom", layers=OTHER_LAYERS), paper="000"),
        "basis and paper must be 'custom' and ''",
    ),
    "another recipe unsaid": (
        stating(trained(learning_rate=0.1, epochs=3), protocol_differences=()),
        "source's: learning rate, epochs. Received: none.",
    ),
    "another recipe said by half": (
        stating(
            trained(learning_rate=0.1, epochs=3),
            protocol_differences=("epochs: 3 here, 50 in the source.",),
        ),
        "source's: learning rate, epochs. Received: epochs: 3 here",
    ),
    "another recipe said in other figures": (
        stating(trained(epochs=3), protocol_differences=("epochs: 49 here, 50 in the source.",)),
        "source's: epochs. Received: epochs: 49 here",
    ),
    "a departure that there is not": (
        stating(trained(), protocol_differences=("epochs: 3 here, 50 in the source.",)),
        "source's: nothing. Received: epochs: 3 here",
    ),
    "another reading unsaid": (
        stating(trained(variant="same"), protocol_differences=()),
        "source's: layers. Received: none.",
    ),
    "a baseline's split unsaid": (
        baseline(protocol="test-as-validation", images=60_000),
        "source's: split. Received: none.",
    ),
}


@pytest.mark.parametrize("kind", LABELLED)
def test_a_label_that_the_run_contradicts_is_named(kind):
    run, says = LABELLED[kind]
    assert says in "\n".join(origin_problems(run))


def test_a_mislabelled_run_does_not_pass_for_believed():
    run_id = shipped_run("kadam_a1")
    run = replace(read_run(SHIPPED, run_id), layers=OTHER_LAYERS)
    problems = claim_problems(run, read_history(SHIPPED, run_id), read_predictions(SHIPPED, run_id))
    assert "layers must be the catalogue's of kadam_a1" in next(problems)
