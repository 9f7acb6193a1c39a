"""Whether to believe an answer: likeness to the training data, what mattered, what is nearest."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.errors import FmnistError
from fmnist_core.figures.predict_answers import occlusion_words
from fmnist_core.figures.words import escaped, without_markup
from fmnist_core.ui.components import caveat, error_line, takeaway
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.predict_loaders import (
    LARGE_SIDE,
    NEAREST_SIDE,
    Seen,
    measure_likeness,
    neighbours,
    occlusion,
)

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.prediction.answer import ImageAnswer

_NETWORK, _CLASS = "predict_mattered_network", "predict_mattered_class"
_METERS = {
    "like the training data": (":material/check_circle:", "green"),
    "unusual": (":material/help:", "orange"),
    "unlike": (":material/warning:", "red"),
}


def show_likeness(seen: Seen) -> None:
    """Draws the meter: whether the image looks like those the networks were trained on."""
    if not data_is_found():
        caveat("With the images at hand, a comparison with the training data would stand here.")
        return
    try:
        with st.spinner("Comparing it with the training images"):
            alike = measure_likeness(seen.image)
    except FmnistError as error:
        error_line(str(error))
        return
    icon, color = _METERS[alike.verdict]
    st.markdown(f":{color}-badge[{icon} {alike.verdict}] {escaped(alike.words)}")


def show_mattered(seen: Seen, answer: "ImageAnswer", labels: Mapping[str, str]) -> None:
    """Draws the occlusion map of the network that the reader asks for."""
    st.header("What mattered", anchor=False)
    verdicts = {verdict.run_id: verdict for verdict in answer.verdicts}
    with st.container(horizontal=True, gap="medium"):
        run_id = st.selectbox(
            "Network",
            list(verdicts),
            index=None,
            format_func=lambda name: labels.get(name, name),
            placeholder="Choose a network to see what it looks at",
            key=_NETWORK,
            persist_state="session",
            width=420,
        )
        label = st.selectbox(
            "Class",
            [None, *range(len(CLASS_NAMES))],
            format_func=lambda k: "what it says" if k is None else CLASS_NAMES[k],
            key=_CLASS,
            width=200,
        )
    if run_id not in verdicts:
        caveat("A patch of 6 × 6 pixels is covered, place by place, and the network asked again.")
        return
    verdict = verdicts[run_id]
    asked = verdict.label if label is None else label
    try:
        mattered = occlusion(seen.image, run_id, asked)
    except FmnistError as error:
        error_line(str(error))
        return
    words = occlusion_words(
        mattered.falls, labels.get(run_id, run_id), asked, verdict.probabilities[asked]
    )
    takeaway(words)
    with st.container(horizontal=True, gap="small"):
        st.image(seen.large, width=LARGE_SIDE, alt="The image as the network sees it")
        st.image(mattered.png, width=LARGE_SIDE, alt=without_markup(words))
    caveat(
        f"Orange speaks for {CLASS_NAMES[asked]}: covered, its calibrated probability falls. Blue "
        "speaks against it. Each pixel has the mean of the 6 × 6 patches that cover it; the "
        "strongest colour is the strongest of this map."
    )


def show_nearest(seen: Seen) -> None:
    """Draws the training images whose pixels are nearest, with their classes."""
    st.header("The nearest training images", anchor=False)
    if not data_is_found():
        caveat("With the images at hand, the nearest of them would stand here.")
        return
    try:
        near = neighbours(seen.image)
    except FmnistError as error:
        error_line(str(error))
        return
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
