"""The leaderboard as a data frame, and the rule by which runs may be ranked."""

from collections.abc import Iterable

import pandas as pd

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.run_names import budget_of, run_badges, run_title
from fmnist_core.figures.palette import architecture_color
from fmnist_core.figures.table import Column
from fmnist_core.papers import papers, systems
from fmnist_core.runs.summary import RunSummary

COLUMNS = {
    "rank": Column(
        "Rank", "integer", "Within one split, by the first seed; runs trained less only when asked."
    ),
    "label": Column("Run", pinned=True),
    "test_accuracy": Column("Test accuracy (%)", "percent", better="higher"),
    "interval": Column(
        "95 % interval", meaning="Wilson's interval: which test images were drawn, not seeds."
    ),
    "seeds": Column("Over seeds (%)", meaning="From the lowest to the highest, and how many."),
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
        "Latency (ms)",
        "decimal",
        "One image, LiteRT, the fastest of 300 calls.",
        digits=3,
        better="lower",
    ),
    "epochs": Column("Epochs", "integer"),
    "basis": Column("Layers are", meaning="How far the source states the network."),
    "source": Column("Source"),
}


def leaderboard_frame(summaries: Iterable[RunSummary]) -> pd.DataFrame:
    """Returns one row per run, grouped by split protocol, then by accuracy; two columns if none.

    `budget` is that of `run_names.budget_of`, `rank` that of `with_ranks`. A network trained in
    full has the count, lowest and highest accuracy of its seeds; any but the first is a
    `further_seed`, and so is an older training of a seed that was trained again.
    """
    source_titles = {paper.id: short_source(paper.authors, paper.title) for paper in papers()}
    titles = {system.id: system.title for system in systems()}
    rows = [_row(run, titles, source_titles) for run in summaries]
    if not rows:
        return pd.DataFrame({"run_id": [], "label": []})
    frame = pd.DataFrame(rows)
    frame["label"] = unique_labels(frame)
    return with_ranks(_with_seeds(frame))


def _with_seeds(frame: pd.DataFrame) -> pd.DataFrame:
    full = frame[frame["budget"] == "full"].sort_values(["created", "run_id"])
    repeated = full.index[full.duplicated(["protocol", "title", "seed"], keep="last")]
    full = full.drop(index=repeated)
    networks = full.groupby(["protocol", "title"])
    of_network = pd.DataFrame(
        {
            "first_seed": networks["seed"].transform("min"),
            "seed_count": networks["seed"].transform("nunique"),
            "seed_low": networks["test_accuracy"].transform("min"),
            "seed_high": networks["test_accuracy"].transform("max"),
        }
    )
    frame = frame.join(of_network)
    further = (frame["seed"] > frame["first_seed"]) | frame.index.isin(repeated)
    words = [
        f"{100 * low:.2f}–{100 * high:.2f} ({count:.0f})" if told else ""
        for low, high, count, told in zip(
            frame["seed_low"],
            frame["seed_high"],
            frame["seed_count"],
            ~further & (frame["seed_count"] > 1),
            strict=True,
        )
    ]
    return frame.assign(further_seed=further, seeds=words)


def with_ranks(frame: pd.DataFrame, *, every_budget: bool = False) -> pd.DataFrame:
    """Returns the rows with their `rank`, sorted by split, ranked ones first, then by accuracy.

    A rank counts within a protocol: numbers of unlike protocols never share a ranking. Runs that
    were not trained in full as their source says have none, and neither have further seeds: the
    best of several seeds would win by luck over a network that was trained once.

    Args:
        every_budget: rank those among the others all the same.
    """
    unasked = (frame["budget"] == "full") & ~frame["further_seed"]
    ranked = frame["test_accuracy"].where(every_budget | unasked)
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
    """Returns a name that no other run has.

    That is the title, then what tells two of one title apart: optimizer, batch size, seed, and at
    last the id's end.

    Args:
        frame: columns title, optimizer, batch_size, seed, run_id.
    """
    label = frame["title"].astype(str)
    for extra in (
        " · " + frame["optimizer"].fillna("no optimizer"),
        " · batches of " + frame["batch_size"].astype("Int64").astype(str),
        " · seed " + frame["seed"].astype(str),
        " · " + frame["run_id"].str[-6:],
    ):
        twice = label.duplicated(keep=False)
        alike = extra.groupby(label).transform("nunique") > 1
        label = label.where(~(twice & alike), label + extra)
    return label


def _row(run: RunSummary, titles: dict[str, str], sources: dict[str, str]) -> dict[str, object]:
    low, high = run.test_accuracy_ci95
    budget = budget_of(run)
    protocol = PROTOCOLS.get(run.protocol)
    return {
        "run_id": run.run_id,
        "title": run_title(run, titles),
        "architecture": run.architecture,
        "color": architecture_color(run.architecture),
        "test_accuracy": run.test_accuracy,
        "low": low,
        "high": high,
        "interval": f"{100 * low:.2f} to {100 * high:.2f}",
        "test_images": run.test_images,
        "val_accuracy": run.val_accuracy,
        "train_accuracy": run.train_accuracy,
        "badges": run_badges(run),
        "protocol": run.protocol,
        "protocol_title": protocol.title if protocol else run.protocol,
        "params": run.total_params,
        "macs": run.macs,
        "size_kb": run.size_bytes / 1000 if run.size_bytes else None,
        "has_model": run.has_model,
        "has_projection": run.has_projection,
        "train_seconds": run.train_seconds,
        "train_cpu_seconds": run.train_cpu_seconds,
        "latency_ms": run.latency_ms,
        "epochs": run.epochs,
        "budget": budget,
        "optimizer": run.optimizer,
        "batch_size": run.batch_size,
        "seed": run.seed,
        "basis": run.basis,
        "paper": run.paper,
        "source": sources.get(run.paper, run.paper or "own"),
        "created": run.created,
    }
