"""`runs list`, `show`, `verify`, `compare`, `tsne` and `delete`."""

import argparse
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from fmnist_core.cli.output import print_json, print_table
from fmnist_core.errors import RunError
from fmnist_core.evaluation.clouds import PIXELS
from fmnist_core.evaluation.compare_report import compare_report
from fmnist_core.evaluation.run_names import budget_of, standing
from fmnist_core.evaluation.tsne import find_tsne, make_tsne
from fmnist_core.runs.delete import delete_run
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_history, read_run, run_ids
from fmnist_core.runs.schema import Run
from fmnist_core.runs.summary import RunSummary, summarize_run
from fmnist_core.runs.verify import verify_run

_COLUMNS = (
    *("run_id", "variant", "protocol", "seed", "epochs", "budget"),
    *("test_accuracy", "val_accuracy"),
)


def list_all(options: argparse.Namespace) -> int:
    """Prints every run, newest first, and the damaged ones with their reason.

    A run's budget is the leaderboard's: a full one may be ranked, a varied one may not.
    """
    index = list_runs(runs_root())
    runs = [replace(run, budget=budget_of(run)) for run in index.runs]
    if options.json:
        print_json(
            [*map(asdict, runs), *({**asdict(d), "status": "damaged"} for d in index.damaged)]
        )
    else:
        rows = [[getattr(run, column) for column in _COLUMNS] for run in runs]
        print_table(_COLUMNS, rows)
        for damaged in index.damaged:
            print(f"damaged: {damaged.run_id}: {damaged.reason}")
    return 0


def show(options: argparse.Namespace) -> int:
    """Prints one run's record and history."""
    run = read_run(runs_root(), options.run)
    history = [asdict(row) for row in read_history(runs_root(), options.run)]
    record = {**run_record(run), "history": history}
    if options.json:
        print_json(record)
    else:
        for key, value in record.items():
            if key not in ("history", "layers"):
                print(f"{key}: {value}")
        print(f"layers:\n{run.layers}")
        if history:
            print_table(tuple(history[0]), [tuple(row.values()) for row in history])
    return 0


def run_record(run: Run) -> dict[str, Any]:
    """The record of a run with its metrics among the other keys, as scripts read it."""
    record = run.to_json()
    metrics = record.pop("metrics")
    return {**record, **metrics}


def verify(options: argparse.Namespace) -> int:
    """Checks files against manifests; exits with 1 when something is wrong."""
    ids = [options.run] if options.run else run_ids(runs_root())
    results = [verify_run(runs_root(), run_id) for run_id in ids]
    if options.json:
        print_json([asdict(result) for result in results])
    else:
        for result in results:
            print(f"{result.run_id}: {'good' if result.ok else ' '.join(result.problems)}")
    return 0 if all(result.ok for result in results) else 1


def compare(options: argparse.Namespace) -> int:
    """Prints accuracies with intervals, the paired test of every pair, and what they say."""
    report = compare_report(runs_root(), options.run)
    compared = report.comparison.runs
    known = [summarize_run(read_run(runs_root(), run.run_id), frozenset()) for run in compared]
    if options.json:
        record = report.to_json()
        of_runs = zip(record["runs"], known, strict=True)
        print_json({**record, "runs": [{**row, **_training(run)} for row, run in of_runs]})
        return 0
    for run, row in zip(compared, known, strict=True):
        low, high = run.test_accuracy_ci95
        print(
            f"{run.run_id}: {run.test_accuracy:.4f} (95 % interval {low:.4f} to {high:.4f}); "
            f"{standing(row)}"
        )
    says = report.says({run.run_id: run.run_id for run in report.comparison.runs})
    for topic, sentences in says.items():
        if sentences:
            print(f"\n{topic.replace('_', ' ')}")
            for sentence in sentences:
                print(f"  {sentence}")
    return 0


def _training(run: RunSummary) -> dict[str, Any]:
    return {
        "protocol": run.protocol,
        "budget": budget_of(run),
        "train_images": run.train_images,
        "epochs": run.epochs,
    }


def delete(options: argparse.Namespace) -> int:
    """Removes one run."""
    delete_run(runs_root(), options.run)
    if options.json:
        print_json({"deleted": options.run})
    else:
        print(f"Deleted {options.run}.")
    return 0


def tsne(options: argparse.Namespace) -> int:
    """Makes the t-SNE pictures of these runs, or those that are missing of all with features."""
    root = runs_root()
    with_features = [run.run_id for run in list_runs(root).runs if run.has_projection]
    wanted = options.run or [PIXELS, *with_features]
    rows = []
    for name in wanted:
        if not options.run and _has_tsne(root, name):
            continue
        started = time.perf_counter()
        try:
            images = len(make_tsne(root, name).points)
        except RunError as error:
            if options.run:
                raise
            print(f"left out: {error}", file=sys.stderr)
            continue
        rows.append((name, images, round(time.perf_counter() - started, 1)))
        if not options.json:
            print(f"{name}: t-SNE of {images:,} images in {rows[-1][2]} s.", flush=True)
    if options.json:
        print_json([dict(zip(("run_id", "images", "seconds"), row, strict=True)) for row in rows])
    elif not rows:
        print("Every run that has features has its t-SNE picture.")
    return 0


def _has_tsne(root: Path, name: str) -> bool:
    try:
        find_tsne(root, name)
    except RunError:
        return False
    return True
