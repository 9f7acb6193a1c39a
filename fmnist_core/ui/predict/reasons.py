"""Whether to believe an answer: how like the training data it is, and what is nearest there."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.errors import FmnistError
from fmnist_core.figures.predict.likeness import (
    LIKENESS_COLUMNS,
    LIKENESS_LIMITS,
    likeness_chart,
    likeness_frame,
    likeness_verdict,
    likeness_words,
)
from fmnist_core.figures.words import escaped
from fmnist_core.ui.components import caveat, error_line, show_chart, takeaway
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.predict.loaders import (
    NEAREST_SIDE,
    Neighbour,
    Seen,
    measure_likeness,
    neighbours,
    upright,
)

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.inference.likeness import Likeness
    from fmnist_core.prediction.answer import ImageAnswer

_VERDICTS = {
    "nothing unusual": (":material/check_circle:", "green"),
    "at the edge": (":material/help:", "gray"),
    "disputed": (":material/help:", "orange"),
    "unusual": (":material/help:", "orange"),
    "unlike": (":material/warning:", "red"),
}


def show_likeness(seen: Seen, said: "ImageAnswer", run_ids: tuple[str, ...]) -> None:
    """Draws the verdict: whether the image looks like the training images, and what would help."""
    if not data_is_found():
        caveat("With the images at hand, a comparison with the training data would stand here.")
        return
    try:
        with st.spinner("Comparing it with the training images"):
            alike = measure_likeness(seen.image)
        hint = upright(seen.image, seen.applied, run_ids)
    except FmnistError as error:
        error_line(str(error))
        return
    verdict, words = likeness_verdict(alike, said)
    icon, color = _VERDICTS[verdict]
    st.markdown(f":{color}-badge[{icon} {verdict}] {escaped(words)}")
    if hint is not None:
        switch = f"**Turn**: {90 * hint.quarter_turns}°" if hint.turns else "**Mirror**"
        st.markdown(f":material/lightbulb: {escaped(hint.words)} Try {switch}.")


def show_beside_training(seen: Seen) -> None:
    """Draws the meter, and the training images whose pixels are nearest."""
    st.header("Beside the training data", anchor=False)
    if not data_is_found():
        caveat("With the images at hand, the meter and the nearest of them would stand here.")
        return
    try:
        _show_meter(measure_likeness(seen.image))
        _show_nearest(neighbours(seen.image))
    except FmnistError as error:
        error_line(str(error))


def _show_meter(alike: "Likeness") -> None:
    measures = likeness_frame(alike)
    show_chart(
        likeness_chart(measures),
        says=likeness_words(measures, alike),
        data=measures,
        columns=LIKENESS_COLUMNS,
        name="predict_likeness",
        limits=LIKENESS_LIMITS,
    )


def _show_nearest(near: Sequence[Neighbour]) -> None:
    st.subheader("The nearest training images", anchor=False)
    (name, count), *others = Counter(CLASS_NAMES[one.label] for one in near).most_common()
    words = f"{count} of the {len(near)} nearest of 60,000 are labelled **{name}**"
    if others:
        words += "; the others: " + ", ".join(f"{many} {other}" for other, many in others)
    takeaway(words + ".")
    names = [CLASS_NAMES[one.label] for one in near]
    st.image(
        [one.png for one in near],
        caption=names,
        alt=[f"Training image {one.index}: {CLASS_NAMES[one.label]}" for one in near],
        width=NEAREST_SIDE,
    )
    caveat("Nearest by the sum of squared pixel differences, which knows nothing of garments.")
