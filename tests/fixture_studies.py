"""Small runs of the levels of studies, written through the package's own writers.

The numbers are drawn, not learned: these are fixture data, and live in temporary folders only.
"""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.runs.arrays import write_predictions
from fmnist_core.runs.history import write_history
from fmnist_core.runs.read import read_history, read_predictions, read_run
from fmnist_core.runs.write import staged_run, write_run
from fmnist_core.studies import Setup, read_studies, setup_of
from tests.fixture_runs import FixtureRun, write_fixture_run


def setups(study_id: str, series_id: str) -> dict[str, Setup]:
    """What the levels of a series ask for, by label."""
    study = next(one for one in read_studies() if one.id == study_id)
    series = next(one for one in study.series if one.id == series_id)
    return {level.label: setup_of(series, level) for level in series.levels}


def write_level_run(
    root: Path,
    setup: Setup,
    accuracy: float,
    *,
    number: int,
    seed: int = 0,
    layers: str = "",
    test_images: int = 2_000,
    **changes: Any,
) -> str:
    """Writes a run that belongs to a level and returns its id.

    Args:
        number: sets its id, and which hard images it gets wrong.
        layers: another way to write the same text.
        changes: of the recipe, beside what the level asks.
    """
    recipe = dataclasses.replace(setup.recipe, seed=seed, **changes)
    wanted = FixtureRun(
        setup.architecture,
        accuracy,
        seed=seed,
        number=number % 60,  # it is the second of the moment, too
        epochs=min(recipe.epochs, 6),
        protocol=recipe.protocol,
    )
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder)
        run_id = write_fixture_run(plain, wanted, test_images=test_images)
        run = read_run(plain, run_id)
        predictions, history = read_predictions(plain, run_id), read_history(plain, run_id)
    own = bool(layers) or setup.own_layers
    start = "custom" if own else setup.architecture
    share = round(recipe.train_fraction * run.images.train)
    own_id = f"{start}-20250101-0000{number % 60:02d}-{number:06x}"
    with staged_run(root, own_id) as staging:
        write_predictions(staging / "predictions.npz", predictions)
        write_history(staging / "history.jsonl", history)
        system = find_system(setup.architecture)
        source = Recipe.from_dict(system.recipe)
        write_run(
            staging,
            dataclasses.replace(
                run,
                run_id=own_id,
                architecture="custom" if own else setup.architecture,
                variant=setup.variant or None,
                layers=layers or setup.layers,
                recipe=recipe,
                images=dataclasses.replace(run.images, train=share),
                epochs_planned=recipe.epochs,
                budget="full" if own or recipe.epochs >= source.epochs else "reduced",
            ),
        )
    return own_id
