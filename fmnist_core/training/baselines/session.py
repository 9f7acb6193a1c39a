"""One baseline from plan to run folder: fitted, measured like a network, and committed."""

import dataclasses
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fmnist_core.data import DATASET_SHA256, PROTOCOLS, Split, load_pool, make_split
from fmnist_core.evaluation.calibration import fit_temperature
from fmnist_core.evaluation.recipe_words import departure, differing_keys, where_stated
from fmnist_core.papers import systems
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe
from fmnist_core.runs.history import write_history
from fmnist_core.runs.schema import ImageCounts, Machine, Metrics, Params, Provenance, Run
from fmnist_core.runs.weights import weight_digest
from fmnist_core.runs.write import staged_run, write_run
from fmnist_core.training.baselines.definitions import BASELINES, BaselinePlan
from fmnist_core.training.baselines.fit import Fitted, fit_baseline, softmax
from fmnist_core.training.measures import (
    installed_versions,
    measure,
    store_predictions,
    train_sample,
)
from fmnist_core.training.provenance import processor_name
from fmnist_core.training.speed import usable_cores

Images = npt.NDArray[np.uint8]


def run_baseline(
    root: Path, plan: BaselinePlan, *, on_finishing: Callable[[], None] = lambda: None
) -> Path:
    """Fits a baseline and commits the run. It cannot be resumed: what is interrupted is lost.

    Args:
        on_finishing: called once, before the images are predicted.

    Returns:
        The folder of the committed run.

    Raises:
        DataError: the data is missing or damaged.
        RunError: the folder of runs cannot be written.
    """
    pool = load_pool()
    split = make_split(plan.protocol, pool.labels, plan.seed, plan.train_fraction, plan.limit)
    with staged_run(root, plan.run_id) as staging:
        started, cpu_started = time.perf_counter(), time.process_time()
        fitted = fit_baseline(plan.architecture, pool.images[split.train], pool.labels[split.train])
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
        on_finishing()
        val_scores = fitted.scores(pool.images[split.validation])
        temperature = _temperature(fitted, split, val_scores, pool.labels[split.validation])

        def predict(images: Images) -> npt.NDArray[np.float32]:
            return softmax(fitted.scores(images) / temperature).astype(np.float32)

        validation = softmax(val_scores / temperature).astype(np.float32)
        test = validation if split.test_is_validation else predict(pool.images[split.test])
        predictions = store_predictions(staging, pool, split, test, validation)
        sample = train_sample(split)
        metrics = measure(predictions, predict(pool.images[sample]), pool.labels[sample])
        write_history(staging / "history.jsonl", ())
        write_run(staging, _record(plan, fitted, split, metrics, seconds, cpu_seconds))
    return root / plan.run_id


def _temperature(
    fitted: Fitted,
    split: Split,
    scores: npt.NDArray[np.float64],
    labels: npt.NDArray[np.uint8],
) -> float:
    """What scores are divided by; 1 where the validation images are the test images."""
    if fitted.calibrated or split.test_is_validation:
        return 1.0
    return fit_temperature(softmax(scores), labels)


def _record(
    plan: BaselinePlan,
    fitted: Fitted,
    split: Split,
    metrics: Metrics,
    seconds: float,
    cpu_seconds: float,
) -> Run:
    reduced = len(split.train) < PROTOCOLS[plan.protocol].train
    return Run(
        schema_version=1,
        run_id=plan.run_id,
        name=plan.name,
        architecture=plan.architecture,
        variant=None,
        layers="",
        recipe=None,
        protocol=plan.protocol,
        seed=plan.seed,
        dataset_sha256=dict(DATASET_SHA256),
        status="done",
        epochs=0,
        epochs_planned=0,
        budget="reduced" if reduced else "full",
        created=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        train_seconds=seconds,
        train_cpu_seconds=cpu_seconds,
        metrics=metrics,
        params=Params(fitted.params, fitted.params, 0),
        macs=fitted.macs,
        latency_ms=None,
        size_bytes=None,
        images=ImageCounts(len(split.train), len(split.validation), len(split.test)),
        versions=installed_versions(("numpy", "scikit-learn", "scipy")),
        machine=Machine(processor_name(), usable_cores(), "float64"),
        provenance=_provenance(plan, fitted),
        weight_digest=weight_digest(fitted.arrays),
    )


def _provenance(plan: BaselinePlan, fitted: Fitted) -> Provenance:
    baseline = BASELINES[plan.architecture]
    notes = "\n".join(filter(None, (plan.notes, baseline.method, fitted.remark)))
    system = next((entry for entry in systems() if entry.id == plan.architecture), None)
    differences = _differences(plan, system) if system else ()
    return Provenance("baseline", baseline.paper, differences, notes)


def _differences(plan: BaselinePlan, system: System) -> tuple[str, ...]:
    catalogue = Recipe.from_dict(system.recipe)
    ours = dataclasses.replace(
        catalogue,
        protocol=plan.protocol,
        train_fraction=plan.train_fraction,
        limit=plan.limit,
    )
    return tuple(
        departure(key, ours, catalogue, where_stated(system, key))
        for key in differing_keys(ours, catalogue)
    )
