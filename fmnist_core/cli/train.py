"""`train`: one training with a progress bar, resumable, stopped cleanly by Ctrl-C."""

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from fmnist_core.cli.architectures import read_layer_text
from fmnist_core.cli.output import print_json
from fmnist_core.cli.quiet import load_training
from fmnist_core.cli.runs import run_record
from fmnist_core.cli.training_bar import terminal, training_bar
from fmnist_core.errors import RecipeError
from fmnist_core.evaluation.run_names import standing
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_run
from fmnist_core.runs.summary import summarize_run
from fmnist_core.training.baselines.definitions import BASELINES, BaselinePlan, plan_baseline
from fmnist_core.training.plan import Plan, plan_run, unfinished_plan
from fmnist_core.training.preparation import prepare

# Options that --resume has no use for.
_OF_A_NEW_RUN = ("id", "layers", "variant", "recipe", "epochs", "limit", "seed", "name", "notes")


def train(options: argparse.Namespace) -> int:
    """Trains, keeps the run and prints its numbers; a stopped training is kept as stopped."""
    console = terminal()
    if options.id in BASELINES and not options.resume:
        return _train_baseline(options, console)
    plan = _plan(options)
    prepare(runs_root(), plan)  # what can be refused is refused before TensorFlow is loaded
    console.print(f"Training {plan.name} as {plan.run_id}. Ctrl-C stops it and keeps whole epochs.")
    try:
        folder = _run(plan, console)
    except KeyboardInterrupt:
        console.print(f"Ended at once. `train --resume {plan.run_id}` goes on with it.")
        raise
    _print_run(folder.name, options)
    return 0


def _train_baseline(options: argparse.Namespace, console: Console) -> int:
    """Fits a classifier that is no network; Ctrl-C ends it, and nothing is kept then."""
    plan = new_baseline_plan(options)
    from fmnist_core.training.baselines.session import (  # noqa: PLC0415  # scikit-learn, 1 s
        run_baseline,
    )

    console.print(f"Fitting {plan.name} to {plan.train_images:,} images as {plan.run_id}.")
    _print_run(run_baseline(runs_root(), plan).name, options)
    return 0


def _print_run(run_id: str, options: argparse.Namespace) -> None:
    run = read_run(runs_root(), run_id)
    if options.json:
        print_json(run_record(run))
        return
    length = f" after {run.epochs} of {run.epochs_planned} epochs" if run.recipe else ""
    low, high = run.metrics.test_accuracy_ci95
    print(
        f"{run.run_id}: {run.status}{length}, "
        f"test accuracy {run.metrics.test_accuracy:.4f} (95 % interval {low:.4f} to {high:.4f}); "
        f"{standing(summarize_run(run, frozenset()))}"
    )


def _plan(options: argparse.Namespace) -> Plan:
    if options.resume:
        if given := [name for name in _OF_A_NEW_RUN if getattr(options, name)]:
            raise RecipeError(
                "--resume goes on as the training was begun and takes nothing else. "
                f"Received as well: {', '.join(given)}."
            )
        return unfinished_plan(runs_root(), options.resume)
    return new_plan(options)


def new_plan(options: argparse.Namespace) -> Plan:
    """The plan that a catalogue id or a layer text, and the options beside it, describe."""
    if options.id is None and options.layers is None:
        raise RecipeError(
            "a training needs a catalogue id, or --layers FILE. Received: neither. "
            "`architectures list` shows the ids."
        )
    layers = read_layer_text(options.layers) if options.layers else None
    return plan_run(
        options.id or "custom",
        _recipe_changes(options),
        variant=options.variant,
        layers=layers,
        name=options.name,
        notes=options.notes,
    )


def new_baseline_plan(options: argparse.Namespace) -> BaselinePlan:
    """The plan of a classifier that is no network, with the options beside its id."""
    if given := [name for name in ("layers", "variant", "name") if getattr(options, name)]:
        raise RecipeError(
            f"{options.id} is no network and takes a recipe, a seed, a limit and notes alone. "
            f"Received as well: {', '.join(given)}."
        )
    return plan_baseline(options.id, _recipe_changes(options), notes=options.notes)


def _recipe_changes(options: argparse.Namespace) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for word in options.recipe:
        key, equals, value = word.partition("=")
        if not equals:
            raise RecipeError(
                f"--recipe takes KEY=VALUE, for example epochs=5. Received: {word!r}."
            )
        changes[key] = value
    for key in ("epochs", "limit", "seed"):
        if getattr(options, key) is not None:
            changes[key] = getattr(options, key)
    return changes


def _run(plan: Plan, console: Console) -> Path:
    load_training()
    from fmnist_core.training.session import run_plan  # noqa: PLC0415  # loads TensorFlow, 10 s

    with (
        _stop_on_interrupt(console) as stop,
        training_bar(console, plan.recipe.epochs) as report,
    ):
        return run_plan(runs_root(), plan, on_progress=report, should_stop=lambda: stop["asked"])


@contextmanager
def _stop_on_interrupt(console: Console) -> Iterator[dict[str, bool]]:
    """The first Ctrl-C asks for a clean stop; a second one ends at once, ready to be resumed."""
    stop = {"asked": False}

    def ask(signum: int, frame: object) -> None:
        if stop["asked"]:
            raise KeyboardInterrupt
        stop["asked"] = True
        console.print("Stopping after this batch; the epochs so far become the run.")

    previous = {name: signal.signal(name, ask) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for name, handler in previous.items():
            signal.signal(name, handler)
