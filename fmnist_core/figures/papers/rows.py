"""Published numbers beside ours: the ledger as tables, with the marks that each number carries."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import pandas as pd

from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.evaluation.ledger.verdicts import VerdictWord
from fmnist_core.evaluation.run_names import BUDGET_BADGES, TEST_SEEN
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.figures.leaderboard import short_source
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import short_label
from fmnist_core.papers import find_paper, find_system, systems
from fmnist_core.papers.schema import METRICS, Table
from fmnist_core.papers.schema import Column as PrintedColumn

# In the order in which they are counted, with what a count of them is called.
VERDICTS: dict[VerdictWord, str] = {
    "reproduced": "Reproduced",
    "not reproduced": "Not reproduced",
    "not reproducible": "Not reproducible",
    "reconstruction only": "Reconstruction only",
    "not judged": "Not judged",
    "not measured": "Not measured",
}
IMAGES = {"mnist": "MNIST", "other": "other images"}
LEDGER_COLUMNS = {
    "system": Column("Network", pinned=True),
    "what": Column("Number", pinned=True),
    "printed": Column("Published", meaning="As the source prints it."),
    "ours": Column("Ours", meaning="Mean over our training seeds."),
    "verdict": Column("Verdict"),
    "points": Column("Difference, points", "points", "Ours minus published, of shares."),
    "difference_words": Column(
        "Difference", meaning="Ours minus published, of counts, losses and seconds."
    ),
    "interval": Column(
        "Ours, 95 % interval",
        meaning="Where one more run is expected, by the chance of images and of seeds: of its own "
        "from three on, for accuracies else of other networks', or told from its last epochs.",
    ),
    "seeds": Column("Seeds"),
    "spread": Column("Seed spread", meaning="Standard deviation over our seeds."),
    "marks": Column("Marks", "badges", "What keeps the two from being compared freely."),
    "reason": Column("Because"),
    "printed_by": Column("Source", meaning="Which of the five prints the number."),
    "images": Column("Images", meaning="Which images, as far as the source says."),
    "place": Column("Place in the source"),
    "registered": Column("Contradictions", "badges", "In the register."),
}
# They say something only where a number of ours stands.
_OF_OURS = ("points", "difference_words", "interval", "seeds", "spread")


def source_words(paper_id: str) -> str:
    """Returns a source's short name: its authors, or the first words of its title."""
    paper = find_paper(paper_id)
    return short_source(paper.authors, paper.title).partition(":")[0]


@cache
def network_name(system_id: str) -> str:
    """Returns a network's title, shortened where no other is then called the same."""
    short = Counter(short_label(system.title) for system in systems())
    title = find_system(system_id).title
    return short_label(title) if short[short_label(title)] == 1 else title


def verdict_counts(rows: Iterable[LedgerRow]) -> dict[VerdictWord, int]:
    """Returns how many published numbers have each verdict, in the order of `VERDICTS`."""
    counts = Counter(row.verdict for row in rows if row.published is not None)
    return {word: counts[word] for word in VERDICTS}


def ledger_frame(rows: Sequence[LedgerRow]) -> pd.DataFrame:
    """Returns one row for each number, in words; raw values stand beside them for the CSV."""
    return pd.DataFrame([_words(row) for row in rows], columns=_columns())


def shown_columns(frame: pd.DataFrame) -> dict[str, Column]:
    """Returns the columns that hold anything in these rows, and tell them apart."""
    left_out = () if frame["measured"].notna().any() else _OF_OURS
    if len(set(frame["source"])) == 1:
        left_out = (*left_out, "printed_by")
    if len(frame) > 1 and len(set(frame["system"])) == 1:
        left_out = (*left_out, "system")
    return {
        name: column
        for name, column in LEDGER_COLUMNS.items()
        if name not in left_out and frame[name].map(_says_something).any()
    }


def _says_something(cell: object) -> bool:
    if isinstance(cell, float):
        return not math.isnan(cell)
    return bool(cell) and cell != "–"


def what(row: LedgerRow) -> str:
    """Returns which number it is: its metric with class, epoch, optimizer, share and data set."""
    share = f"{100 * row.train_fraction:.0f} % of the data" if row.train_fraction < 1 else ""
    epoch = f"epoch {row.epoch}" if row.epoch else ""
    title = METRICS[row.metric][0]
    if row.class_name:
        title = title.partition(",")[0]  # the score of one class is no average
    parts = (title, row.class_name, row.optimizer, epoch, share)
    return ", ".join([part for part in parts if part] + _elsewhere(row))


def marks(row: LedgerRow) -> list[str]:
    """Returns what a reader must know of a number and of ours beside it, a few words each."""
    found = [] if row.basis == "stated" else [row.basis]
    if row.budget in BUDGET_BADGES:
        found.append(BUDGET_BADGES[row.budget])
    if row.protocol_differences:
        found.append("other protocol")
    if row.protocol == TEST_SEEN_PROTOCOL and row.run_ids:
        found.append(TEST_SEEN)
    return found + _elsewhere(row)


def in_style(value: float, metric: str, printed: str) -> str:
    """Returns a number of ours in the form in which the source prints its own, a digit finer."""
    unit = METRICS[metric][1]
    if unit == "seconds":
        return f"{value:,.1f} s"
    if unit == "count":
        return f"{value:,.0f}"
    if unit == "loss":
        return f"{value:.4f}"
    if "/" in printed:
        return f"{value * 1000:.0f}/1000"
    return f"{value:.4f}" if printed.startswith(("0.", "1.")) else f"{100 * value:.2f}%"


def printed_frame(
    table: Table, rows: Sequence[LedgerRow]
) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Returns a table as its source prints it, with ours to the right of every column."""
    ours = {_address(row): row for row in rows if row.table == table.id}
    columns = {"label": Column("", pinned=True)}
    for place, column in enumerate(table.columns):
        columns[f"printed_{place}"] = Column(column.label, in_csv=column.label)
        columns[f"ours_{place}"] = Column(
            "ours", meaning=f"Our number for: {column.label}", in_csv=f"{column.label}, ours"
        )
    records = []
    for row in table.rows:
        record: dict[str, object] = {"label": row.label}
        for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            entry = ours.get(_cell_address(table, row.key, column))
            record[f"printed_{place}"] = cell or "–"
            record[f"ours_{place}"] = _ours(entry) if entry else "–"
        records.append(record)
    frame = pd.DataFrame(records)
    empty = [name for name in columns if name.startswith("ours_") and (frame[name] == "–").all()]
    return frame.drop(columns=empty), {k: c for k, c in columns.items() if k not in empty}


def table_takeaway(rows: Sequence[LedgerRow]) -> str:
    """Returns how many of these numbers were measured, and what came of it."""
    published = [row for row in rows if row.published is not None]
    if not published:
        return "The source prints no number here."
    total = f"{len(published)} published number{'' if len(published) == 1 else 's'}"
    counts = {word: count for word, count in verdict_counts(published).items() if count}
    if list(counts) == ["not measured"]:
        return f"{total}, none of them measured here."
    return f"{total}: " + ", ".join(f"{count} {word}" for word, count in counts.items()) + "."


def _columns() -> list[str]:
    raw = ["system_id", "source", "metric", "table", "published", "measured", "difference"]
    rest = ["low", "high", "seed_deviation", "budget", "protocol", "run_ids"]
    return [*LEDGER_COLUMNS, *raw, *rest]


def _words(row: LedgerRow) -> dict[str, object]:
    low, high = row.ci95 or (None, None)
    interval = "–"
    if low is not None and high is not None:
        low_words, high_words = (in_style(end, row.metric, row.printed) for end in (low, high))
        interval = f"{low_words} to {high_words}"
    return {
        "system": network_name(row.system),
        "what": what(row),
        "printed_by": source_words(row.source),
        "printed": f"{row.qualifier} {row.printed}".strip() or "–",
        "ours": _ours(row),
        "points": row.difference if METRICS[row.metric][1] == "fraction" else None,
        "difference_words": _difference(row),
        "interval": interval,
        "seeds": str(row.seeds or "–"),
        "spread": _spread(row),
        "verdict": row.verdict,
        "marks": marks(row),
        "reason": row.reason,
        "images": row.split,
        "place": row.place,
        "registered": list(row.contradictions),
        "system_id": row.system,
        "source": row.source,
        "metric": row.metric,
        "table": row.table,
        "published": row.published,
        "measured": row.measured,
        "difference": row.difference,
        "low": low,
        "high": high,
        "seed_deviation": row.seed_deviation,
        "budget": row.budget,
        "protocol": row.protocol,
        "run_ids": list(row.run_ids),
    }


def budget_mark(row: LedgerRow) -> str:
    """Returns " (reduced)" or the like for a number of ours that is not of the full training."""
    return f" ({row.budget})" if row.budget not in ("full", "") else ""


def _ours(row: LedgerRow) -> str:
    if row.measured is None:
        return "–"
    return in_style(row.measured, row.metric, row.printed) + budget_mark(row)


def _difference(row: LedgerRow) -> str:
    """Returns the difference of two numbers that are no shares; those stand in points."""
    if row.difference is None or METRICS[row.metric][1] == "fraction":
        return "–"
    count = METRICS[row.metric][1] == "count"
    return f"{row.difference:+,.0f}" if count else f"{row.difference:+z,.4f}"


def _spread(row: LedgerRow) -> str:
    if row.seed_deviation is None:
        return "–"
    unit = METRICS[row.metric][1]
    return (
        f"{100 * row.seed_deviation:.2f} pp" if unit == "fraction" else f"{row.seed_deviation:.4f}"
    )


def _elsewhere(row: LedgerRow) -> list[str]:
    return [IMAGES[row.dataset]] if row.dataset in IMAGES else []


def _address(row: LedgerRow) -> tuple[object, ...]:
    """Returns what tells the numbers of one table apart."""
    place = (row.system, row.metric, row.class_name, row.epoch, row.optimizer)
    return (*place, row.dataset, row.train_fraction)


def _cell_address(table: Table, key: str, column: PrintedColumn) -> tuple[object, ...]:
    return (
        key if table.key == "system" else table.system,
        column.metric,
        key if table.key == "class_name" else "",
        int(key) if table.key == "epoch" else column.epoch,
        key if table.key == "optimizer" else "",
        column.dataset,
        column.train_fraction,
    )
