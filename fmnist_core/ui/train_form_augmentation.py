"""Augmentation: each kind on or off and how strong, with images as the training would see them."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES, load_pool
from fmnist_core.errors import DataError, FmnistError
from fmnist_core.figures.train_form_preview import preview_png, preview_width
from fmnist_core.recipes import AUGMENTATIONS, Recipe, parse_augmentation
from fmnist_core.training.augmentation import augment, mix_up
from fmnist_core.ui.components import caveat, error_line
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.train_form_fields import difference_mark
from fmnist_core.ui.train_form_state import current_form, mirror, set_recipe_key

_KEY = "augmentation"
_FOR_ALL = "train_aug_for_all"
_STRENGTHS = "train_strengths"  # name -> the strength that the reader last set
_VARIED_ROWS = 3
# So many fit beside the panel at three dots a pixel; unlike in shape, and in left and right.
_SHOWN = ("T-shirt/top", "Dress", "Sandal", "Bag", "Ankle boot")


@dataclass(frozen=True)
class _Kind:
    """How a kind of augmentation is offered; `highest` is what still makes sense to look at."""

    label: str
    highest: float
    step: float
    unit: str


_KINDS = {
    "rotation": _Kind("Rotate", 90.0, 1.0, "degrees, at most, either way"),
    "shift": _Kind("Shift", 0.5, 0.01, "of the side, at most, any way"),
    "zoom": _Kind("Zoom", 0.9, 0.01, "larger or smaller, at most"),
    "flip": _Kind("Flip", 1.0, 0.05, "share of images, left to right"),
    "erasing": _Kind("Erase", 1.0, 0.05, "share of images that lose a rectangle"),
    "mixup": _Kind("Mix two", 10.0, 0.05, "the larger, the more even the mix"),
}


def show_augmentation(base: Recipe, marks: dict[str, str], *, together: bool) -> None:
    """Draws the kinds beside a preview.

    Args:
        base: the recipe where the reader set nothing.
        marks: recipe key -> words that say how it differs from the source.
        together: several networks share it, each with its own unless the reader sets it for all.
    """
    changed = current_form().changed
    if together:
        mirror(_FOR_ALL, _KEY in changed)
        st.toggle("The same for all of them", key=_FOR_ALL, on_change=_take_for_all)
        if _KEY not in changed:
            caveat("Each network is trained with the augmentation of its source.")
            return
    text = str(changed.get(_KEY, base.augmentation))
    try:
        chosen = parse_augmentation(text)
    except FmnistError as error:
        error_line(str(error))
        chosen = {}
    source = "" if together else base.augmentation
    with st.grid(3, min_column_width=150):
        for name, kind in _KINDS.items():
            with st.container(gap="xxsmall"):
                _show_kind(name, kind, chosen, source)
    if _KEY in marks:
        difference_mark(marks[_KEY])
    _show_preview(text, chosen)


def _show_kind(name: str, kind: _Kind, chosen: dict[str, float], source: str) -> None:
    switch, slider = f"train_aug_{name}", _slider(name)
    mirror(switch, name in chosen)
    st.toggle(kind.label, key=switch, on_change=_take, args=(source,))
    if name not in chosen:
        return
    mirror(slider, chosen[name])
    st.slider(
        f"{kind.label}: {kind.unit}",
        min(kind.step, chosen[name]),
        min(AUGMENTATIONS[name][1], max(kind.highest, chosen[name])),
        step=kind.step,
        format="%g",
        key=slider,
        on_change=_take,
        args=(source,),
        label_visibility="collapsed",
    )
    st.caption(kind.unit)


def _take(source: str) -> None:
    """Takes the switches and sliders; the source's own mix is no change."""
    state = st.session_state
    # A slider that is switched off is forgotten by Streamlit, and not by the reader.
    strengths: dict[str, float] = dict(state.get(_STRENGTHS, {}))
    strengths |= {name: float(state[key]) for name in _KINDS if (key := _slider(name)) in state}
    state[_STRENGTHS] = strengths
    chosen = {
        name: strengths.get(name, AUGMENTATIONS[name][0])
        for name in _KINDS
        if state[f"train_aug_{name}"]
    }
    same = not state.get(_FOR_ALL) and chosen == parse_augmentation(source)
    text = " ".join(f"{name}={strength:g}" for name, strength in chosen.items())
    set_recipe_key(_KEY, None if same else text)


def _take_for_all() -> None:
    set_recipe_key(_KEY, "" if st.session_state[_FOR_ALL] else None)


def _slider(name: str) -> str:
    return f"train_strength_{name}"


def _show_preview(text: str, chosen: dict[str, float]) -> None:
    if not data_is_found():
        caveat("With the images at hand, a preview would stand here.")
        return
    try:
        picture = _preview(text)
    except DataError as error:
        error_line(str(error))
        return
    says = f"{len(_SHOWN)} training images as they are"
    if chosen:
        says += f", and below each {_VARIED_ROWS} times as an epoch may see it"
    st.image(picture, width=preview_width(len(_SHOWN)), alt=f"{says}: {text or 'no augmentation'}.")
    st.caption(f"{says}." if chosen else f"{says}: nothing changes it.")


@st.cache_resource(max_entries=64, show_spinner=False)
def _preview(text: str) -> bytes:
    """Returns the picture of one augmentation; the same one for the same text."""
    images, settings = _examples(), parse_augmentation(text)
    rows = [images]
    for number in range(_VARIED_ROWS if settings else 0):
        generator = np.random.default_rng(number)
        varied = augment(images.astype(np.float32), settings, generator)
        if "mixup" in settings:
            nothing = np.zeros((len(images), 1), np.float32)
            varied, _ = mix_up(varied, nothing, settings["mixup"], generator)
        rows.append(varied.clip(0, 255).astype(np.uint8))
    return preview_png(rows)


@st.cache_resource(show_spinner=False)
def _examples() -> NDArray[np.uint8]:
    """Returns the first training image of each class that is shown, (classes, 28, 28)."""
    pool = load_pool()
    first = [int(np.argmax(pool.labels == CLASS_NAMES.index(name))) for name in _SHOWN]
    return pool.images[first].copy()
