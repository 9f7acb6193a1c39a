"""What a study still lacks: its levels without a run, and the ways to train them."""

from collections.abc import Set

import pandas as pd
import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.study.result import LevelResult, SeriesResult, StudyResult
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped
from fmnist_core.training.plan import plan_run
from fmnist_core.ui.components import error_line, show_table
from fmnist_core.ui.studies.loaders import campaign_entry
from fmnist_core.ui.train.form_state import prefill

_COLUMNS = {
    "series": Column("Network", pinned=True),
    "level": Column("Level", pinned=True),
    "there": Column("What is there", meaning="Runs of this level that were trained shorter."),
    "entry": Column("Campaign entry", meaning="`campaign --run --only ENTRY` trains it."),
    "length": Column("Entry's length", meaning="What the entry trains; the command trains all."),
    "command": Column("Command"),
}
_PICK, _READY = "studies_missing_pick", "studies_missing_ready"


def show_missing(result: StudyResult) -> None:
    """Draws the levels without a run, how each is trained, and puts one into the Train form."""
    missing = [(part, one) for part in result.series for one in part.missing]
    if not missing:
        return
    st.header("What is missing", anchor=False)
    count = len(missing)
    st.markdown(
        f"{count} of {len(result.levels)} levels {'has' if count == 1 else 'have'} no run of the "
        "length asked for that can be read. They join this page as soon as they are trained, "
        "whatever the run is called."
    )
    lost = {run_id for run_id, _ in result.unreadable}
    frame = pd.DataFrame([_row(part, one, lost) for part, one in missing])
    show_table(
        frame,
        _COLUMNS,
        name=f"missing_{result.study.id}",
        alt=f"Levels of the study {result.study.title} that have no run, and how to train each",
    )
    names = [f"{part.series.title}: {one.level.label}" for part, one in missing]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        place = st.selectbox(
            "Train one of them here",
            range(len(names)),
            format_func=lambda number: names[number] if number < len(names) else str(number),
            key=f"{_PICK}_{result.study.id}",
            width=420,
        )
        chosen = missing[place or 0][1]
        st.button(
            "Put it into the Train form",
            icon=":material/model_training:",
            key=f"{_READY}_{result.study.id}",
            on_click=_prepare,
            args=(chosen, names[place or 0]),
        )
    if st.session_state.get(_READY) == names[place or 0]:
        st.page_link(
            "pages/train.py",
            label=f"Open the Train page: its form holds {escaped(names[place or 0])}",
            icon=":material/arrow_forward:",
        )
    elif problem := st.session_state.pop(f"{_READY}_problem", ""):
        error_line(problem)


def _row(part: SeriesResult, one: LevelResult, lost: Set[str]) -> dict[str, str]:
    entry, reduced = campaign_entry(one.setup)
    return {
        "series": part.series.title,
        "level": one.level.label,
        "there": _there(one, lost),
        "entry": entry or "–",
        "length": (reduced or "in full") if entry else "–",
        "command": one.command,
    }


def _there(one: LevelResult, lost: Set[str]) -> str:
    damaged = len(lost & {*one.matching})
    others = len(one.matching) - damaged
    words = [
        f"{count} {'run' if count == 1 else 'runs'} {which}"
        for count, which in ((damaged, "that cannot be read"), (others, "of another length"))
        if count
    ]
    return ", ".join(words) or "nothing"


def _prepare(one: LevelResult, name: str) -> None:
    setup = one.setup
    try:
        plan = plan_run(
            setup.architecture,
            setup.changes,
            variant=setup.variant or None,
            layers=setup.layers if setup.own_layers else None,
            name=name if setup.own_layers else "",
        )
    except FmnistError as error:
        st.session_state[f"{_READY}_problem"] = str(error)
        return
    prefill(plan)
    st.session_state[_READY] = name
