"""The part of the Compare page that says which differences are more than chance."""

import pandas as pd
import streamlit as st

from fmnist_core.evaluation.compare import Comparison
from fmnist_core.evaluation.sentences import tie_remark, tie_sentences
from fmnist_core.evaluation.significance_sentences import identical_sentence, leader_sentences
from fmnist_core.evaluation.tie_groups import TieGroup, tie_groups
from fmnist_core.figures.comparison import (
    PAIR_COLUMNS,
    TESTS_NOTE,
    bold_names,
    has_short_runs,
    pairs_table,
    pairs_takeaway,
)
from fmnist_core.figures.critical_difference import (
    TIE_COLUMNS,
    TIES_NOTE,
    tie_chart,
    tie_frame,
    tie_takeaway,
)
from fmnist_core.figures.palette import run_colors
from fmnist_core.figures.significance_matrix import (
    matrix_chart,
    matrix_frame,
    ranked_names,
    untested_words,
)
from fmnist_core.figures.square import MOST_NUMBERED
from fmnist_core.ui import loaders
from fmnist_core.ui.comparison import show_short_runs, show_tests
from fmnist_core.ui.components import caveat, show_chart, takeaway
from fmnist_core.ui.runs import split_caveats


def show_significance(rows: pd.DataFrame) -> None:
    """Draws who beats whom, and which runs cannot be told apart; words alone for fewer than three.

    Args:
        rows: leaderboard rows of the chosen runs.
    """
    st.header("Who beats whom?", anchor=False)
    if len(rows) < 3:
        show_tests(rows)
        _offer_equal_budget(rows)
        split_caveats(rows)
        return
    ranked = rows.sort_values("test_accuracy", ascending=False, kind="stable")
    labels = dict(zip(ranked["run_id"], ranked["label"], strict=True))
    comparison = loaders.comparison(tuple(ranked["run_id"]))
    if not comparison.pairs:
        takeaway(pairs_takeaway(comparison, labels))
        return
    _show_matrix(comparison, labels)
    split_caveats(rows)
    show_short_runs(rows)
    _offer_equal_budget(rows)
    st.header("Which cannot be told apart?", anchor=False)
    _show_ties(comparison, tie_groups(comparison), rows, labels)


def _offer_equal_budget(rows: pd.DataFrame) -> None:
    """Leads to the part of the page that can undo a shorter training; nothing where there is none.

    By multiply-accumulates, which fewer epochs and fewer images both save.
    """
    if has_short_runs(rows):
        st.button(
            "Compare their curves at an equal budget",
            icon=":material/balance:",
            key="to_equal_budget",
            on_click=lambda: st.session_state.update(part="curves", equal="macs"),
        )


def _show_matrix(comparison: Comparison, labels: dict[str, str]) -> None:
    how = (
        "Read a row from left to right: blue where it is ahead of the run in that column, orange "
        "where it is behind, stronger for a larger difference in points; ≈ where the exact McNemar "
        "test, adjusted for all pairs (Holm), does not separate the two."
    )
    if len(comparison.runs) > MOST_NUMBERED:
        how += " The numbers stand under the pointer and in the table."
    show_chart(
        matrix_chart(matrix_frame(comparison, labels)),
        says=" ".join(leader_sentences(comparison, bold_names(labels))),
        data=pairs_table(comparison, labels),
        columns=PAIR_COLUMNS,
        name="significance",
        limits=" ".join(filter(None, (how, untested_words(comparison)))),
    )
    if text := identical_sentence(comparison, bold_names(labels)):
        caveat(text)
    caveat(f"{TESTS_NOTE} *Seeds* shows that.")


def _show_ties(
    comparison: Comparison,
    groups: tuple[TieGroup, ...],
    rows: pd.DataFrame,
    labels: dict[str, str],
) -> None:
    colors, _ = run_colors(rows["label"], rows["architecture"])
    frame = tie_frame(comparison, groups, labels, colors)
    show_chart(
        tie_chart(frame, groups),
        says=tie_takeaway(comparison, groups, labels),
        data=frame,
        columns=TIE_COLUMNS,
        name="tie_groups",
        limits=TIES_NOTE,
    )
    names = bold_names(ranked_names(comparison.runs, labels))
    st.markdown("\n".join(f"- {line}" for line in tie_sentences(groups, names)))
    if remark := tie_remark(comparison):
        caveat(remark)
