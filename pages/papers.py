"""Papers: what was claimed, and what did we measure?"""

import streamlit as st

from fmnist_core.errors import RunError
from fmnist_core.ui.components import error_line, next_page, page_header
from fmnist_core.ui.papers.choice import choose_paper, choose_view
from fmnist_core.ui.papers.claims import show_claims
from fmnist_core.ui.papers.curves import show_curves
from fmnist_core.ui.papers.loaders import damaged_runs, ledger_rows
from fmnist_core.ui.papers.numbers import show_numbers
from fmnist_core.ui.papers.protocols import show_protocols
from fmnist_core.ui.papers.references import show_references
from fmnist_core.ui.papers.register import show_register
from fmnist_core.ui.papers.report import report_button
from fmnist_core.ui.papers.summary import show_counts
from fmnist_core.ui.router import require_router
from fmnist_core.ui.runs import show_damaged_runs

require_router()
page_header(
    "What was claimed, and what did we measure?",
    "Every number that the five sources print, beside ours where there is one; verdicts follow "
    "stated rules.",
    ":material/menu_book:",
)

try:
    rows, damaged = ledger_rows(), damaged_runs()
except RunError as error:
    error_line(str(error))
    st.stop()

paper = choose_paper()
show_counts([row for row in rows if paper in ("", row.source)])
match choose_view():
    case "numbers":
        show_numbers(paper, rows)
    case "protocols":
        show_protocols(paper)
    case "curves":
        show_curves(paper, rows)
    case "contradictions":
        show_register(paper)
    case "references":
        show_references()
    case _:
        show_claims(paper)
report_button(paper)
show_damaged_runs(damaged)
next_page("pages/architectures.py", "Next: what is inside these networks?")
