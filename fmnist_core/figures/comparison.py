"""Runs beside each other: their numbers, what was set differently, and paired tests."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from fmnist_core.evaluation.compare import Comparison
from fmnist_core.evaluation.p_values import p_value
from fmnist_core.evaluation.recipe_words import setting_name, setting_words
from fmnist_core.evaluation.sentences import (
    comparison_sentence,
    difference_interval,
    renamed,
    verdict,
)
from fmnist_core.evaluation.settings import differing_settings
from fmnist_core.figures.leaderboard import COLUMNS
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped
from fmnist_core.runs.schema import Run

TESTS_NOTE = (
    "The test asks whether other test images would give the same winner. It does not know how far "
    "another training seed would move each run."
)
# Of less training than the source's, in epochs or images.
SHORT_BUDGETS = ("reduced", "stopped")
# Costs that get a relative difference to the baseline; test accuracy gets one in points.
_COSTS = ("params", "macs", "size_kb", "train_cpu_seconds", "latency_ms")


def number_columns(*, with_baseline: bool) -> dict[str, Column]:
    """Returns the columns of `numbers_table`; with a baseline, each difference after its number."""
    columns = {
        "label": COLUMNS["label"],
        "test_accuracy": COLUMNS["test_accuracy"],
        "interval": COLUMNS["interval"],
        "test_accuracy_difference": Column("± baseline (points)", "points", better="higher"),
        "val_accuracy": Column("Validation accuracy (%)", "percent"),
        "train_accuracy": Column(
            "Training accuracy (%)", "percent", "On the un-augmented training images, dropout off."
        ),
        "protocol_title": COLUMNS["protocol_title"],
        "badges": COLUMNS["badges"],
    }
    for cost in _COSTS:
        columns[cost] = COLUMNS[cost]
        columns[f"{cost}_difference"] = Column("± baseline (%)", "change", digits=0, better="lower")
    columns["epochs"] = COLUMNS["epochs"]
    if with_baseline:
        return columns
    return {name: column for name, column in columns.items() if not name.endswith("_difference")}


def numbers_table(rows: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Returns the leaderboard rows with signed differences to the run `baseline`; "" for none.

    A cost has none where the baseline's is 0, as a yardstick's may be, or is not known.
    """
    if not baseline:
        return rows
    reference = rows[rows["run_id"] == baseline].iloc[0]
    differences = {
        "test_accuracy_difference": rows["test_accuracy"] - reference["test_accuracy"]
    } | {
        f"{cost}_difference": rows[cost] / reference[cost] - 1 if reference[cost] else math.nan
        for cost in _COSTS
    }
    return rows.assign(**differences)


def numbers_takeaway(rows: pd.DataFrame, baseline: str) -> str:
    """Returns in a sentence how the accuracies compare: to the baseline, else among themselves."""
    best = rows.iloc[int(rows["test_accuracy"].to_numpy().argmax())]
    name = f"**{escaped(best['label'])}**"
    if len(rows) == 1:
        accuracy = f"{100 * best['test_accuracy']:.2f} % (95 % interval {best['interval']} %)"
        return f"{name} reaches {accuracy}."
    splits = len(set(rows["protocol"]))
    if splits > 1:
        return (
            f"These runs were tested under {splits} unlike splits: read their accuracies apart, "
            "not as a ranking. The paired tests below compare them on the images they share."
        )
    worst = 100 * rows["test_accuracy"].min()
    text = f"Test accuracies run from {worst:.2f} to {100 * best['test_accuracy']:.2f} % ({name})."
    if not baseline:
        return text
    reference = rows[rows["run_id"] == baseline].iloc[0]
    others = rows[rows["run_id"] != baseline]
    above = int((others["test_accuracy"] > reference["test_accuracy"]).sum())
    return text + f" {above} of {len(others)} lie above **{escaped(reference['label'])}**."


def short_runs_caveat(rows: pd.DataFrame) -> str:
    """Returns which of several runs were trained unlike their source, by how; empty if none."""
    if len(rows) < 2:
        return ""
    parts = []
    for budget, words in _UNLIKE_THE_SOURCE.items():
        labels = rows.loc[rows["budget"] == budget, "label"]
        if len(labels):
            parts.append(f"{words}: {', '.join(f'**{escaped(label)}**' for label in labels)}.")
    if not parts:
        return ""
    length = "training" if has_short_runs(rows) else "settings"
    return " ".join([*parts, f"A difference to others is also one of {length}."])


def has_short_runs(rows: pd.DataFrame) -> bool:
    """Says whether one of several runs got less training than its source's, in epochs or images."""
    return len(rows) > 1 and bool(rows["budget"].isin(SHORT_BUDGETS).any())


_UNLIKE_THE_SOURCE = {
    "reduced": "Fewer epochs or images than the source's",
    "stopped": "Stopped before its plan was done",
    "varied": "Other layers or settings than the source's",
}


def settings_table(runs: Sequence[Run]) -> pd.DataFrame:
    """Returns one row for each setting in which these runs differ, one column for each run."""
    rows = [
        {"setting": _SETTING_WORDS.get(setting.name, setting_name(setting.name))}
        | {
            run.run_id: _setting(run, setting.name, value)
            for run, value in zip(runs, setting.values, strict=True)
        }
        for setting in differing_settings(runs)
    ]
    return pd.DataFrame(rows, columns=["setting", *(run.run_id for run in runs)])


def settings_takeaway(table: pd.DataFrame) -> str:
    """Returns in a sentence how many settings `settings_table` of two or more runs holds."""
    if table.empty:
        return "Nothing: these runs have the same architecture, recipe, seed, data and versions."
    count = (
        f"{len(table)} settings" if len(table) > 1 else f"one setting, {table['setting'].iloc[0]}"
    )
    return f"They differ in {count}; everything else was the same."


def settings_columns(run_ids: Sequence[str], labels: Mapping[str, str]) -> dict[str, Column]:
    """Returns the columns of `settings_table`."""
    heads = {run_id: Column(labels[run_id]) for run_id in run_ids}
    return {"setting": Column("Setting", pinned=True), **heads}


PAIR_COLUMNS = {
    "a": Column("A"),
    "b": Column("B"),
    "verdict": Column("Verdict"),
    "accuracy_difference": Column("A − B (points)", "points"),
    "interval": Column("95 % interval", meaning="Newcombe's interval for paired proportions."),
    "a_only_correct": Column("Only A right", "integer", "Images that A gets right and B wrong."),
    "b_only_correct": Column("Only B right", "integer", "Images that B gets right and A wrong."),
    "p": Column("p (Holm)", meaning="Exact McNemar test, adjusted for all pairs here."),
    "images": Column("Images", "integer", "Test images that both were tested on."),
    "remark": Column("Caveats"),
}


def pairs_table(comparison: Comparison, labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row for each two runs, with the verdict of their paired test in words."""
    tested = [
        {
            **vars(pair),
            "verdict": verdict(pair),
            "interval": difference_interval(pair),
            "p": p_value(pair.mcnemar_p_holm),
            "remark": renamed(pair.remark, labels),
        }
        for pair in comparison.pairs
    ]
    untested = [
        {"a": pair.a, "b": pair.b, "verdict": "cannot be compared", "remark": pair.reason}
        for pair in comparison.untested
    ]
    frame = pd.DataFrame(tested + untested)
    return frame.assign(a=frame["a"].map(labels), b=frame["b"].map(labels))


def pairs_takeaway(comparison: Comparison, labels: Mapping[str, str]) -> str:
    """Returns what the paired tests say together; for a single pair, its numbers in words."""
    return comparison_sentence(comparison, bold_names(labels))


def bold_names(labels: Mapping[str, str]) -> dict[str, str]:
    """Returns the names that sentences on a page print: run id -> bold, escaped label."""
    return {run_id: f"**{escaped(label)}**" for run_id, label in labels.items()}


def _setting(run: Run, name: str, value: object) -> str:
    """The value in words; the variant and the like are no keys of a recipe."""
    if run.recipe and hasattr(run.recipe, name):
        return setting_words(run.recipe, name)
    return _value(value)


def _value(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


_SETTING_WORDS = {
    "total_params": "parameters",
    "macs": "MACs for one image",
    "train_images": "training images",
}
