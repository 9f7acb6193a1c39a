"""Augmentation: each kind on or off and how strong, with images as the training would see them."""

import contextlib
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES, load_pool
from fmnist_core.errors import DataError, FmnistError
from fmnist_core.figures.train.form_preview import preview_png, preview_width
from fmnist_core.recipes import AUGMENTATIONS, Recipe, parse_augmentation
from fmnist_core.training.augmentation import augment, mix_up
from fmnist_core.ui.components import caveat, error_line
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.train.form_fields import difference_mark
from fmnist_core.ui.train.form_state import current_form, set_recipe_key

_KEY = "augmentation"
_STRENGTHS = "train_strengths"  # name -> the strength of a kind that the reader switched off
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
        for_all = _KEY in changed
        st.toggle(
            "The same for all of them",
            for_all,
            **mirrored("train_aug_for_all", for_all, _take_for_all),
        )
        if not for_all:
            caveat("Each network is trained with the augmentation of its source.")
            return
    text = str(changed.get(_KEY, base.augmentation))
    try:
        chosen = parse_augmentation(text)
    except FmnistError as error:
        error_line(str(error))
        chosen = {}
    source = None if together else base.augmentation
    with st.grid(3, min_column_width=150):
        for name, kind in _KINDS.items():
            with st.container(gap="xxsmall"):
                _show_kind(name, kind, chosen, source)
    if _KEY in marks:
        difference_mark(marks[_KEY])
    _show_preview(text, chosen)


def _show_kind(name: str, kind: _Kind, chosen: dict[str, float], source: str | None) -> None:
    switched_on = name in chosen
    switch = mirrored(f"train_aug_{name}", switched_on, partial(_switch, name, source))
    st.toggle(kind.label, switched_on, **switch)
    if not switched_on:
        return
    strength = chosen[name]
    st.slider(
        f"{kind.label}: {kind.unit}",
        min(kind.step, strength),
        min(AUGMENTATIONS[name][1], max(kind.highest, strength)),
        strength,
        step=kind.step,
        format="%g",
        label_visibility="collapsed",
        **mirrored(f"train_strength_{name}", strength, partial(_take, name, source)),
    )
    st.caption(kind.unit)


def _switch(name: str, source: str | None, on: bool) -> None:
    """Switches a kind on or off; it comes back as strong as the reader had it."""
    strengths: dict[str, float] = st.session_state.setdefault(_STRENGTHS, {})
    if on:
        _take(name, source, strengths.get(name, AUGMENTATIONS[name][0]))
        return
    strengths[name] = _chosen(source).get(name, AUGMENTATIONS[name][0])
    _take(name, source, None)


def _take(name: str, source: str | None, strength: float | None) -> None:
    """Sets how strong a kind is, None for off; the source's own mix is no change."""
    wanted: dict[str, float | None] = {**_chosen(source), name: strength}
    mix = {kind: wanted[kind] for kind in _KINDS if wanted.get(kind) is not None}
    same = source is not None and mix == parse_augmentation(source)
    text = " ".join(f"{kind}={strength:g}" for kind, strength in mix.items())
    set_recipe_key(_KEY, None if same else text)


def _take_for_all(on: bool) -> None:
    set_recipe_key(_KEY, "" if on else None)


def _chosen(source: str | None) -> dict[str, float]:
    """Returns the mix of the form; none where it cannot be read."""
    with contextlib.suppress(FmnistError):
        return parse_augmentation(str(current_form().changed.get(_KEY, source or "")))
    return {}


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
