"""From trained weights to a run folder: stored weights, LiteRT model, predictions, metrics."""

from datetime import UTC, datetime
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from fmnist_core.architectures.keras_model import build_model, inference_model
from fmnist_core.architectures.summary import summarize
from fmnist_core.data import DATASET_SHA256, Split
from fmnist_core.errors import RunError
from fmnist_core.evaluation.projection import project_features, projection_subset
from fmnist_core.inference.litert import LiteRTModel, Outputs
from fmnist_core.runs.arrays import write_projection
from fmnist_core.runs.history import write_history
from fmnist_core.runs.manifest import MOST_MODEL_BYTES, OPTIONAL_FILES
from fmnist_core.runs.schema import (
    BACKEND_PACKAGES,
    ImageCounts,
    Machine,
    Metrics,
    Params,
    Provenance,
    Run,
)
from fmnist_core.runs.weights import read_weights, weight_digest, write_weights
from fmnist_core.runs.write import commit_run, write_run
from fmnist_core.training.batches import network_input
from fmnist_core.training.checkpoint import Arrays
from fmnist_core.training.litert_export import export_litert
from fmnist_core.training.loop import Trained
from fmnist_core.training.measures import (
    installed_versions,
    measure,
    store_predictions,
    train_sample,
)
from fmnist_core.training.memory import PREDICT_BATCH
from fmnist_core.training.plan import Plan
from fmnist_core.training.preparation import Prepared
from fmnist_core.training.provenance import budget, processor_name, provenance

# The largest error of a probability that float16 may cause on the validation images.
_LARGEST_ROUNDING = 5e-4


def _versions() -> dict[str, str]:
    backend = keras.backend.backend()
    packages = ("keras", "numpy", *BACKEND_PACKAGES.get(backend, ()))
    return installed_versions(packages) | {"backend": backend}


def restore_network(layers: str, weights: Path) -> keras.Model:
    """The inference network (image to probabilities and features), float32, with stored weights.

    Raises `RunError` when the weights are not those of the layers.
    """
    keras.config.set_dtype_policy("float32")
    full = build_model(layers)
    tensors = read_weights(weights)
    wanted = {weight.path: tuple(weight.shape) for weight in full.weights}
    if {name: values.shape for name, values in tensors.items()} != wanted:
        raise RunError(
            f"{weights.name} must hold the weights of the run's layers. Received: other names or "
            "shapes. Verify the run."
        )
    for weight in full.weights:
        weight.assign(tensors[weight.path])
    return inference_model(full)


def finish_run(prepared: Prepared, trained: Trained, *, keep_weights: bool = True) -> Path:
    """Evaluates the stored weights and commits the run; returns its folder.

    Every metric is computed through `model.tflite` from probabilities as they are stored, so the
    leaderboard, the cached predictions and a later upload can never disagree.

    Args:
        keep_weights: whether weights, LiteRT model and projection stay, where the model is no
            larger than a run may hold. Everything is computed through the model either way.
    """
    plan, staging = prepared.plan, prepared.staging
    pool, split = prepared.pool, prepared.split
    named = _named_weights(plan, trained.weights)
    write_weights(staging / "weights.safetensors", named)
    network = restore_network(plan.layers, staging / "weights.safetensors")
    model, validation = _lite_model(network, plan, staging, pool.images[split.validation])

    test = validation if split.test_is_validation else model(pool.images[split.test])
    predictions = store_predictions(
        staging, pool, split, test.probabilities, validation.probabilities
    )
    shown = projection_subset(split.test, pool.labels[split.test])
    rows = np.searchsorted(split.test, shown)
    write_projection(
        staging / "projection.npz", project_features(test.features[rows], shown, plan.recipe.seed)
    )
    write_history(staging / "history.jsonl", trained.history)
    sample = train_sample(split)
    train = model(pool.images[sample]).probabilities
    metrics = measure(predictions, train, pool.labels[sample], trained.history)
    too_large = (staging / "model.tflite").stat().st_size > MOST_MODEL_BYTES
    origin = provenance(plan, diverged=trained.diverged, too_large=keep_weights and too_large)
    write_run(staging, _record(staging, plan, trained, split, metrics, named, origin))
    if too_large or not keep_weights:
        for name in OPTIONAL_FILES:
            (staging / name).unlink(missing_ok=True)
    return commit_run(staging)


def _lite_model(
    network: keras.Model, plan: Plan, staging: Path, images: npt.NDArray[np.uint8]
) -> tuple[LiteRTModel, Outputs]:
    """Exports `model.tflite` in float16 where that shows in no probability, else in float32.

    Returns it with what it says of the images.

    The export folds batch normalisation into the convolutions before it rounds them, so a network
    with large logits can lose more than its own weights lost when they were rounded for storage.
    """
    expected = network.predict(
        network_input(images, plan.recipe), batch_size=PREDICT_BATCH, verbose=0
    )
    path = staging / "model.tflite"
    for half in (True, False):
        export_litert(network, plan.recipe, path, half=half)
        model = LiteRTModel(path, threads=plan.recipe.threads)
        outputs = model(images)
        error = np.abs(outputs.probabilities - expected["probabilities"]).max()
        if error <= _LARGEST_ROUNDING:
            break
    return model, outputs


def _named_weights(plan: Plan, weights: Arrays) -> list[tuple[str, npt.NDArray[np.generic]]]:
    """Weights by their Keras path, from the float32 network whatever precision trained them."""
    keras.config.set_dtype_policy("float32")
    paths = [weight.path for weight in build_model(plan.layers).weights]
    return list(zip(paths, weights, strict=True))


def _record(
    staging: Path,
    plan: Plan,
    trained: Trained,
    split: Split,
    metrics: Metrics,
    named: list[tuple[str, npt.NDArray[np.generic]]],
    origin: Provenance,
) -> Run:
    summary, recipe = summarize(plan.layers), plan.recipe
    model_file = staging / "model.tflite"
    return Run(
        schema_version=1,
        run_id=plan.run_id,
        name=plan.name,
        architecture=plan.architecture,
        variant=plan.variant,
        layers=plan.layers,
        recipe=recipe,
        protocol=recipe.protocol,
        seed=recipe.seed,
        dataset_sha256=dict(DATASET_SHA256),
        status="stopped" if trained.stopped else "done",
        epochs=len(trained.history),
        epochs_planned=recipe.epochs,
        budget=budget(plan, epochs=len(trained.history), stopped=trained.stopped),
        created=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        train_seconds=sum(row.seconds for row in trained.history),
        train_cpu_seconds=sum(row.cpu_seconds for row in trained.history),
        metrics=metrics,
        params=Params(summary.total_params, summary.trainable_params, summary.non_trainable_params),
        macs=summary.macs,
        latency_ms=LiteRTModel(model_file).latency_ms(),
        size_bytes=model_file.stat().st_size,
        images=ImageCounts(len(split.train), len(split.validation), len(split.test)),
        versions=_versions(),
        machine=Machine(processor_name(), recipe.threads, recipe.precision),
        provenance=origin,
        weight_digest=weight_digest(named),
    )
