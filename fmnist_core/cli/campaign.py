"""`campaign`: which of the wanted runs there are, and the training of those that are missing."""

import argparse
import signal
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from fmnist_core.campaign.entries import RUNS, Entry, read_campaign
from fmnist_core.campaign.execution import Outcome, Watcher, run_campaign
from fmnist_core.campaign.standing import (
    MOST_COMMITTED_BYTES,
    Standing,
    State,
    View,
    campaign_view,
)
from fmnist_core.cli.output import print_json, print_table
from fmnist_core.cli.quiet import load_training
from fmnist_core.cli.training_bar import terminal, training_bar
from fmnist_core.errors import FmnistError, RecipeError, UnknownNameError
from fmnist_core.runs.ids import runs_root
from fmnist_core.training.baselines.definitions import BaselinePlan
from fmnist_core.training.plan import Plan

if TYPE_CHECKING:
    from fmnist_core.training.loop import Progress

_STATES: tuple[State, ...] = ("done", "running", "partly", "missing")


def campaign(options: argparse.Namespace) -> int:
    """Prints where the campaign stands; with `--run`, trains what is missing first.

    Exits with 1 when a training failed.
    """
    entries = _chosen(read_campaign(options.file or RUNS), options.only)
    outcome = None
    if options.run:
        outcome = _run(entries, options)
    elif options.hours is not None:
        raise RecipeError("--hours says how long to train and needs --run. Received: no --run.")
    view = campaign_view(runs_root(), entries)
    if options.json:
        print_json(_record(view, outcome))
    else:
        _print_view(view)
    return 1 if outcome and outcome.failed else 0


def _chosen(entries: Sequence[Entry], only: Sequence[str]) -> list[Entry]:
    """The entries that are named by their ids, or by that of their group; all without a name."""
    names = [name for entry in entries for name in (entry.id, entry.group)]
    for name in only:
        if name not in names:
            raise UnknownNameError("campaign entry", name, sorted(set(names)))
    return [entry for entry in entries if not only or {entry.id, entry.group} & set(only)]


def _run(entries: Sequence[Entry], options: argparse.Namespace) -> Outcome:
    console = terminal()
    with _ended_by_signals(), ExitStack() as bar:
        try:
            return run_campaign(runs_root(), entries, _watcher(console, bar), hours=options.hours)
        except KeyboardInterrupt:
            bar.close()
            console.print("Ended. `campaign --run` goes on after the last whole epoch.")
            raise


def _watcher(console: Console, bar: ExitStack) -> Watcher:
    """Draws one bar a training; `bar` closes the one that is drawn."""
    report: Callable[[Progress], None] = _nothing

    def start(plan: Plan | BaselinePlan, left: Sequence[Standing]) -> None:
        nonlocal report
        bar.close()
        first, others = left[0], sum(standing.seconds_left for standing in left[1:])
        begun = f", {first.epochs} of {first.planned} epochs done" if first.epochs else ""
        console.print(
            f"\n{first.entry.id} as {plan.run_id}{begun}: about {_words(first.seconds_left)}, "
            f"the campaign {_words(first.seconds_left + others)}."
        )
        if isinstance(plan, Plan):
            load_training()
            more = _campaign_left(plan.recipe.epochs, others)
            report = bar.enter_context(training_bar(console, plan.recipe.epochs, more=more))

    def end(entry: Entry, folder: Path) -> None:
        bar.close()
        console.print(f"{entry.id}: stored as {folder.name}.")

    def fail(entry: Entry, error: FmnistError) -> None:
        bar.close()
        console.print(f"{entry.id} failed: {error}")

    return Watcher(start, lambda progress: report(progress), end, fail)


def _nothing(progress: "Progress") -> None:
    pass


def _campaign_left(epochs: int, others: float) -> Callable[["Progress"], str]:
    """Words on what the campaign still takes, after an epoch of the training that is under way.

    Args:
        others: seconds of the trainings that follow.
    """
    seconds: list[float] = []

    def words(progress: "Progress") -> str:
        assert progress.row is not None  # asked for after a whole epoch
        seconds.append(progress.row.seconds)
        # The first epoch traces the model as well: a small one takes many times as long.
        later = seconds[1:]
        if not later:
            return ""
        left = (epochs - progress.epoch) * statistics.fmean(later) + others
        return f"; campaign: {_words(left)} left"

    return words


def _words(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 1:
        return "less than a minute"
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Being asked to terminate is the same as Ctrl-C: whole epochs stay, nothing else is made."""

    def end(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    # A shell may have started this with Ctrl-C ignored, as it does in the background.
    previous = {name: signal.signal(name, end) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in previous.items():
            signal.signal(name, handler)


def _record(view: View, outcome: Outcome | None) -> dict[str, Any]:
    return {
        "entries": [_entry_record(standing) for standing in view.standings],
        "total": len(view.standings),
        **{state: view.count(state) for state in _STATES},
        "hours_left": view.seconds_left / 3600,
        "basis": view.basis,
        "stored_bytes": view.stored_bytes,
        "most_bytes": MOST_COMMITTED_BYTES,
        **({"outcome": asdict(outcome)} if outcome else {}),
    }


def _entry_record(standing: Standing) -> dict[str, Any]:
    entry, plan = standing.entry, standing.entry.plan
    return {
        "id": entry.id,
        "group": entry.group,
        "architecture": plan.architecture,
        "state": standing.state,
        "run_id": standing.run_id,
        "epochs_done": standing.epochs,
        "epochs": standing.planned,
        "hours_left": standing.seconds_left / 3600,
        "keep_weights": entry.keep_weights,
    }


def _print_view(view: View) -> None:
    rows = [
        (
            standing.entry.id,
            standing.state,
            f"{standing.epochs}/{standing.planned}" if standing.planned else None,
            standing.run_id,
            f"{standing.seconds_left / 3600:.2f}" if standing.seconds_left else None,
        )
        for standing in view.standings
    ]
    print_table(("entry", "state", "epochs", "run", "hours left"), rows)
    counts = ", ".join(f"{view.count(state)} {state}" for state in _STATES)
    hours = view.seconds_left / 3600
    runs = "1 run" if len(rows) == 1 else f"{len(rows)} runs"
    print(f"\n{runs}: {counts}. About {hours:.1f} hours left.")
    print(f"{view.basis} Times are those of otherwise idle cores.")
    print(
        f"The folder of runs holds {view.stored_bytes / 1e6:.1f} MB; "
        f"committed, at most {MOST_COMMITTED_BYTES / 1e6:.0f} MB."
    )
