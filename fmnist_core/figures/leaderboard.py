"""The leaderboard as a data frame, and the rule by which runs may be ranked."""

from collections.abc import Iterable

import pandas as pd

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.figures.palette import architecture_color
from fmnist_core.figures.table import Column
from fmnist_core.papers import papers, systems
from fmnist_core.recipes import Recipe
from fmnist_core.runs.summary import RunSummary

TEST_SEEN = "test set seen in training"
BUDGET_BADGES = {
    "own": "own protocol",
    "reduced": "less training than the source",
    "stopped": "stopped early",
}

COLUMNS = {
    "rank": Column(
        "Rank", "integer", "Within one split; runs that were trained less only when asked."
    ),
    "label": Column("Run", pinned=True),
    "test_accuracy": Column("Test accuracy (%)", "percent", better="higher"),
    "interval": Column(
        "95 % interval", meaning="Wilson's interval: which test images were drawn, not seeds."
    ),
    "protocol_title": Column("Split"),
    "badges": Column("Caveats", "badges", "What keeps this number from being compared freely."),
    "params": Column("Parameters", "integer", better="lower"),
    "macs": Column("MACs", "integer", "Multiply-accumulates for one image.", better="lower"),
    "size_kb": Column("Size (kB)", "integer", "Of the LiteRT model file.", better="lower"),
    "train_seconds": Column(
        "Training (s)", "integer", "Wall-clock time, on a machine that may have been shared."
    ),
    "train_cpu_seconds": Column(
        "Processor (s)", "integer", "Processor time of the training, all threads.", better="lower"
    ),
    "latency_ms": Column(
        "Latency (ms)", "decimal", "One image, LiteRT, median.", digits=3, better="lower"
    ),
    "epochs": Column("Epochs", "integer"),
    "basis": Column("Layers are", meaning="How far the source states the network."),
    "source": Column("Source"),
}


def leaderboard_frame(summaries: Iterable[RunSummary]) -> pd.DataFrame:
    """Returns one row per run, grouped by split protocol, then by accuracy; two columns if none.

    `budget` is the run's, or "own" where the network or its settings are the reader's own, since no
    source says what its full training is. `rank` is that of `with_ranks`.
    """
    source_titles = {paper.id: short_source(paper.authors, paper.title) for paper in papers()}
    titles = {system.id: system.title for system in systems()}
    rows = [_row(run, titles, source_titles) for run in summaries]
    if not rows:
        return pd.DataFrame({"run_id": [], "label": []})
    frame = pd.DataFrame(rows)
    frame["label"] = unique_labels(frame)
    return with_ranks(frame)


def with_ranks(frame: pd.DataFrame, *, every_budget: bool = False) -> pd.DataFrame:
    """Returns the rows with their `rank`, sorted by split, ranked ones first, then by accuracy.

    A rank counts within a protocol: numbers of unlike protocols never share a ranking. Runs that
    were not trained in full as their source says have none.

    Args:
        every_budget: rank those among the others all the same.
    """
    ranked = frame["test_accuracy"].where(every_budget | (frame["budget"] == "full"))
    frame = frame.assign(rank=ranked.groupby(frame["protocol"]).rank(ascending=False, method="min"))
    place = frame["protocol"].map({name: place for place, name in enumerate(PROTOCOLS)})
    order = frame.assign(_place=place.fillna(len(PROTOCOLS)), _unranked=frame["rank"].isna())
    order = order.sort_values(
        ["_place", "_unranked", "test_accuracy", "run_id"], ascending=[True, True, False, True]
    )
    return order.drop(columns=["_place", "_unranked"]).reset_index(drop=True)


def short_source(authors: tuple[str, ...], title: str) -> str:
    """Returns "Awasthi & Soni", "Sivakumar et al.", or the title where no author is known."""
    names = [author.split(",")[0].split()[-1] for author in authors]
    if not names:
        return title
    return " & ".join(names) if len(names) <= 2 else f"{names[0]} et al."


def unique_labels(frame: pd.DataFrame) -> "pd.Series[str]":
    """Returns a name that no other run has: title with budget, then seed, then the id's end."""
    label = frame["title"].astype(str)
    for extra in (" · seed " + frame["seed"].astype(str), " · " + frame["run_id"].str[-6:]):
        twice = label.duplicated(keep=False)
        alike = extra.groupby(label).transform("nunique") > 1
        label = label.where(~(twice & alike), label + extra)
    return label


def badges(protocol: str, budget: str) -> list[str]:
    """Returns the words that must stand beside a run's numbers."""
    protocol_words = [TEST_SEEN] if protocol == TEST_SEEN_PROTOCOL else []
    return protocol_words + [BUDGET_BADGES[name] for name in (budget,) if name in BUDGET_BADGES]


def budget_of(run: RunSummary) -> str:
    """Returns "full", "own", "reduced" or "stopped"; only full ones are ranked unasked.

    A training as long as its source's, but under other settings, is the reader's own protocol.
    """
    # Another reading of the layers stands in the run's name, and is no setting.
    settings = run.protocol_differences - (run.variant is not None)
    own = run.architecture == "custom" or settings > 0
    return "own" if run.budget == "full" and own else run.budget


def budget_words(run: RunSummary) -> str:
    """Returns what a run's name says of its training wherever it stands; empty for a full one."""
    epochs = f"{run.epochs} epoch{'' if run.epochs == 1 else 's'}"
    words = {
        "own": ", ".join(["own protocol", *_changed_settings(run)]),
        "reduced": f"reduced, {epochs}",
        "stopped": f"stopped after {run.epochs} of {run.epochs_planned} epochs",
    }
    return words.get(budget_of(run), "")


def _changed_settings(run: RunSummary) -> list[str]:
    """Returns the best known of the settings in which a run departs from its source."""
    system = next((system for system in systems() if system.id == run.architecture), None)
    if system is None:
        return []
    source = Recipe.from_dict(system.recipe)
    known = {
        "optimizer": run.optimizer,
        "learning_rate": f"rate {run.learning_rate:g}" if run.learning_rate else None,
        "batch_size": f"batches of {run.batch_size}",
        "augmentation": run.augmentation or "not augmented",
    }
    return [str(words) for key, words in known.items() if getattr(run, key) != getattr(source, key)]


def _title(run: RunSummary, titles: dict[str, str]) -> str:
    title = titles.get(run.architecture, run.name)
    variant = f" ({run.variant})" if run.variant else ""
    return " · ".join(filter(None, (f"{title}{variant}", budget_words(run))))


def _row(run: RunSummary, titles: dict[str, str], sources: dict[str, str]) -> dict[str, object]:
    low, high = run.test_accuracy_ci95
    budget = budget_of(run)
    protocol = PROTOCOLS.get(run.protocol)
    return {
        "run_id": run.run_id,
        "title": _title(run, titles),
        "architecture": run.architecture,
        "color": architecture_color(run.architecture),
        "test_accuracy": run.test_accuracy,
        "low": low,
        "high": high,
        "interval": f"{100 * low:.2f} to {100 * high:.2f}",
        "test_images": run.test_images,
        "val_accuracy": run.val_accuracy,
        "train_accuracy": run.train_accuracy,
        "badges": badges(run.protocol, budget),
        "protocol": run.protocol,
        "protocol_title": protocol.title if protocol else run.protocol,
        "params": run.total_params,
        "macs": run.macs,
        "size_kb": run.size_bytes / 1000 if run.size_bytes else None,
        "has_model": run.has_model,
        "train_seconds": run.train_seconds,
        "train_cpu_seconds": run.train_cpu_seconds,
        "latency_ms": run.latency_ms,
        "epochs": run.epochs,
        "budget": budget,
        "seed": run.seed,
        "basis": run.basis,
        "paper": run.paper,
        "source": sources.get(run.paper, run.paper or "own"),
        "created": run.created,
    }
