"""`papers list`, `ledger` and `table`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from fmnist_core.cli.output import print_json, print_table
from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.ledger.evidence import read_all_evidence
from fmnist_core.evaluation.ledger.rows import LedgerRow, ledger
from fmnist_core.evaluation.ledger.sentences import findings, ledger_sentences
from fmnist_core.evaluation.ledger.systems_table import markdown_table, system_lines
from fmnist_core.papers import find_system, papers, systems
from fmnist_core.papers.export import paper_json
from fmnist_core.papers.schema import METRICS
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import DamagedRun

COMMAND = "python -m fmnist_core papers table --write README.md"
BEGIN = f"<!-- measurements: made by `{COMMAND}` -->"
END = "<!-- end of the measurements -->"


def list_all(options: argparse.Namespace) -> int:
    """Prints the sources with the ids of their systems."""
    members = {p.id: [s.id for s in systems() if s.paper == p.id] for p in papers()}
    if options.json:
        print_json([paper_json(paper) | {"systems": members[paper.id]} for paper in papers()])
    else:
        print_table(
            ("id", "systems", "title"), [(p.id, len(members[p.id]), p.title) for p in papers()]
        )
    return 0


def show_ledger(options: argparse.Namespace) -> int:
    """Prints every published number beside ours, with its verdict."""
    of = [find_system(options.system)] if options.system else None
    evidence, damaged = read_all_evidence(runs_root())
    rows = ledger(evidence, of)
    if options.json:
        records = [row.to_json() for row in rows]
        print_json({"rows": records, "damaged": [asdict(run) for run in damaged]})
        return 0
    columns = ("system", "source", "what", "published", "measured", "difference", "verdict")
    print_table(columns, [_cells(row) for row in rows])
    print()
    for sentence in ledger_sentences(rows):
        print(sentence)
    for run in damaged:
        print(f"damaged: {run.run_id}: {run.reason}")
    return 0


def table(options: argparse.Namespace) -> int:
    """Prints the table of the systems and the findings, or writes them into a Markdown file.

    Names damaged runs on standard error: nothing of them is in what it prints.

    Raises:
        FmnistError: something is to be written, and a run is damaged.
    """
    block, damaged = measurements(runs_root())
    for run in damaged:
        print(f"damaged: {run.run_id}: {run.reason}", file=sys.stderr)
    if options.write and damaged:
        count = "1 run is" if len(damaged) == 1 else f"{len(damaged)} runs are"
        raise FmnistError(
            "the table must be written from whole runs, or it calls untrained what is only "
            f"damaged. Received: {count} damaged. Restore or delete them first."
        )
    if options.write:
        write_block(Path(options.write), block)
    if options.json:
        print_json({"markdown": block, "damaged": [asdict(run) for run in damaged]})
    elif options.write:
        print(f"Wrote the table of the systems into {options.write}.")
    else:
        print(block)
    return 0


def measurements(root: Path) -> tuple[str, tuple[DamagedRun, ...]]:
    """Returns the findings and the table of all systems as Markdown, and the runs left out of it.

    Raises:
        RunError: the folder of runs cannot be read.
    """
    evidence, damaged = read_all_evidence(root)
    lines = system_lines(evidence)
    numbered = (f"{n}. {text}" for n, text in enumerate(findings(root, ledger(evidence), lines), 1))
    return "\n".join(numbered) + "\n\n" + markdown_table(lines), damaged


def write_block(path: Path, block: str) -> None:
    """Replaces what stands between the two marks of a file.

    Raises:
        FmnistError: the file cannot be read or written, or lacks a mark.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FmnistError(f"{path} must be a text file. Received: {error}.") from None
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        received = "only the first" if begin else "a text without the first"
        raise FmnistError(
            f"{path} must hold the line {BEGIN!r} and, after it, {END!r}. Received: {received}."
        )
    try:
        path.write_text(f"{before}{BEGIN}\n\n{block}\n\n{END}{after}", encoding="utf-8")
    except OSError as error:
        raise FmnistError(f"{path} must be writable. Received: {error.strerror}.") from None


def _cells(row: LedgerRow) -> Sequence[str | float | None]:
    what = " ".join(
        part
        for part in (
            METRICS[row.metric][0].lower(),
            row.class_name,
            row.optimizer,
            f"epoch {row.epoch}" if row.epoch else "",
            f"{100 * row.train_fraction:.0f} % of the data" if row.train_fraction != 1 else "",
            f"on {row.dataset}" if row.dataset != "fashion_mnist" else "",
        )
        if part
    )
    published = None if row.published is None else row.printed
    budget = f" ({row.budget})" if row.budget not in ("", "full") else ""
    return (
        row.system,
        row.source,
        what,
        published,
        row.measured,
        row.difference,
        row.verdict + budget,
    )
