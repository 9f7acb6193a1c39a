"""The part of the Compare page that lets chosen runs answer together."""

from collections.abc import Sequence
from typing import cast

import pandas as pd
import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.ensembles import Method, ensemble_result
from fmnist_core.evaluation.member_choice import (
    MOST_STEPS,
    choice_sentence,
    left_out_sentences,
)
from fmnist_core.evaluation.sentences import ensemble_sentence, renamed
from fmnist_core.figures.comparison import bold_names
from fmnist_core.figures.ensembles import (
    MEMBER_COLUMNS,
    METHOD_TITLES,
    STEP_COLUMNS,
    member_chart,
    member_table,
    steps_table,
)
from fmnist_core.figures.palette import run_colors
from fmnist_core.ui.compare.agreement import show_agreement
from fmnist_core.ui.compare.loaders import greedy, sheet
from fmnist_core.ui.components import (
    caveat,
    empty_state,
    one_of,
    show_chart,
    show_table,
    takeaway,
)
from fmnist_core.ui.mirrored import mirrored

_MEMBERS = "ensemble_members"
_FIRST = 8  # members before the reader has picked any


def show_ensembles(rows: pd.DataFrame) -> None:
    """Draws what chosen runs do together, how members are chosen, and how alike they answer.

    Args:
        rows: leaderboard rows of the chosen runs.
    """
    labels = dict(zip(rows["run_id"], rows["label"], strict=True))
    st.header("What do they do together?", anchor=False)
    if len(rows) < 2:
        empty_state("An ensemble needs two runs.", "Choose a second run above.")
        return
    members = _pick_members(rows, labels)
    method = cast(Method, one_of("How they answer", "ensemble", METHOD_TITLES))
    _show_together(members, method, rows, labels)
    if st.toggle(
        "Choose members on the validation images",
        key="greedy",
        bind="query-params",
        help="Takes the best run first, then whichever helps most, one after the other.",
    ):
        _show_choice(rows, method, labels)
    show_agreement(rows)


def _pick_members(rows: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    kept = st.session_state.get(_MEMBERS)
    members = _first_members(rows) if kept is None else [name for name in kept if name in labels]
    st.multiselect(
        "Members",
        list(labels),
        members,
        format_func=lambda run_id: labels.get(run_id, run_id),
        select_all=False,
        placeholder="Choose among the runs above",
        **mirrored("ensemble_picker", members, _take),
    )
    return members


def _first_members(rows: pd.DataFrame) -> list[str]:
    """Returns the best runs by validation of the split that most of them have."""
    split = rows["protocol"].mode().iloc[0]
    alike = rows[rows["protocol"] == split]
    if len(alike) < 2:
        alike = rows
    best = alike.sort_values("val_accuracy", ascending=False, kind="stable")
    return list(best["run_id"].head(_FIRST))


def _take(run_ids: Sequence[str]) -> None:
    st.session_state[_MEMBERS] = list(run_ids)


def _show_together(
    members: Sequence[str], method: Method, rows: pd.DataFrame, labels: dict[str, str]
) -> None:
    if len(members) < 2:
        empty_state("An ensemble needs two members.", "Pick them in the field above.")
        return
    try:
        answers = sheet(tuple(members))
    except FmnistError as error:
        empty_state(
            "These members cannot answer together.", renamed(str(error), bold_names(labels))
        )
        return
    result = ensemble_result(answers, method)
    colors, _ = run_colors(rows["label"], rows["architecture"])
    table = member_table(answers, result, labels, colors)
    show_chart(
        member_chart(table),
        says=ensemble_sentence(result, bold_names(labels)),
        data=table,
        columns=MEMBER_COLUMNS,
        name="ensemble",
        limits=(
            "The test asks whether other test images would give the same winner. It costs all of "
            "its members: their parameters and their time add up. Members picked by their test "
            "accuracy make it look better than it is."
        ),
    )
    for remark in answers.remarks:
        caveat(renamed(remark, bold_names(labels)))


def _show_choice(rows: pd.DataFrame, method: Method, labels: dict[str, str]) -> None:
    names = bold_names(labels)
    try:
        choice = greedy(tuple(rows["run_id"]), method)
    except FmnistError as error:
        empty_state("These runs cannot be compared.", renamed(str(error), names))
        return
    for sentence in left_out_sentences(choice, names):
        caveat(sentence)
    if not choice.steps:
        empty_state(
            "Nothing to choose from.",
            "A choice needs two runs that share validation images apart from their test images: "
            "choose runs of one such split above.",
        )
        return
    takeaway(choice_sentence(choice, names))
    for remark in choice.remarks:
        caveat(renamed(remark, names))
    show_table(
        steps_table(choice.steps, labels),
        STEP_COLUMNS,
        name="greedy_choice",
        alt="Runs that the greedy choice takes, one after the other",
    )
    if len(choice.kept) > 1:
        st.button(
            f"Take these {len(choice.kept)} runs",
            icon=":material/group_add:",
            key="take_greedy",
            on_click=_take,
            args=(choice.kept,),
        )
    caveat(
        f"Greedy choice without replacement (Caruana et al. 2004), {MOST_STEPS} steps at most, by "
        "validation accuracy alone: no test image has a say in it."
    )
