"""The view of the Papers page that sets each claim beside the numbers that bear on it."""

import streamlit as st

from fmnist_core.evaluation.ledger.sentences import accuracies_sentence
from fmnist_core.figures.papers.claims import (
    STANDINGS,
    Claim,
    claims,
    claims_takeaway,
)
from fmnist_core.figures.papers.words import CLAIMS_NOTE
from fmnist_core.figures.words import escaped
from fmnist_core.papers import find_paper, papers
from fmnist_core.ui.components import caveat, takeaway
from fmnist_core.ui.papers.loaders import facts
from fmnist_core.ui.papers.summary import show_bars

_SIGNS = {
    True: ":green[:material/check:]",
    False: ":orange[:material/close:]",
    None: ":gray[:material/question_mark:]",
}


def show_claims(paper_id: str) -> None:
    """Draws the claims of a source, or of all, each with its checks."""
    known = facts()
    if not paper_id:
        show_bars(known.rows)
    takeaway(accuracies_sentence([row for row in known.rows if paper_id in ("", row.source)]))
    shown = [paper.id for paper in papers() if paper_id in ("", paper.id)]
    found = {paper: claims(paper, known) for paper in shown}
    takeaway(claims_takeaway([claim for of_paper in found.values() for claim in of_paper]))
    caveat(CLAIMS_NOTE)
    for paper, of_paper in found.items():
        source = find_paper(paper)
        st.subheader(escaped(source.title), anchor=False)
        st.caption(f"{', '.join(source.authors) or 'No author named'}. {escaped(source.summary)}")
        for claim in of_paper:
            _show_claim(claim)


def _show_claim(claim: Claim) -> None:
    color, icon = STANDINGS[claim.standing]
    with st.container(border=True):
        st.markdown(f"**{escaped(claim.text)}**")
        st.badge(claim.standing.capitalize(), color=color, icon=icon)
        st.markdown("\n\n".join(f"{_SIGNS[part.holds]} {part.says}" for part in claim.findings))
