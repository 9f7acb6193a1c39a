"""What the reader asks for on the Train page: one record, kept from page to page.

Widgets only mirror it, since Streamlit forgets those of other pages. The address holds what is to
be trained, `?train=ID`, `?train=ID.READING`, `?train=custom` or `?train=ID,ID`, so that other pages
can link to it.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from fmnist_core.errors import UnknownNameError
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.training.plan import Plan
from fmnist_core.ui.address import keep, kept
from fmnist_core.ui.architectures import draft as drafts
from fmnist_core.ui.architectures.choice import all_readings, choice_key

TRAIN = "train"
CUSTOM = "custom"
OWN_BUDGET = "own"  # epochs and images as the reader set them
# A quick look holds several whole epochs of it, and it has no batch normalisation to settle: the
# enhanced network of its source validates at 21 % after the 200 steps that such a look has.
FIRST_TRAINED = "awasthi_basic"
LENGTH = ("epochs", "limit")  # the recipe keys that a budget decides

Mode = Literal["one", "own", "several"]

_FORM = "train_form"
_SEEN = "train_form_seen"  # what the address held when last read or written
_UNKNOWN = "train_form_unknown"  # what it held that nothing is called
_PREFILL = "train_form_prefill"


@dataclass(frozen=True)
class Form:
    """What the form holds.

    Attributes:
        pick: what is trained alone, as `choice_key` writes it.
        picks: what is trained together; `CUSTOM` stands for the reader's own layers.
        budget: how long: the id of a budget, or `OWN_BUDGET`.
        changes: recipe keys that the reader set, with what was typed, right or wrong.
        optimizers: one job for each, in place of the recipe's; likewise `learning_rates`, as typed.
        seeds: how many trainings of each kind, with the seeds that follow on the first.
    """

    mode: Mode = "one"
    pick: str = FIRST_TRAINED
    picks: tuple[str, ...] = ()
    budget: str = "quick"
    changes: tuple[tuple[str, Any], ...] = ()
    optimizers: tuple[str, ...] = ()
    learning_rates: tuple[str, ...] = ()
    seeds: int = 1
    name: str = ""
    notes: str = ""

    @property
    def changed(self) -> dict[str, Any]:
        """The recipe keys that count here: a list of optimizers stands in place of the one."""
        hidden = ("optimizer", "learning_rate") if self.mode == "several" else ()
        return {key: value for key, value in self.changes if key not in hidden}


def current_form() -> Form:
    """Returns what the form holds."""
    form: Form = st.session_state.get(_FORM) or Form()
    return form


def change_form(**values: Any) -> None:
    """Changes the form, and the address with it; to be called in the callback of a widget."""
    form = dataclasses.replace(current_form(), **values)
    address = _written(form)
    st.session_state[_FORM], st.session_state[_SEEN] = form, address
    st.session_state[_UNKNOWN] = ""
    keep(TRAIN, address)


def set_recipe_key(key: str, value: Any) -> None:
    """Sets a recipe key, None for what the recipe says; to be called in a callback."""
    changes = dict(current_form().changes)
    changes.pop(key, None)
    if value is not None:
        changes[key] = value
    change_form(changes=tuple(changes.items()))


def follow_address() -> str:
    """Takes what a link, a bookmark or the back button brought, once; its field must be drawn.

    Returns:
        the part of the address that names nothing to train; empty where there is none.
    """
    address = kept(TRAIN)
    if address != st.session_state.get(_SEEN, ""):
        known = trainable_keys() | {CUSTOM}
        names = [name.strip() for name in address.split(",") if name.strip()]
        found = tuple(dict.fromkeys(name for name in names if name in known))
        st.session_state[_FORM] = _following(current_form(), found, together="," in address)
        st.session_state[_SEEN] = address
        st.session_state[_UNKNOWN] = next((name[:80] for name in names if name not in known), "")
    return str(st.session_state.get(_UNKNOWN, ""))


def prefill(plan: Plan) -> None:
    """Puts a plan into the form when it is drawn next, to be run again with changes."""
    st.session_state[_PREFILL] = plan


def take_prefill() -> bool:
    """Takes the plan that `prefill` left, before any field is drawn; says whether there was one.

    Raises:
        UnknownNameError: its network has gone from the catalogue; the form stays as it is.
    """
    plan: Plan | None = st.session_state.pop(_PREFILL, None)
    if plan is None:
        return False
    custom = plan.architecture == CUSTOM
    key, known = choice_key(plan.architecture, plan.variant or ""), trainable_keys()
    if not custom and key not in known:
        raise UnknownNameError("architecture", key, known)
    if custom:
        drafts.start_from(plan.layers)
    system = None if custom else find_system(plan.architecture)
    source = Recipe.from_dict(system.recipe if system else {}).to_dict()
    wanted = plan.recipe.to_dict()
    same_length = all(wanted[key] == source[key] for key in LENGTH)
    change_form(
        mode="own" if custom else "one",
        pick=current_form().pick if custom else key,
        budget="full" if same_length else OWN_BUDGET,
        changes=tuple((key, wanted[key]) for key in wanted if wanted[key] != source[key]),
        seeds=1,
        name="" if system and plan.name == system.reading(plan.variant) else plan.name,
        notes=plan.notes,
    )
    return True


def trainable_keys() -> set[str]:
    """Returns the key of every reading that has layers."""
    return {choice_key(choice.system.id, choice.variant) for choice in all_readings()}


def _following(form: Form, found: tuple[str, ...], *, together: bool) -> Form:
    if together:
        return dataclasses.replace(form, mode="several", picks=found)
    if found == (CUSTOM,):
        return dataclasses.replace(form, mode="own")
    return dataclasses.replace(form, mode="one", pick=found[0]) if found else form


def _written(form: Form) -> str:
    if form.mode == "own":
        return CUSTOM
    if form.mode == "several":
        # The comma says "together", also for one alone or none.
        return ",".join(form.picks) if len(form.picks) > 1 else f"{''.join(form.picks)},"
    return form.pick
