"""What the reader sets right in a picture; every change converts it again at once."""

from typing import Any

import streamlit as st

from fmnist_core.inference.corrections import ZALANDO_THRESHOLD, Corrections, reoriented
from fmnist_core.ui.components import caveat
from fmnist_core.ui.predict_loaders import Seen

_KEPT = "predict_corrections"  # digest -> Corrections
_MOST_KEPT = 200
_INVERT, _TURN, _MIRROR = "predict_invert", "predict_turn", "predict_mirror"
_ACROSS, _DOWN = "predict_crop_across", "predict_crop_down"
_THRESHOLD, _SEPARATE = "predict_threshold", "predict_separate"
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
    _mirror(kept)
    changed: dict[str, Any] = {"on_change": _take, "args": (digest, seen.small)}
    inverted = seen.applied.invert if kept.invert is None else None
    _three_ways("Light and dark", _INVERT, ("Keep", "Invert"), inverted, changed)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Turn",
            [0, 1, 2, 3],
            format_func=lambda turns: f"{90 * turns}°",
            key=_TURN,
            required=True,
            **changed,
        )
        st.toggle("Mirror", key=_MIRROR, **changed)
    if seen.small:
        caveat("It has 28 × 28 pixels already: there is nothing to crop or to cut away.")
    else:
        cut_away = seen.applied.separate if kept.separate is None else None
        _three_ways("Background", _SEPARATE, ("Leave", "Cut away"), cut_away, changed)
        with st.grid(3, min_column_width=120):
            _slider("Left to right", _ACROSS, 100, "What to keep of the picture's width.", changed)
            _slider("Top to bottom", _DOWN, 100, "What to keep of its height.", changed)
            _slider(
                "Threshold",
                _THRESHOLD,
                40,
                "The garment is cut out by its outline, so no difference from the background is "
                "asked for. Leave the background to set one."
                if seen.applied.separate
                else "How far a pixel may differ from the background and still be trimmed. "
                "Zalando's value is 5 %.",
                changed | {"disabled": bool(seen.applied.separate)},
            )
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
    label: str, key: str, words: tuple[str, str], decided: bool | None, changed: dict[str, Any]
) -> None:
    """Draws a choice; `decided` is what auto found, `None` where the reader has decided."""
    no, yes = words
    auto = "Auto" if decided is None else f"Auto ({(yes if decided else no).lower()})"
    names = {"auto": auto, "no": no, "yes": yes}
    st.segmented_control(
        label,
        list(names),
        format_func=lambda name: names[name],
        key=key,
        required=True,
        **changed,
    )


def _slider(label: str, key: str, most: int, meaning: str, changed: dict[str, Any]) -> None:
    st.slider(
        label,
        0,
        most,
        key=key,
        format="%d %%",
        help=meaning,
        **changed,
    )


def _mirror(kept: Corrections) -> None:
    """Puts what is kept into the widgets; they are shared by all pictures."""
    left, top, right, bottom = kept.crop or (0.0, 0.0, 1.0, 1.0)
    threshold = ZALANDO_THRESHOLD if kept.threshold is None else kept.threshold
    st.session_state.update(
        {
            _INVERT: _NAMES[kept.invert],
            _TURN: kept.quarter_turns,
            _MIRROR: kept.mirror,
            _SEPARATE: _NAMES[kept.separate],
            _ACROSS: (round(100 * left), round(100 * right)),
            _DOWN: (round(100 * top), round(100 * bottom)),
            _THRESHOLD: round(100 * threshold),
        }
    )


def _take(digest: str, small: bool) -> None:
    state, kept = st.session_state, corrections_of(digest)
    fields: dict[str, object] = {
        "invert": _THREE[state[_INVERT]],
        # The sliders stand as the picture did before this change.
        "quarter_turns": kept.quarter_turns,
        "mirror": kept.mirror,
    }
    if not small:
        left, right = _apart(*state[_ACROSS])
        top, bottom = _apart(*state[_DOWN])
        whole = (left, top, right, bottom) == (0.0, 0.0, 1.0, 1.0)
        threshold = state[_THRESHOLD] / 100
        fields |= {
            "separate": _THREE[state[_SEPARATE]],
            "crop": None if whole else (left, top, right, bottom),
            "threshold": None if threshold == ZALANDO_THRESHOLD else threshold,
        }
    changed = Corrections(**fields)  # type: ignore[arg-type]  # typed by the widgets
    _keep(digest, reoriented(changed, int(state[_TURN]), bool(state[_MIRROR])))


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
