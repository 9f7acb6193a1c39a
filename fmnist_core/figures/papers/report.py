"""A source, or all of them, as one file: what was published and measured, and what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from fmnist_core.evaluation.ledger.choice import Choice
from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.evaluation.ledger.sentences import accuracies_sentence
from fmnist_core.evaluation.ledger.verdicts import RULES
from fmnist_core.figures.damaged_runs import damaged_sections
from fmnist_core.figures.html_file import Section, html_file
from fmnist_core.figures.papers.bars import bars_caveat, bars_chart, bars_frame, bars_takeaway
from fmnist_core.figures.papers.claims import Claim, claims, claims_takeaway
from fmnist_core.figures.papers.dots import dots_chart, dots_frame, dots_takeaway
from fmnist_core.figures.papers.facts import Facts
from fmnist_core.figures.papers.protocols import legend, matrix, matrix_columns, matrix_takeaway
from fmnist_core.figures.papers.register import REGISTER_COLUMNS, entries_of, register_frame
from fmnist_core.figures.papers.rows import (
    VERDICTS,
    ledger_frame,
    network_name,
    printed_frame,
    shown_columns,
    source_words,
    table_takeaway,
)
from fmnist_core.figures.papers.words import CLAIMS_NOTE, DOTS_NOTE, FOUND, OTHER_IMAGES
from fmnist_core.figures.words import without_markup
from fmnist_core.papers import find_paper, papers, systems, tables
from fmnist_core.runs.index import DamagedRun

_NOT_HERE = (
    "The Papers page has besides: published epochs over our learning curves; for each network what "
    "we chose and why, what its source does not say, and where our training departs from it; and "
    "the references."
)


def papers_report(
    paper_id: str,
    facts: Facts,
    choices: Mapping[str, Choice],
    damaged: Sequence[DamagedRun],
) -> bytes:
    """Returns everything on a source, "" for all, as HTML that opens without a network.

    Args:
        choices: system id -> our runs that stand for it.
        damaged: runs that none of the numbers hold.
    """
    rows = [row for row in facts.rows if paper_id in ("", row.source)]
    shown = [paper.id for paper in papers() if paper_id in ("", paper.id)]
    sections = [
        _summary(shown, rows),
        *damaged_sections(damaged),
        *_claims(shown, facts),
        *(section for paper in shown for section in _tables(paper, rows)),
        _ledger(rows),
        _protocols(shown, choices),
        _register(paper_id),
        Section("Not in this file", (_NOT_HERE,)),
    ]
    name = source_words(paper_id) if paper_id else "five sources on Fashion-MNIST"
    return html_file(f"Published and measured: {name}", sections)


def _summary(shown: Sequence[str], rows: Sequence[LedgerRow]) -> Section:
    sources = [find_paper(paper) for paper in shown]
    says = [
        *(
            f"{', '.join(paper.authors) or 'No author named'}: {paper.title}. {paper.summary} "
            f"{paper.split} ({paper.framework}.)"
            for paper in sources
        ),
        without_markup(accuracies_sentence(rows)),
    ]
    if len(sources) == 1:
        return Section("In short", says)
    caption = without_markup(f"{bars_takeaway(rows)} {bars_caveat(rows)}")
    return Section("In short", says, chart=bars_chart(bars_frame(rows)), caption=caption)


def _claims(shown: Sequence[str], facts: Facts) -> list[Section]:
    """What came of the claims, then those of each source with what every check of them found."""
    found = {paper: claims(paper, facts) for paper in shown}
    every = [claim for of_paper in found.values() for claim in of_paper]
    return [
        Section("Do the claims hold?", (claims_takeaway(every), CLAIMS_NOTE)),
        *(
            Section(f"{source_words(paper)}: claims", items=[_checked(claim) for claim in of_paper])
            for paper, of_paper in found.items()
        ),
    ]


def _checked(claim: Claim) -> tuple[str, list[str]]:
    findings = [f"{FOUND[part.holds]}: {without_markup(part.says)}" for part in claim.findings]
    return f"{claim.text} {claim.standing.capitalize()}.", findings


def _tables(paper_id: str, rows: Sequence[LedgerRow]) -> list[Section]:
    """The source's tables as printed with ours beside them, and the numbers of its text."""
    name = source_words(paper_id)
    sections = []
    for table in (one for one in tables() if one.paper == paper_id):
        of_table = [row for row in rows if row.table == table.id]
        network = f"{network_name(table.system)}. " if table.system else ""
        notes = filter(None, (table.note, table.impossible))
        says = (f"{network}{table_takeaway(of_table)}", *notes)
        title = f"{name}: {table.title}, {table.place}"
        drawn = [] if table.key in ("epoch", "optimizer") else of_table
        sections.append(Section(title, says, (), *_dots(drawn), *printed_frame(table, of_table)))
    of_text = [row for row in rows if row.source == paper_id and not row.table]
    chart, caption = _dots(of_text)
    if chart:
        sections.append(Section(f"{name}: numbers of its text", (), (), chart, caption))
    return sections


def _dots(rows: Sequence[LedgerRow]) -> tuple[dict[str, Any] | None, str]:
    """The published numbers and ours as dots with what they say; nothing without both."""
    frame = dots_frame(rows)
    if frame.empty:
        return None, ""
    return dots_chart(frame), without_markup(f"{dots_takeaway(frame)} {DOTS_NOTE}")


def _ledger(rows: Sequence[LedgerRow]) -> Section:
    frame = ledger_frame(rows)
    rules = [f"{VERDICTS[word]}: {without_markup(rule)}" for word, rule in RULES.items()]
    others = [OTHER_IMAGES] if any(row.dataset != "fashion_mnist" for row in rows) else []
    return Section(
        "Every number: difference, interval and verdict",
        (table_takeaway(rows), *others),
        items=rules,
        frame=frame,
        columns=shown_columns(frame),
    )


def _protocols(shown: Sequence[str], choices: Mapping[str, Choice]) -> Section:
    theirs = [system for system in systems() if system.paper in shown]
    frame = matrix(theirs, choices)
    says = (matrix_takeaway(theirs, choices), legend())
    return Section("Protocols", says, frame=frame, columns=matrix_columns(frame))


def _register(paper_id: str) -> Section:
    entries = entries_of(paper_id)
    says = () if entries else ("None was found.",)
    return Section("Contradictions", says, frame=register_frame(entries), columns=REGISTER_COLUMNS)
