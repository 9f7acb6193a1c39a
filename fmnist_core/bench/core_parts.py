"""What the parts of the core cost on which pages lean at every rerun."""

from pathlib import Path

import numpy as np

from fmnist_core.architectures.summary import summarize
from fmnist_core.bench.example_clock import best_seconds
from fmnist_core.data import load_pool
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.errors import RunError
from fmnist_core.evaluation.ledger.evidence import read_all_evidence
from fmnist_core.evaluation.ledger.rows import ledger
from fmnist_core.inference.layer_outputs import trace
from fmnist_core.inference.neighbours import make_neighbours
from fmnist_core.papers import catalogue
from fmnist_core.papers.reading import read_catalogue
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_run, read_stored_weights
from fmnist_core.training.estimate import estimate, image_counts
from fmnist_core.training.provenance import processor_name
from fmnist_core.training.speed import machine_speed

NETWORK = "awasthi_enhanced"
LARGE = "flatten\ndense 1000000\ndense 12500 softmax"  # its weights would take 50 GB
NEIGHBOURS = 10
# Processor seconds that they may take.
MOST = {
    "catalogue": 0.5,
    "summary_of_50_gb": 0.1,
    "ledger": 1.0,
    "machine_speed": 0.1,
    "estimate": 0.005,
    "layer_outputs": 0.2,
    "nearest_images": 0.05,
}


def run() -> dict[str, float | str]:
    """Returns processor seconds of each part over the runs there are, each the best of five.

    The files are in memory; what is read once a process is read before.

    Raises:
        RunError: there is no run of `NETWORK` with a model.
    """
    root = runs_root()
    runs = [read_run(root, run.run_id) for run in list_runs(root).runs]
    of_network = (run for run in runs if run.architecture == NETWORK)
    shown = next((run for run in of_network if run.size_bytes is not None), None)
    if shown is None or shown.recipe is None:
        raise RunError(
            f"there must be a run of {NETWORK} with its model to measure with. Received: none. "
            "Train one, or set FMNIST_RUNS_DIR to a folder that has some."
        )
    recipe, weights = shown.recipe, read_stored_weights(root, shown.run_id)
    evidence, _ = read_all_evidence(root)
    pool = load_pool()
    neighbours = make_neighbours(pool.images[:TRAIN_COUNT])
    image = np.asarray(pool.images[TRAIN_COUNT])
    summary, images = summarize(shown.layers), image_counts(recipe)
    speed = machine_speed(runs, processor_name())
    parts = {
        "catalogue": lambda: read_catalogue(Path(catalogue.__file__).parent),
        "summary_of_50_gb": lambda: summarize(LARGE),
        "ledger": lambda: ledger(evidence),
        "machine_speed": lambda: machine_speed(runs, processor_name()),
        "estimate": lambda: estimate(summary, recipe, images, speed),
        "layer_outputs": lambda: trace(shown.layers, weights, image),
        "nearest_images": lambda: neighbours.nearest(image, NEIGHBOURS),
    }
    cpu = {name: best_seconds(work)[1] for name, work in parts.items()}
    return {
        "runs": len(runs),
        **{f"{name}_cpu_seconds": seconds for name, seconds in cpu.items()},
        "holds": str(all(cpu[name] <= most for name, most in MOST.items())),
    }
