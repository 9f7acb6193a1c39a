"""What mattered to the networks: where covering the image changes what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.errors import FmnistError
from fmnist_core.figures.pictures import occlusion_picture, occlusion_scale, tile_png
from fmnist_core.figures.predict.answers import occlusion_words
from fmnist_core.figures.words import escaped, short_labels, without_markup
from fmnist_core.prediction.patches import FINE, Patches, patches_for
from fmnist_core.ui.components import caveat, error_line, takeaway
from fmnist_core.ui.loaders import Leaderboard
from fmnist_core.ui.predict.loaders import LARGE_SIDE, Seen, occlusion

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.prediction.answer import ImageAnswer, Verdict

_NETWORKS, _CLASS = "predict_mattered_networks", "predict_mattered_class"


@dataclass(frozen=True, eq=False)
class _Map:
    """What mattered to one network: for which class, how it looks, and what to say of it."""

    network: str
    label: int
    patches: Patches
    falls: NDArray[np.float64]
    words: str

    @property
    def strongest(self) -> float:
        """The largest change that covering a patch makes."""
        return float(np.abs(self.falls).max())


def show_mattered(seen: Seen, answer: "ImageAnswer", board: Leaderboard) -> None:
    """Draws an occlusion map of the best network, or of those that the reader asks for."""
    st.header("What mattered", anchor=False)
    verdicts = {verdict.run_id: verdict for verdict in answer.verdicts}
    run_ids, label = _choices(verdicts, board)
    if not run_ids:
        caveat(
            "A patch of some pixels is covered, place by place, and the network asked again: "
            "choose one."
        )
        return
    maps = _maps(seen, [verdicts[run_id] for run_id in run_ids], label, board)
    if maps:
        _show_maps(seen, maps)


def _choices(verdicts: "Mapping[str, Verdict]", board: Leaderboard) -> tuple[list[str], int | None]:
    """Draws which networks are asked, and for which class; `None` is what each says."""
    ranked = [run_id for run_id in board.frame["run_id"] if run_id in verdicts]
    if not set(st.session_state.get(_NETWORKS, [])) <= set(ranked):  # other networks answer now
        del st.session_state[_NETWORKS]
    with st.container(horizontal=True, gap="medium"):
        run_ids = st.multiselect(
            "Networks",
            ranked,
            default=ranked[:1],
            format_func=lambda name: board.labels.get(name, name),
            placeholder="Choose networks to see what they look at",
            key=_NETWORKS,
            persist_state="session",
            help="The best that answers, until you choose others.",
            width=620,
        )
        label = st.selectbox(
            "Class",
            [None, *range(len(CLASS_NAMES))],
            format_func=lambda k: "what it says" if k is None else CLASS_NAMES[k],
            key=_CLASS,
            width=200,
        )
    return run_ids, label


def _maps(seen: Seen, asked: "list[Verdict]", label: int | None, board: Leaderboard) -> list[_Map]:
    """Measures each network, which takes most of a second; one that fails hides no other."""
    maps = []
    macs = board.frame.set_index("run_id")["macs"]
    progress = st.empty()
    for number, verdict in enumerate(asked):
        network = board.labels.get(verdict.run_id, verdict.run_id)
        patches = patches_for(int(macs[verdict.run_id]))
        if number:  # the first is there before anyone reads the line
            progress.progress(number / len(asked), f"Asking {number + 1} of {len(asked)}")
        of = verdict.label if label is None else label
        try:
            falls = occlusion(seen.image, verdict.run_id, of, patches)
        except FmnistError as error:
            error_line(str(error))
            continue
        words = occlusion_words(falls, network, of, verdict.probabilities[of])
        maps.append(_Map(network, of, patches, falls, words))
    progress.empty()
    return maps


def _show_maps(seen: Seen, maps: list[_Map]) -> None:
    takeaway(max(maps, key=lambda shown: shown.strongest).words)
    scale = occlusion_scale(shown.falls for shown in maps)
    names = short_labels(shown.network for shown in maps)
    with st.container(horizontal=True, gap="small"):
        st.image(
            seen.large,
            caption="as every network sees it",
            width=LARGE_SIDE,
            alt="The image as the networks see it",
        )
        for shown in maps:
            st.image(
                tile_png(occlusion_picture(seen.image, shown.falls, scale), LARGE_SIDE),
                caption=f"{escaped(names[shown.network])}: {CLASS_NAMES[shown.label]}",
                width=LARGE_SIDE,
                alt=without_markup(shown.words),
            )
    labels = {shown.label for shown in maps}
    name = CLASS_NAMES[maps[0].label] if len(labels) == 1 else "the class below each map"
    sides = sorted({shown.patches.side for shown in maps})
    size = " or ".join(f"{side} × {side}" for side in sides)
    coarser = any(shown.patches != FINE for shown in maps)
    caveat(
        f"Orange speaks for {name}: covered, its calibrated probability falls. Blue speaks against "
        f"it. Each pixel has the mean of the {size} patches that cover it; the fullest "
        f"colour stands for {100 * scale:.1f} points."
        + (" Large networks are asked at fewer places, to answer in time." if coarser else "")
    )
