"""Runs at an equal budget, as a table and in words."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.budget import Kind, Reached
from fmnist_core.evaluation.run_names import stand_in_words
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped
from fmnist_core.listing import some
from fmnist_core.runs.schema import Run

UNFINISHED = "schedule cut short"
MACS_SOURCE = (
    "MACs are 3 × the forward pass of one image × the images trained on: a backward pass counts as "
    "two forward ones (Kaplan et al. 2020, arXiv:2001.08361, section 2.1)."
)
# Below this share of what another had spent, a budget is not called equal without a word.
_EQUAL_FROM = 0.9
_NAMED = 4  # runs that a sentence names before it counts them
_PREFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"))


def amount_words(kind: Kind, amount: float) -> str:
    """Returns "20 epochs", "431 s" or "2.5 TMACs"; three digits tell all choices apart."""
    if kind == "epochs":
        return f"{amount:.0f} epoch{'' if amount == 1 else 's'}"
    if kind == "seconds":
        return f"{float(f'{amount:.3g}'):,.10g} s"
    size, prefix = next(((s, p) for s, p in _PREFIXES if amount >= s), (1.0, ""))
    return f"{float(f'{amount / size:.3g}'):,.10g} {prefix}MACs"


def budget_words(kind: Kind, amount: float) -> str:
    """Returns `amount_words` for a sentence, where "54 s" would not say of what."""
    return amount_words(kind, amount) + (" of processor time" if kind == "seconds" else "")


def budget_columns(kind: Kind, *, with_baseline: bool) -> dict[str, Column]:
    """Returns the columns of `budget_table`."""
    spent = {
        "seconds": Column("Processor (s)", "integer", "Spent by the end of that epoch."),
        "macs": Column("TMACs", "decimal", "Spent by the end of that epoch, 10¹² MACs.", digits=3),
    }
    columns = {
        "label": Column("Run", pinned=True),
        "epoch": Column("After epoch", "integer", "The last whole epoch within the budget."),
        **({"spent": spent[kind]} if kind in spent else {}),
        "val_accuracy": Column("Validation accuracy (%)", "percent"),
        "interval": Column(
            "95 % interval", meaning="Wilson's interval: which validation images, not seeds."
        ),
        "val_accuracy_difference": Column("± baseline (points)", "points", better="higher"),
        "val_loss": Column("Validation loss", "decimal", digits=4),
        "val_loss_difference": Column("± baseline (%)", "change", digits=1, better="lower"),
        "best_val_accuracy": Column("Best so far (%)", "percent", "Of all epochs until then."),
        "best_epoch": Column("in epoch", "integer"),
        "end_val_accuracy": Column("At its own end (%)", "percent", "After its last epoch."),
        "end_epoch": Column("after epochs", "integer"),
        "badges": Column("Caveats", "badges", "What keeps this number from being compared freely."),
    }
    if with_baseline:
        return columns
    return {name: column for name, column in columns.items() if not name.endswith("_difference")}


def budget_table(
    reached: Sequence[Reached], rows: pd.DataFrame, kind: Kind, baseline: str
) -> pd.DataFrame:
    """Returns one row a run: where it stood at the budget, and its difference to the baseline.

    Args:
        rows: leaderboard rows of at least these runs.
        baseline: run id, or "". Runs of another split were validated on other images than it and
            have no difference.
    """
    frame = pd.DataFrame([vars(run) for run in reached], columns=_FIELDS)
    names = ["val_accuracy", "val_loss", "best_val_accuracy", "best_epoch", "end_val_accuracy"]
    frame = frame.astype(dict.fromkeys(names, float))
    frame = frame.merge(rows[["run_id", "label", "protocol", "protocol_title", "badges"]])
    unfinished = [[UNFINISHED] if cut else [] for cut in frame["schedule_unfinished"]]
    frame["badges"] = [old + new for old, new in zip(frame["badges"], unfinished, strict=True)]
    frame["interval"] = frame["val_accuracy_ci95"].map(_interval)
    if kind == "macs":
        frame["spent"] /= 1e12
    if baseline not in set(frame["run_id"]):
        return frame
    reference = frame[frame["run_id"] == baseline].iloc[0]
    same = frame["protocol"] == reference["protocol"]
    accuracy = frame["val_accuracy"] - reference["val_accuracy"]
    loss = frame["val_loss"] / reference["val_loss"] - 1
    return frame.assign(
        val_accuracy_difference=accuracy.where(same), val_loss_difference=loss.where(same)
    )


_FIELDS = list(Reached.__dataclass_fields__)


def budget_takeaway(table: pd.DataFrame, words: str, baseline: str) -> str:
    """Returns what can be concluded from `budget_table`, with its numbers.

    Args:
        words: the budget, as `budget_words` gives it.
    """
    known = table.dropna(subset="val_accuracy").sort_values("val_accuracy", ascending=False)
    if known.empty:
        return f"At {words}, none of these runs has a validation accuracy to compare."
    first = known.iloc[0]
    if len(known) == 1:
        return (
            f"At {words}, {_name(first)} gets {100 * first['val_accuracy']:.2f} % of its "
            "validation images right. There is no other run to compare it with."
        )
    splits = known["protocol"].nunique()
    if splits > 1:
        return (
            f"At {words}, these runs were validated on the images of {splits} unlike splits: read "
            "their accuracies apart, not as a ranking."
        )
    parts = [_lead(known, words), _against_baseline(known, baseline), _later(known, first)]
    return " ".join(filter(None, parts))


def _lead(known: pd.DataFrame, words: str) -> str:
    first, second = known.iloc[0], known.iloc[1]
    ahead = 100 * (first["val_accuracy"] - second["val_accuracy"])
    share = f"{100 * first['val_accuracy']:.2f} %"
    if ahead == 0:
        return (
            f"At {words}, {_name(first)} and {_name(second)} are level at {share} of the "
            "validation images."
        )
    text = (
        f"At {words}, {_name(first)} is ahead with {share} of the validation images right, "
        f"{ahead:.2f} points before {_name(second)}"
    )
    low, high = first["val_accuracy_ci95"], second["val_accuracy_ci95"]
    if not low or not high:
        return text + "."
    if low[0] > high[1]:
        return text + "; their 95 % intervals do not overlap."
    return (
        text + "; their 95 % intervals overlap, which leaves open what other images would say: a "
        "history keeps no answers to pair."
    )


def _against_baseline(known: pd.DataFrame, baseline: str) -> str:
    if "val_accuracy_difference" not in known:
        return ""
    others = known[known["run_id"] != baseline]
    reference = known[known["run_id"] == baseline]
    if reference.empty or len(others) < 2:
        return ""
    above = int((others["val_accuracy_difference"] > 0).sum())
    return f"{above} of {len(others)} lie above {_name(reference.iloc[0])}."


def _later(known: pd.DataFrame, first: "pd.Series[Any]") -> str:
    if (known["end_epoch"] == known["epoch"]).all():
        return "This is where all of their trainings ended."
    last = known.sort_values("end_val_accuracy", ascending=False, kind="stable").iloc[0]
    if last["run_id"] == first["run_id"]:
        return "It is ahead at the ends of their own trainings, too."
    return (
        f"At the ends of their own trainings {_name(last)} is ahead "
        f"({100 * last['end_val_accuracy']:.2f} % after {last['end_epoch']} epochs)."
    )


def budget_caveats(
    table: pd.DataFrame, runs: Sequence[Run], kind: Kind, labels: dict[str, str]
) -> list[str]:
    """Returns what the numbers of `budget_table` do not say, a sentence or two each.

    Args:
        runs: the records of the compared runs.
    """
    text = (
        "Validation accuracy, not test accuracy: the test set is read once, at the end of a "
        "training. One training each: another seed may turn a close order. "
        f"{stand_in_words(table['protocol'])}"
    ).rstrip()
    return [text, *_unspent(table, kind), *_unfinished(table, runs), *_unlike(runs, kind, labels)]


def _unspent(table: pd.DataFrame, kind: Kind) -> list[str]:
    """Returns how unequal the spent amounts are, since only whole epochs count."""
    known = table.dropna(subset="val_accuracy").sort_values("spent", kind="stable")
    if kind == "epochs" or known.empty:
        return []
    # `budget_table` gives MACs in 10¹².
    unit = 1e12 if kind == "macs" else 1
    most = known.iloc[-1]
    less = [
        f"{_name(row)} {amount_words(kind, unit * row['spent'])} "
        f"({100 * row['spent'] / most['spent']:.0f} %)"
        for row in known[known["spent"] < _EQUAL_FROM * most["spent"]].to_dict("records")
    ]
    if not less:
        return []
    return [
        "Only whole epochs count, so the amounts spent are not equal: "
        f"{_name(most)} {amount_words(kind, unit * most['spent'])}, but "
        f"{some(less, _NAMED)}."
    ]


def _unfinished(table: pd.DataFrame, runs: Sequence[Run]) -> list[str]:
    recipes = {run.run_id: run.recipe for run in runs}
    names = []
    for row in table[table["schedule_unfinished"]].to_dict("records"):
        recipe = recipes[row["run_id"]]
        schedule = recipe.schedule.replace("_", "-") if recipe else ""
        planned = recipe.epochs if recipe else 0
        names.append(f"{_name(row)} ({schedule} over {planned} epochs)")
    if not names:
        return []
    return [
        f"Cut before the learning rate had come down as planned: {', '.join(names)}. Planned for "
        "this budget, they would have lowered it in time and might stand higher."
    ]


def _unlike(runs: Sequence[Run], kind: Kind, labels: dict[str, str]) -> list[str]:
    """Returns what "equal" leaves unequal."""
    if kind == "macs":
        return [MACS_SOURCE]
    if kind == "epochs":
        images = {run.images.train: run for run in runs}
        few, many = min(images), max(images)
        if few == many:
            return []
        return [
            f"An epoch is not the same for all: {few:,} images for "
            f"**{escaped(labels[images[few].run_id])}**, {many:,} for "
            f"**{escaped(labels[images[many].run_id])}**."
        ]
    machines = {(run.machine.processor, run.machine.threads, run.machine.precision) for run in runs}
    if len(machines) == 1:
        return ["Processor seconds of all threads, without validation."]
    return [
        f"Processor seconds of all threads, without validation, on {len(machines)} unlike set-ups "
        "(processor, threads, precision): a second does not do the same work on each."
    ]


def _interval(ci95: tuple[float, float] | None) -> str:
    return f"{100 * ci95[0]:.2f} to {100 * ci95[1]:.2f}" if ci95 else "–"


def _name(row: Any) -> str:
    return f"**{escaped(row['label'])}**"
