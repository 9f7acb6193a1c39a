"""What the button will do, said before it is pressed: time, memory, labels, and refusals."""

import contextlib
import itertools
from collections.abc import Sequence

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.run_names import BUDGET_BADGES
from fmnist_core.evaluation.unsettled_averages import will_be_unsettled
from fmnist_core.figures.architectures.totals import TOTALS, printed_total
from fmnist_core.figures.train.form_grid import GRID_COLUMNS, GridRow, grid_frame
from fmnist_core.figures.train.form_words import (
    duration,
    jobs_in_words,
    label_note,
    memory,
)
from fmnist_core.figures.words import escaped
from fmnist_core.training.estimate import image_counts, memory_limit
from fmnist_core.ui.components import caveat, label_badges, show_table
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.train.form_outlook import (
    MOST_JOBS,
    Candidate,
    Outlook,
    count_jobs,
    outlooks,
    plans,
    problem_of,
    sound_form,
)
from fmnist_core.ui.train.form_queue import queue_up
from fmnist_core.ui.train.form_state import CUSTOM, LENGTH, Form, current_form
from fmnist_core.ui.train.settings import plan_badges

_MOST_DIFFERENCES = 6


def show_verdict(chosen: Sequence[Candidate]) -> list[Outlook]:
    """Draws the panel with the button; returns what would be queued, empty where nothing can."""
    form = current_form()
    rows, refusal = _rows(chosen, form)
    with st.container(border=True, key="train_verdict"):
        if rows:
            _show_numbers(rows, form)
            _show_labels(rows, form)
        refusal = refusal or _refusal(rows) or _seeds_refusal(rows, form)
        _show_button(rows, form, refusal)
    return rows


def show_grid(rows: Sequence[Outlook]) -> None:
    """Draws the jobs that would be queued, one line for those that differ in their seed only."""
    seeds = current_form().seeds
    lines = [
        GridRow(
            row.candidate.title,
            row.plan.recipe,
            row.summary,
            image_counts(row.plan.recipe).train,
            row.estimate.seconds,
            row.estimate.memory_bytes,
            row.budget,
            len(row.differences),
        )
        for row in rows
    ]
    show_table(
        grid_frame(lines, seeds), GRID_COLUMNS, name="jobs_to_queue", alt="Jobs to be queued"
    )


def _rows(chosen: Sequence[Candidate], form: Form) -> tuple[list[Outlook], str]:
    """Returns what is to be shown, and in one sentence why it cannot be queued."""
    if not chosen:
        return [], "Choose at least one architecture."
    count = count_jobs(chosen, form)
    if count > MOST_JOBS:
        return [], (
            f"At most {MOST_JOBS} jobs can be queued together. Received: {count:,}. "
            "Choose fewer of them."
        )
    try:
        return list(outlooks(chosen, form)), ""
    except FmnistError as error:
        refusal = str(error)
    with contextlib.suppress(FmnistError):  # the numbers of what is right
        return list(outlooks(chosen, sound_form(form))), refusal
    return [], refusal


def _refusal(rows: Sequence[Outlook]) -> str:
    for row in rows:
        if row.refusal:
            several = len(rows) > 1
            return f"{row.candidate.title}: {row.refusal}" if several else row.refusal
    if not data_is_found():
        return "The images are not on this machine yet: see above how to fetch them."
    return ""


def _seeds_refusal(rows: Sequence[Outlook], form: Form) -> str:
    """Returns why the last of the seeds that follow on the first is none; empty where it is one."""
    last = max((row.plan.recipe.seed for row in rows), default=0) + form.seeds - 1
    problem = problem_of("seed", last)
    return f"Of {form.seeds} seeds in a row, the last: {problem}" if problem else ""


def _show_numbers(rows: Sequence[Outlook], form: Form) -> None:
    jobs = len(rows) * form.seeds
    total = form.seeds * sum(row.estimate.seconds for row in rows)
    low = form.seeds * sum(row.estimate.low_seconds for row in rows)
    high = form.seeds * sum(row.estimate.high_seconds for row in rows)
    first = rows[0]
    most = max(row.estimate.memory_bytes for row in rows)
    with st.grid(2, min_column_width=120):
        st.metric("Time" if jobs == 1 else "Time in all", duration(total))
        st.metric("Memory", memory(most), help=f"One training may use {memory(memory_limit())}.")
        if len(rows) == 1:
            for name in ("Parameters", "MACs"):
                known = next(known for known in TOTALS if known.label == name)
                value = printed_total(known, known.of(first.summary))
                st.metric(name, value, help=known.meaning)
    st.caption(
        f":material/timer: Between {duration(low)} and {duration(high)}. "
        f"{escaped(first.estimate.basis)}"
    )


def _show_labels(rows: Sequence[Outlook], form: Form) -> None:
    """Says before the press what will stand beside the result."""
    labels = [plan_badges(row.plan, row.budget) for row in rows]
    if not any(labels):
        st.badge("Full budget", icon=":material/check:", color="green")
    label_badges(list(dict.fromkeys(itertools.chain(*labels))))
    kinds = [(row.budget, row.candidate.key != CUSTOM) for row in rows]
    if note := label_note(kinds, len(rows) * form.seeds):
        caveat(note)
    if any(row.may_be_reduced for row in rows):
        caveat(
            "A training that early stopping ends before the epochs of the paper bears the label "
            f"*{BUDGET_BADGES['reduced']}* instead."
        )
    if len(rows) == 1 and form.mode != "several":
        if rows[0].candidate.key != CUSTOM:
            _show_differences(rows[0])
        recipe = rows[0].plan.recipe
        words = will_be_unsettled(rows[0].plan.layers, recipe, image_counts(recipe).train)
        if words:
            caveat(words)


def _show_differences(row: Outlook) -> None:
    """Lists what the recipe has unlike the source's.

    A shortened length is left out, since it stands beside the choice of it.
    """
    shortened = LENGTH if row.budget == "reduced" else ()
    lines = [one.line for one in row.differences if one.key not in shortened]
    if lines:
        shown = [f"- {escaped(line)}" for line in lines[:_MOST_DIFFERENCES]]
        if len(lines) > len(shown):
            shown.append(f"- and {len(lines) - len(shown)} more")
        st.caption(":material/difference: Differs from the paper:\n" + "\n".join(shown))
    else:
        rest = " otherwise" if row.differences else " in every setting"
        st.caption(f":material/verified: Follows the protocol of its source{rest}.")


def _show_button(rows: Sequence[Outlook], form: Form, refusal: str) -> None:
    jobs = len(rows) * form.seeds
    pressed = st.button(
        "Train" if jobs <= 1 else f"Queue {jobs_in_words(jobs)}",
        type="primary",
        icon=":material/play_arrow:",
        key="train_submit",
        width="stretch",
        disabled=bool(refusal),
    )
    if refusal:
        st.markdown(f":red[:small[:material/block: {escaped(refusal)}]]")
    if pressed and not refusal and _submit(rows, form):
        st.rerun()


def _submit(rows: Sequence[Outlook], form: Form) -> bool:
    wanted = plans(rows, form.seeds)
    return queue_up(wanted, _batch_label(rows, form) if len(wanted) > 1 else "")


def _batch_label(rows: Sequence[Outlook], form: Form) -> str:
    """Returns what a grid is called: its name, or its first network and how many others."""
    first, *others = dict.fromkeys(row.candidate.title for row in rows)
    return form.name or (f"{first} and {len(others)} more" if others else first)
