"""The part of the Compare page that says how alike the chosen runs answer."""

import pandas as pd
import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.agreement import agreement_matrix, error_overlap
from fmnist_core.evaluation.sentences import agreement_sentences, renamed
from fmnist_core.figures.agreement_matrix import (
    LIKENESS_COLUMNS,
    MEASURES,
    likeness_chart,
    likeness_frame,
    mistakes_takeaway,
)
from fmnist_core.figures.comparison import bold_names
from fmnist_core.figures.square import MOST_NUMBERED
from fmnist_core.ui.compare.loaders import sheet
from fmnist_core.ui.components import (
    caveat,
    empty_state,
    one_of,
    show_chart,
    show_table,
    takeaway,
)


def show_agreement(rows: pd.DataFrame) -> None:
    """Draws for every two chosen runs how often they answer, or fail, alike.

    Args:
        rows: leaderboard rows of the chosen runs.
    """
    st.header("Do they make the same mistakes?", anchor=False)
    if len(rows) < 2:
        empty_state("One run agrees with itself.", "Choose a second run above.")
        return
    ranked = rows.sort_values("test_accuracy", ascending=False, kind="stable")
    labels = dict(zip(ranked["run_id"], ranked["label"], strict=True))
    names = bold_names(labels)
    try:
        answers = sheet(tuple(ranked["run_id"]))
    except FmnistError as error:
        empty_state("These runs cannot be compared.", renamed(str(error), names))
        return
    pairs = likeness_frame(
        answers.run_ids, agreement_matrix(answers), error_overlap(answers), labels
    )
    says = {
        "answers": " ".join(agreement_sentences(answers, names)),
        "mistakes": mistakes_takeaway(pairs),
    }
    if len(pairs) == 1:
        takeaway(f"{says['answers']} {says['mistakes']}")
        show_table(pairs, LIKENESS_COLUMNS, name="agreement", alt="How alike the two runs answer")
    else:
        _show_matrix(pairs, list(labels.values()), says)
    for remark in answers.remarks:
        caveat(renamed(remark, names))


def _show_matrix(pairs: pd.DataFrame, names: list[str], says: dict[str, str]) -> None:
    measure = one_of("Alike in", "alike", {key: m.short for key, m in MEASURES.items()})
    limits = (
        "Rows and columns by accuracy. Networks that fail on unlike images gain most from "
        "answering together."
    )
    if len(names) > MOST_NUMBERED:
        limits += " The numbers stand under the pointer and in the table."
    show_chart(
        likeness_chart(pairs, names, measure),
        says=says[measure],
        data=pairs,
        columns=LIKENESS_COLUMNS,
        name=f"alike_in_{measure}",
        limits=limits,
    )
