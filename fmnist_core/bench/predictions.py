"""What an uploaded picture costs, and whether networks still say what their runs say.

The last figure reads every test image of every run, which takes about a minute.
"""

import functools
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil

from fmnist_core.bench.example_clock import best_seconds, once_seconds
from fmnist_core.data import load_pool
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.inference.conversion.convert import convert
from fmnist_core.inference.files.decode import decode
from fmnist_core.prediction.answer import answer
from fmnist_core.prediction.models import ModelShelf
from fmnist_core.prediction.occlusion import occlusion_map
from fmnist_core.prediction.patches import patches_for
from fmnist_core.prediction.predict import Source, predict_files
from fmnist_core.prediction.samples import official_test_image, sample_picture
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_predictions

REPOSITORY = Path(__file__).parents[2]
WARM_ANSWERS, MANY_IMAGES = 20, 100
COLD_SECONDS, WARM_SECONDS, MAP_SECONDS, MEMORY_MB = 2.0, 0.3, 1.0, 400  # what they may take

_COLD = """
import sys, time
picture = sys.stdin.buffer.read()
wall, cpu = time.perf_counter(), time.process_time()
from fmnist_core.bench import predictions
predictions.first_answer(picture)
print(time.perf_counter() - wall, time.process_time() - cpu, predictions.memory_after_many(picture))
"""


def run() -> dict[str, float | str]:
    """Returns seconds of the wall clock and of the processor, memory, and labels that differ.

    A fresh process gives the first answer, imports and the fit of all temperatures included; the
    memory is that of this process with all models loaded.
    """
    root = runs_root()
    run_ids = _runs(root)
    picture = sample_picture("dress")
    cold_wall, cold_cpu, memory = _cold(picture)
    shelf = _shelf()
    warm_wall, warm_cpu = best_seconds(
        lambda: _answer_upload(picture, run_ids, shelf), WARM_ANSWERS
    )
    image = convert(decode(picture, "dress.png")).image
    answer_wall, answer_cpu = best_seconds(
        lambda: answer(image[None], run_ids, shelf), WARM_ANSWERS
    )
    many = np.repeat(image[None], MANY_IMAGES, axis=0)
    _, many_cpu = once_seconds(lambda: answer(many, run_ids, shelf))
    macs = {run.run_id: run.macs or 0 for run in list_runs(root).runs}
    maps = [
        once_seconds(
            functools.partial(occlusion_map, image, name, shelf, patches=patches_for(macs[name]))
        )
        for name in run_ids
    ]
    changed = _changed_uploads()
    images, differing = _differing_labels(root, run_ids, shelf)
    holds = (
        cold_wall <= COLD_SECONDS
        and warm_wall <= WARM_SECONDS
        and max(maps)[0] <= MAP_SECONDS
        and memory <= MEMORY_MB
        and changed == differing == 0
    )
    return {
        "runs": len(run_ids),
        "cold_upload_seconds": cold_wall,
        "cold_upload_cpu_seconds": cold_cpu,
        "warm_upload_seconds": warm_wall,
        "warm_upload_cpu_seconds": warm_cpu,
        "warm_answer_seconds": answer_wall,
        "warm_answer_cpu_seconds": answer_cpu,
        "cpu_seconds_each_of_many": many_cpu / MANY_IMAGES,
        "occlusion_map_seconds": max(maps)[0],
        "occlusion_map_cpu_seconds": max(cpu for _, cpu in maps),
        "memory_all_models_mb": memory,
        "test_images_changed_by_upload": changed,
        "images_compared": images,
        "labels_that_differ": differing,
        "holds": str(holds),
    }


def first_answer(picture: bytes) -> None:
    """Answers one upload with every run; all that it needs is loaded on the way."""
    _answer_upload(picture, _runs(runs_root()), _shelf())


def memory_after_many(picture: bytes) -> float:
    """Returns the memory of this process in MB once every model has read many images."""
    image = convert(decode(picture, "picture.png")).image
    answer(np.repeat(image[None], MANY_IMAGES, axis=0), _runs(runs_root()), _shelf())
    return float(psutil.Process().memory_info().rss / 1e6)


@functools.cache
def _shelf() -> ModelShelf:
    return ModelShelf(runs_root())


def _runs(root: Path) -> list[str]:
    return [run.run_id for run in list_runs(root).runs if run.has_model]


def _answer_upload(picture: bytes, run_ids: list[str], shelf: ModelShelf) -> None:
    predicted = predict_files([Source("picture.png", lambda: picture)], run_ids, shelf)
    if predicted.readings[0].error or predicted.answers is None:
        raise AssertionError(predicted.readings[0].error)


def _cold(picture: bytes) -> tuple[float, float, float]:
    """Returns seconds of both clocks of the first answer, and MB of memory after many."""
    result = subprocess.run(  # noqa: S603  # every word of it stands here
        [sys.executable, "-c", _COLD],
        input=picture,
        capture_output=True,
        check=True,
        cwd=REPOSITORY,
    )
    wall, cpu, memory = map(float, result.stdout.split())
    return wall, cpu, memory


def _changed_uploads() -> int:
    """Gives every test image as a 28 x 28 PNG; returns how many the networks would see changed."""
    originals = load_pool().images[TRAIN_COUNT:]
    return sum(
        not np.array_equal(convert(decode(official_test_image(number), "picture.png")).image, image)
        for number, image in enumerate(originals)
    )


def _differing_labels(root: Path, run_ids: list[str], shelf: ModelShelf) -> tuple[int, int]:
    """Reads every test image of every run; returns how many, and how many got another label."""
    pool, images, differing = load_pool(), 0, 0
    for run_id in run_ids:
        stored = read_predictions(root, run_id)
        labels = answer(pool.images[stored.test_indices], [run_id], shelf).labels[0]
        images += len(labels)
        differing += int((labels != stored.test_probabilities.argmax(axis=1)).sum())
    return images, differing
