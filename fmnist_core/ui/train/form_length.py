"""How long a training may take, and everything else that a recipe decides."""

import contextlib
import dataclasses
from collections.abc import Sequence

import streamlit as st

from fmnist_core.data import PROTOCOLS
from fmnist_core.errors import FmnistError
from fmnist_core.figures.train.form_words import duration
from fmnist_core.recipes import PROTOCOL_NAMES, Recipe
from fmnist_core.runs.schema import LONGEST_WORD
from fmnist_core.training.budgets import BUDGETS
from fmnist_core.training.estimate import image_counts
from fmnist_core.training.plan import LONGEST_NOTES
from fmnist_core.ui.components import caveat, warning_line
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.train.form_augmentation import show_augmentation
from fmnist_core.ui.train.form_fields import (
    DATA_FIELDS,
    MACHINE_FIELDS,
    RECIPE_FIELDS,
    show_fields,
)
from fmnist_core.ui.train.form_outlook import (
    Candidate,
    base_recipe,
    count_jobs,
    outlook,
    outlooks,
    sound_form,
)
from fmnist_core.ui.train.form_state import (
    LENGTH,
    OWN_BUDGET,
    Form,
    change_form,
    current_form,
)

_LENGTHS = {"quick": "Quick look", "short": "Short", "full": "Full", OWN_BUDGET: "As set below"}
MOST_SEEDS = 10


def choose_length(chosen: Sequence[Candidate]) -> None:
    """Draws the choice of how long, each with its time, and says what that means in epochs."""
    form = sound_form(current_form())
    labels: dict[str, str] = {
        budget.id: _length_label(budget.id, chosen, form) for budget in BUDGETS
    }
    if form.budget == OWN_BUDGET:
        labels[OWN_BUDGET] = _LENGTHS[OWN_BUDGET]
    st.segmented_control(
        "How long",
        list(labels),
        default=form.budget,
        format_func=lambda name: labels.get(name, str(name)),
        required=True,
        wrap=True,
        **mirrored("train_budget", form.budget, _choose_length),
    )
    if len(chosen) == 1 and form.mode != "several":
        with contextlib.suppress(FmnistError):  # the panel beside the form says what is wrong
            st.caption(_length_words(outlook(chosen[0], form).plan.recipe, chosen[0]))


def show_more(chosen: Sequence[Candidate]) -> None:
    """Draws everything else, folded away until it is asked for."""
    more = st.expander("More", icon=":material/tune:", key="train_more", on_change="rerun")
    if not more.open or not chosen:
        return
    form = current_form()
    together = form.mode == "several"
    base = base_recipe(chosen[0], form)
    marks: dict[str, str] = {}
    if not together:
        with contextlib.suppress(FmnistError):
            shown = outlook(chosen[0], sound_form(form))
            marks = {one.key: one.mark for one in shown.differences}
    hidden = ("optimizer", "learning_rate") if together else ()
    with more:
        # In a place of its own: else its coming would draw every field anew, and what is being
        # typed there would be lost.
        place = st.container()
        if form.changes:
            place.button(
                "Back to the recipe of the source" if not together else "Back to their recipes",
                icon=":material/undo:",
                key="train_reset",
                on_click=_reset,
            )
        st.markdown("**Recipe**")
        fields = [field for field in RECIPE_FIELDS if field.key not in hidden]
        show_fields(fields, base, marks, together=together)
        st.markdown("**Images**")
        show_fields(DATA_FIELDS, base, marks, together=together)
        _warn_of_split(chosen, form)
        st.markdown("**Augmentation**")
        show_augmentation(base, marks, together=together)
        st.markdown("**Seeds and precision**")
        _choose_seeds(form)
        show_fields(MACHINE_FIELDS, base, marks, together=together)
        st.markdown("**Name and notes**")
        _choose_words(form)


def _choose_length(budget: str) -> None:
    """Takes a budget, which then decides epochs and images."""
    changes = current_form().changes
    if budget != OWN_BUDGET:
        changes = tuple(change for change in changes if change[0] not in LENGTH)
    change_form(budget=budget, changes=changes)


def _length_label(budget_id: str, chosen: Sequence[Candidate], form: Form) -> str:
    """Returns the name of a budget with the time that it takes for the chosen networks."""
    label = _LENGTHS[budget_id]
    if budget_id == "full" and form.mode != "own":
        label = "Each paper's full protocol" if len(chosen) > 1 else "The paper's full protocol"
    elif budget_id == "full":
        label = "All epochs"
    if not chosen or count_jobs(chosen, form) > len(chosen):
        return label
    plain = tuple(change for change in form.changes if change[0] not in LENGTH)
    try:
        rows = list(outlooks(chosen, dataclasses.replace(form, budget=budget_id, changes=plain)))
    except FmnistError:
        return label
    return f"{label} · {duration(sum(row.estimate.seconds for row in rows))}"


def _length_words(recipe: Recipe, candidate: Candidate) -> str:
    """Returns "3 epochs of 8,000 images; the paper has 100 of 48,000."."""
    source = candidate.source_recipe
    images, all_images = image_counts(recipe).train, image_counts(source).train
    words = f"{_epochs(recipe.epochs)} of {images:,} images"
    if (recipe.epochs, images) == (source.epochs, all_images):
        return f"{words}."
    whose = "the default recipe" if candidate.own_layers is not None else "the source"
    return f"{words}; {whose} has {_epochs(source.epochs)} of {all_images:,}."


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count:,} epochs"


def _reset() -> None:
    form = current_form()
    change_form(changes=(), budget="full" if form.budget == OWN_BUDGET else form.budget)


def _warn_of_split(chosen: Sequence[Candidate], form: Form) -> None:
    """Says what must be known about a split before its numbers are trusted."""
    set_to = form.changed.get("protocol")
    names = [set_to] if set_to else [one.source_recipe.protocol for one in chosen]
    for name in dict.fromkeys(names):
        if name in PROTOCOL_NAMES and (warning := PROTOCOLS[name].warning):
            title = PROTOCOLS[name].title
            warning_line(f"{title[:1].upper()}{title[1:]}: {warning}")


def _choose_seeds(form: Form) -> None:
    st.slider(
        "Trainings with different seeds",
        1,
        MOST_SEEDS,
        form.seeds,
        help="Each is a job of its own. Their spread says how much is chance: weights, "
        "order and split.",
        width=320,
        **mirrored("train_seeds", form.seeds, lambda seeds: change_form(seeds=seeds)),
    )
    if form.seeds > 1:
        caveat(
            "The seeds are the first one and those that follow on it. Where a split is drawn, each "
            f"draws its own, under *{PROTOCOLS['pooled-60-20-20'].title}* with other test images."
        )


def _choose_words(form: Form) -> None:
    st.text_input(
        "Name",
        form.name,
        placeholder="that of the architecture",
        max_chars=LONGEST_WORD,
        **mirrored("train_name", form.name, lambda name: change_form(name=name.strip())),
    )
    st.text_area(
        "Notes",
        form.notes,
        placeholder="Why this training? Kept with the run.",
        max_chars=LONGEST_NOTES,
        height=80,
        **mirrored("train_notes", form.notes, lambda notes: change_form(notes=notes)),
    )
