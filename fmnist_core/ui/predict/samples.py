"""Pictures to try without a file: test images by number, and drawings; named in the address."""

import io
import random
import re

import numpy as np
import streamlit as st
from PIL import Image

from fmnist_core.data import CLASS_NAMES, known_labels
from fmnist_core.data.dataset import TEST_COUNT, TRAIN_COUNT
from fmnist_core.errors import DataError, FmnistError
from fmnist_core.figures.pictures import tile_png
from fmnist_core.ui.address import keep, kept
from fmnist_core.ui.components import caveat, error_line
from fmnist_core.ui.image_choice import pool_number
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.predict.loaders import Given
from fmnist_core.ui.selection import IMAGE

_TILE = 64
_LAST = TRAIN_COUNT + TEST_COUNT - 1


def sample_is_asked_for() -> bool:
    """Whether the address, or the reader before, names a sample."""
    return bool(st.query_params.get(IMAGE) or st.session_state.get(IMAGE))


def sample_field(*, choose_source: str) -> None:
    """Draws the field that names the sample; it shows what stands in the address.

    Args:
        choose_source: session key that is set to "samples" when one is named.
    """
    st.text_input(
        "Test image or drawing",
        kept(IMAGE),
        placeholder=f"{TRAIN_COUNT} to {_LAST}",
        max_chars=40,
        width=220,
        help=f"A test image by its number, {TRAIN_COUNT} to {_LAST}, or a drawing by its "
        "name. It stands in the address: share it to share the answer.",
        **mirrored("sample_shown", kept(IMAGE), lambda name: _name(name, choose_source)),
    )


def forget_sample() -> None:
    """Empties the field; to be called in the callback of a widget."""
    keep(IMAGE, "")


def named_sample() -> list[Given]:
    """Returns the sample that the field names; says so where there is none of that name."""
    wanted = kept(IMAGE)
    if not wanted:
        return []
    number = pool_number(wanted)
    if number is not None and number < TRAIN_COUNT:
        caveat(
            f"Image {number} is a training image, which networks may have learned by heart. Only "
            f"test images, {TRAIN_COUNT} to {_LAST}, and drawings can be shown here."
        )
        return []
    try:
        return [_sample(wanted if number is None else str(number))]
    except FmnistError as error:
        error_line(str(error))
        return []


def sample_gallery(*, choose_source: str) -> None:
    """Draws every sample with a button.

    Args:
        choose_source: session key that is set to "samples" when one is taken.
    """
    from fmnist_core.prediction.samples import samples  # noqa: PLC0415  # draws with Pillow

    with st.grid(10, min_column_width=84, gap="xsmall"):
        for sample in samples():
            with st.container(horizontal_alignment="center", gap="xxsmall"):
                st.image(_tile(sample.id), width=_TILE, alt=f"Drawing: {sample.title}")
                st.button(
                    sample.title,
                    key=f"predict_sample_{sample.id}",
                    type="tertiary",
                    on_click=_take,
                    args=(sample.id, choose_source),
                )
    if data_is_found():
        st.button(
            "Any of the 10,000 test images",
            icon=":material/casino:",
            key="predict_any",
            on_click=_take_any,
            args=(choose_source,),
        )
    else:
        caveat("With the images at hand, test images could be tried as well.")


def _take(name: str, choose_source: str) -> None:
    keep(IMAGE, name)
    st.session_state[choose_source] = "samples"


def _name(name: str, choose_source: str) -> None:
    keep(IMAGE, name)
    if name:
        st.session_state[choose_source] = "samples"


def _take_any(choose_source: str) -> None:
    _take(str(random.randrange(TRAIN_COUNT, _LAST + 1)), choose_source)  # noqa: S311  # no secret


def _sample(wanted: str) -> Given:
    from fmnist_core.prediction.samples import (  # noqa: PLC0415  # draws with Pillow
        official_test_image,
        sample_picture,
        samples,
    )

    if re.fullmatch(r"[+-]?[0-9]+", wanted):
        number = pool_number(wanted)  # of any length, where int() reads 4,300 digits at most
        if number is None or number < TRAIN_COUNT:
            raise DataError(
                f"The number of a test image must be from {TRAIN_COUNT} to {_LAST}. Received: "
                f"{wanted[:40]}. Numbers 0 to {TRAIN_COUNT - 1} are training images."
            )
        data = official_test_image(number - TRAIN_COUNT)
        label = int(known_labels()[number])
        return Given(f"Test image {number}", data, truth=label, official=True)
    data = sample_picture(wanted)
    (sample,) = (one for one in samples() if one.id == wanted)
    return Given(f"Drawing: {CLASS_NAMES[sample.label]}", data, truth=sample.label)


@st.cache_resource(show_spinner=False)
def _tile(sample_id: str) -> bytes:
    from fmnist_core.prediction.samples import sample_picture  # noqa: PLC0415  # draws with Pillow

    with Image.open(io.BytesIO(sample_picture(sample_id))) as picture:
        return tile_png(np.asarray(picture.convert("RGB")), _TILE)
