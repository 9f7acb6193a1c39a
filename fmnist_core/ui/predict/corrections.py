"""What the reader sets right in a picture; every change converts it again at once."""

import dataclasses
from functools import partial
from typing import Any

import streamlit as st

from fmnist_core.inference.conversion.corrections import ZALANDO_THRESHOLD, Corrections, reoriented
from fmnist_core.ui.components import caveat
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.predict.loaders import Seen

_KEPT = "predict_corrections"  # digest -> Corrections
_MOST_KEPT = 200
_WHOLE = (0.0, 0.0, 1.0, 1.0)  # left, top, right and bottom of a picture that is not cropped
_THREE = {"auto": None, "no": False, "yes": True}
_NAMES = {None: "auto", False: "no", True: "yes"}
_LEAST_CROP = 2  # per cent


def corrections_of(digest: str) -> Corrections:
    """Returns what the reader has set right in this picture."""
    kept: dict[str, Corrections] = st.session_state.get(_KEPT, {})
    return kept.get(digest, Corrections())


def show_corrections(digest: str, seen: Seen) -> None:
    """Draws the corrections of a picture."""
    kept = corrections_of(digest)
    inverted = seen.applied.invert if kept.invert is None else None
    _three_ways(digest, "invert", "Light and dark", ("Keep", "Invert"), inverted)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Turn",
            [0, 1, 2, 3],
            default=kept.quarter_turns,
            format_func=lambda turns: f"{90 * turns}°",
            required=True,
            **mirrored("predict_turn", kept.quarter_turns, partial(_turn, digest)),
        )
        st.toggle(
            "Mirror",
            kept.mirror,
            **mirrored("predict_mirror", kept.mirror, partial(_mirror, digest)),
        )
    if seen.small:
        caveat("It has 28 × 28 pixels already: there is nothing to crop or to cut away.")
    else:
        cut_away = seen.applied.separate if kept.separate is None else None
        _three_ways(digest, "separate", "Background", ("Leave", "Cut away"), cut_away)
        with st.grid(3, min_column_width=120):
            _show_crop(digest, kept)
            _show_threshold(digest, kept, separated=bool(seen.applied.separate))
    if kept != Corrections():
        st.button(
            "Undo all corrections",
            icon=":material/undo:",
            type="tertiary",
            key="predict_reset",
            on_click=_keep,
            args=(digest, Corrections()),
        )


def _three_ways(
    digest: str, field: str, label: str, words: tuple[str, str], decided: bool | None
) -> None:
    """Draws a choice; `decided` is what auto found, `None` where the reader has decided."""
    no, yes = words
    auto = "Auto" if decided is None else f"Auto ({(yes if decided else no).lower()})"
    names = {"auto": auto, "no": no, "yes": yes}
    value = _NAMES[getattr(corrections_of(digest), field)]
    st.segmented_control(
        label,
        list(names),
        default=value,
        format_func=lambda name: names[name],
        required=True,
        **mirrored(f"predict_{field}", value, partial(_choose, digest, field)),
    )


def _show_crop(digest: str, kept: Corrections) -> None:
    left, top, right, bottom = kept.crop or _WHOLE
    across = (round(100 * left), round(100 * right))
    down = (round(100 * top), round(100 * bottom))
    st.slider(
        "Left to right",
        0,
        100,
        across,
        format="%d %%",
        help="What to keep of the picture's width.",
        **mirrored("predict_crop_across", across, partial(_crop_across, digest)),
    )
    st.slider(
        "Top to bottom",
        0,
        100,
        down,
        format="%d %%",
        help="What to keep of its height.",
        **mirrored("predict_crop_down", down, partial(_crop_down, digest)),
    )


def _show_threshold(digest: str, kept: Corrections, *, separated: bool) -> None:
    threshold = ZALANDO_THRESHOLD if kept.threshold is None else kept.threshold
    value = round(100 * threshold)
    st.slider(
        "Threshold",
        0,
        40,
        value,
        format="%d %%",
        help="The garment is cut out by its outline, so no difference from the background is "
        "asked for. Leave the background to set one."
        if separated
        else "How far a pixel may differ from the background and still be trimmed. "
        "Zalando's value is 5 %.",
        disabled=separated,
        **mirrored("predict_threshold", value, partial(_take_threshold, digest)),
    )


def _choose(digest: str, field: str, name: str) -> None:
    _change(digest, **{field: _THREE[name]})


def _turn(digest: str, turns: int) -> None:
    kept = corrections_of(digest)
    _keep(digest, reoriented(kept, turns, kept.mirror))


def _mirror(digest: str, mirror: bool) -> None:
    kept = corrections_of(digest)
    _keep(digest, reoriented(kept, kept.quarter_turns, mirror))


def _crop_across(digest: str, part: tuple[int, int]) -> None:
    _, top, _, bottom = corrections_of(digest).crop or _WHOLE
    left, right = _apart(*part)
    _crop(digest, (left, top, right, bottom))


def _crop_down(digest: str, part: tuple[int, int]) -> None:
    left, _, right, _ = corrections_of(digest).crop or _WHOLE
    top, bottom = _apart(*part)
    _crop(digest, (left, top, right, bottom))


def _crop(digest: str, box: tuple[float, float, float, float]) -> None:
    _change(digest, crop=None if box == _WHOLE else box)


def _take_threshold(digest: str, percent: int) -> None:
    threshold = percent / 100
    _change(digest, threshold=None if threshold == ZALANDO_THRESHOLD else threshold)


def _change(digest: str, **fields: Any) -> None:
    _keep(digest, dataclasses.replace(corrections_of(digest), **fields))


def _keep(digest: str, corrections: Corrections) -> None:
    kept: dict[str, Corrections] = dict(st.session_state.get(_KEPT, {}))
    kept.pop(digest, None)
    if corrections != Corrections():
        kept[digest] = corrections
    while len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]
    st.session_state[_KEPT] = kept


def _apart(low: int, high: int) -> tuple[float, float]:
    """Returns a part as shares that is never empty."""
    low = min(low, 100 - _LEAST_CROP)
    return low / 100, max(high, low + _LEAST_CROP) / 100
