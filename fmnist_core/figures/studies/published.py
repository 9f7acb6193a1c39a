"""What the sources print of a level, for the marks and the table beside our own numbers."""

from collections.abc import Mapping, Sequence

import pandas as pd

from fmnist_core.evaluation.study.result import LevelResult, SeriesResult, StudyResult
from fmnist_core.figures.table import Column
from fmnist_core.papers import find_system, find_table
from fmnist_core.papers.schema import Published, System
from fmnist_core.runs.history import EpochRow
from fmnist_core.studies import Study

OURS, THEIRS = "measured", "published"
# Fields of an epoch for the metrics that tables of whole trainings print.
_FIELDS = {
    "train_loss": "loss",
    "val_loss": "val_loss",
    "train_accuracy": "accuracy",
    "val_accuracy": "val_accuracy",
}


def published_accuracy(study: Study, one: LevelResult) -> Published | None:
    """Returns the accuracy on test images that a source prints of this very level; None if none.

    Numbers of other data sets are not shown beside ours, nor those of a level that no source has,
    or that is the source's in our reading only.
    """
    setup, optimizer = one.setup, one.level.key
    named = {"optimizer", "learning_rate"} if optimizer else set()
    if setup.own_layers or setup.variant or set(setup.changes) - named:
        return None
    if setup.architecture == "custom":
        return None
    system = find_system(setup.architecture)
    if not _states_its_level(system, study.factors):
        return None
    fitting = [
        number
        for number in system.published
        if number.dataset == "fashion_mnist"
        and number.metric in ("test_accuracy", "val_accuracy")
        and "test" in number.split
        and (number.optimizer, number.epoch, number.class_name) == (optimizer, 0, "")
        and number.train_fraction == 1
    ]
    return min(fitting, key=lambda number: number.metric != "test_accuracy", default=None)


def _states_its_level(system: System, factors: Sequence[str]) -> bool:
    """Says whether a source names its own choice of each setting that a study varies.

    A rate goes with its optimizer, and of an augmentation the kinds do, whatever their strengths.
    """
    chosen = {*factors} & {*system.recipe} - {"augmentation"}
    if "optimizer" in chosen:
        chosen.discard("learning_rate")
    return chosen <= {*system.stated_recipe}


def table_columns(result: StudyResult) -> dict[str, Column]:
    """Returns the columns of `table_rows`, named as the source prints them."""
    columns = {
        "level": Column("Level", pinned=True),
        "kind": Column("Number", pinned=True),
    }
    for number, column in enumerate(find_table(result.study.published).columns):
        columns[f"c{number}"] = Column(
            column.label, "decimal", column.split, digits=4, in_csv=column.label
        )
    return columns


def table_rows(
    result: StudyResult, part: SeriesResult, histories: Mapping[str, Sequence[EpochRow]]
) -> pd.DataFrame:
    """Returns the published table with our rows above each: first and last epoch, mean of seeds.

    Args:
        part: the series whose levels are the table's rows.
        histories: run id -> its epochs.
    """
    table = find_table(result.study.published)
    by_key = {row.key: row for row in table.rows}
    records: list[dict[str, object]] = []
    for one in part.levels:
        row = by_key.get(one.level.key)
        if row is None:
            continue
        if one.runs:
            ours: dict[str, object] = {"level": one.label, "kind": OURS, "name": one.level.label}
            for number, column in enumerate(table.columns):
                field, place = _FIELDS[column.metric], 0 if column.epoch == 1 else -1
                values = [getattr(histories[run_id][place], field) for run_id in one.run_ids]
                known = [value for value in values if value is not None]
                ours[f"c{number}"] = sum(known) / len(known) if known else None
            records.append(ours)
        label = one.level.label
        theirs: dict[str, object] = {"level": label, "kind": THEIRS, "name": label}
        theirs |= {f"c{n}": float(cell) if cell else None for n, cell in enumerate(row.cells)}
        records.append(theirs)
    return pd.DataFrame(records)


def table_takeaway(rows: pd.DataFrame, columns: Mapping[str, Column]) -> str:
    """Returns in how many columns our best level is the source's, and in which not."""
    same: list[str] = []
    other: list[str] = []
    ours, theirs = rows[rows["kind"] == OURS], rows[rows["kind"] == THEIRS]
    levels = set(ours["name"])
    if len(levels) < 2:
        return "Published numbers; ours stand above them once two levels or more are trained."
    for name, column in columns.items():
        if not name.startswith("c"):
            continue
        high = "acc" in column.label.lower()
        bests = []
        for part in (ours, theirs[theirs["name"].isin(levels)]):
            values = part.set_index("name")[name].dropna()
            if len(values):
                bests.append(str(values.idxmax() if high else values.idxmin()))
        if len(bests) == 2:
            (same if bests[0] == bests[1] else other).append(
                f"{column.label.lower()} ({bests[0]} here, {bests[1]} in the source)"
            )
    count = len(same) + len(other)
    text = f"The best of the trained levels is the source's best in {len(same)} of {count} columns"
    return f"{text}; not in {', '.join(other)}." if other else f"{text}."
