"""From photo to 28 x 28: the conversion of the data set, shown on a drawing of ours."""

from typing import TYPE_CHECKING

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.figures.words import escaped
from fmnist_core.ui.components import caveat, error_line, name_unknown_choices, takeaway
from fmnist_core.ui.predict.loaders import STEP_SIDE, Given, see
from fmnist_core.ui.selection_link import showing

if TYPE_CHECKING:  # draws with Pillow, which the other views do without
    from fmnist_core.prediction.samples import Sample

_DRAWING = "data_drawing"
# What each step is for; the step's own line says what it did to this picture.
_PURPOSE = {
    "Picture": "Zalando took the front view of a garment, photographed on light grey, as a "
    "thumbnail of 51 × 73 pixels. White garments were left out: they would vanish.",
    "Trimmed": "Rows and columns near the colour of the corners go, within 5 % of full intensity: "
    "this is why the garments touch two borders.",
    "Thumbnail": "So that one pixel stands for the same part of the garment in every picture.",
    "Sampled": "Rows and columns are skipped and not averaged, hence the hard, grainy edges.",
    "Sharpened": "A Gaussian of radius and sigma 1, stronger near outlines.",
    "Centred": "The empty bands beside a narrow garment are exactly 0 in the end; inside its box "
    "the background is often 1 to 3.",
    "Negated": "So that nothing is 0, and the garment the signal.",
    "Grey": "One byte a pixel, 784 of them: what every network gets.",
}


def show_conversion() -> None:
    """Draws every step from a drawing to the 28 x 28 image, with what it did and what it is for."""
    from fmnist_core.inference.conversion.corrections import (  # noqa: PLC0415  # as above
        Corrections,
    )
    from fmnist_core.prediction.samples import sample_picture, samples  # noqa: PLC0415  # as above

    drawings = {one.title: one for one in samples()}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        drawing = _choose(drawings)
        st.page_link(
            "pages/predict.py",
            label="Ask the networks about it",
            icon=":material/photo_camera:",
            query_params=showing(drawing.id),
        )
    try:
        seen = see(Given(drawing.title, sample_picture(drawing.id)), Corrections())
    except FmnistError as error:
        error_line(str(error))
        return
    if isinstance(seen, str):
        error_line(seen)
        return
    takeaway(
        f"**{len(seen.steps) - 1} steps** turn a picture of 400 × 600 pixels in colour into 784 "
        "grey levels, as Zalando turned its shop pictures into the data set."
    )
    with st.grid(4, min_column_width=2 * STEP_SIDE, gap="medium"):
        for number, step in enumerate(seen.steps, 1):
            with st.container(gap="xxsmall"):
                st.image(step.png, width=STEP_SIDE, alt=f"Step {number}, {step.name}: {step.says}")
                st.markdown(f"**{number}. {escaped(step.name)}**")
                st.markdown(escaped(step.says))
                st.caption(_PURPOSE.get(step.name, ""))
    caveat(
        "After arXiv 1708.07747, section 2 and Figure 1; what the paper leaves open was measured "
        "on the training images. The picture is a drawing of ours: the shop's are not in "
        "the data set. The Predict page does this to every picture that is not such an image yet, "
        "after cutting the garment out where the background asks for it."
    )


def _choose(drawings: "dict[str, Sample]") -> "Sample":
    name_unknown_choices(_DRAWING, drawings, next(iter(drawings)))
    title = st.selectbox("Drawing", list(drawings), key=_DRAWING, bind="query-params", width=220)
    return drawings[title] if title in drawings else next(iter(drawings.values()))
