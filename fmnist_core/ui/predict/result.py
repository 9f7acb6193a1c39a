"""One picture on the Predict page: what it became, what the networks say, and why."""

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist_core.data import CLASS_NAMES
from fmnist_core.errors import FmnistError
from fmnist_core.figures.predict.answers import (
    CHART_COLUMNS,
    VERDICT_COLUMNS,
    agreement_words,
    class_chart,
    class_frame,
    ensemble_words,
    short_training_words,
    verdict_frame,
)
from fmnist_core.figures.words import escaped
from fmnist_core.inference.conversion.steps import ZALANDO_STEPS
from fmnist_core.ui.components import (
    caveat,
    error_line,
    show_chart,
    show_table,
    takeaway,
    warning_line,
)
from fmnist_core.ui.loaders import Leaderboard
from fmnist_core.ui.predict.corrections import corrections_of, show_corrections
from fmnist_core.ui.predict.loaders import LARGE_SIDE, STEP_SIDE, Given, Seen, answers, see
from fmnist_core.ui.predict.mattered import show_mattered
from fmnist_core.ui.predict.reasons import show_beside_training, show_likeness
from fmnist_core.ui.runs import split_caveats

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.prediction.answer import Answers, ImageAnswer

_MIXED = "pooled-60-20-20"


def show_picture(given: Given, board: Leaderboard, run_ids: tuple[str, ...]) -> None:
    """Draws everything about one picture; an error where it cannot be read.

    The answer comes first: where columns stand below each other, what stands left comes first.
    """
    seen = see(given, corrections_of(given.digest))
    if isinstance(seen, str):
        error_line(f"{given.name}: {seen}")
        return
    said_place, picture_place = st.columns([6, 5], gap="large")
    with picture_place:
        _show_seen(given, seen)
        show_corrections(given.digest, seen)
    try:
        said = answers(seen.image, run_ids)
    except FmnistError as error:
        with said_place:
            error_line(str(error))
        _show_steps(seen)
        return
    answer = said.image(0)
    with said_place:
        likeness_place = _show_answer(given, seen, answer)
        if short := short_training_words(board.frame[board.frame["run_id"].isin(said.run_ids)]):
            caveat(short)
        classes = class_frame(answer)
        show_chart(
            class_chart(classes),
            says=ensemble_words(answer),
            data=classes,
            columns=CHART_COLUMNS,
            name="predict_classes",
            limits="Bars are the mean of all networks, lines reach from the lowest to the highest.",
        )
    _show_steps(seen)
    st.header("What each network says", anchor=False)
    _show_verdicts(given, said, board)
    show_mattered(seen, answer, board)
    # Last, since the first comparison of a process takes seconds.
    with likeness_place:
        show_likeness(seen, answer, said.run_ids)
    show_beside_training(seen)


def _show_seen(given: Given, seen: Seen) -> None:
    st.subheader(escaped(given.name), anchor=False)
    with st.container(horizontal=True, gap="small"):
        st.image(
            seen.original,
            caption="as given",
            width=LARGE_SIDE,
            alt="The picture as it was given",
        )
        st.image(
            seen.large,
            caption="28 × 28, as every network sees it",
            width=LARGE_SIDE,
            alt="The picture as the networks see it, 28 x 28 pixels",
        )
    st.caption(escaped(seen.opened))


def _show_answer(given: Given, seen: Seen, answer: "ImageAnswer") -> DeltaGenerator:
    """Draws the answer in words; returns the place for the likeness."""
    together = answer.ensemble
    name, percent = CLASS_NAMES[together.label], 100 * together.probability
    st.header(f"{name}, {percent:.1f} %", anchor=False)
    st.markdown(agreement_words(answer))
    if given.truth is not None:
        known = "Its true class" if given.official else "It is drawn as"
        right = ":material/check:" if together.label == given.truth else ":material/close:"
        st.markdown(f"{right} {known}: **{CLASS_NAMES[given.truth]}**.")
    likeness_place = st.container()
    for warning in seen.warnings:
        warning_line(warning)
    return likeness_place


def _show_steps(seen: Seen) -> None:
    st.header("How it became 28 × 28", anchor=False)
    takeaway(_steps_words(seen))
    with st.grid(max(8, len(seen.steps)), min_column_width=STEP_SIDE):
        for number, step in enumerate(seen.steps, 1):
            with st.container(gap="xxsmall"):
                st.image(step.png, width=STEP_SIDE, alt=f"Step {number}, {step.name}: {step.says}")
                st.markdown(f"**{number}. {escaped(step.name)}**")
                st.caption(escaped(step.says))


def _steps_words(seen: Seen) -> str:
    if seen.passed_through:
        return "It came as the networks want it, and not one value was changed."
    if seen.small:
        return escaped(seen.steps[-1].says)
    zalandos = "as Zalando made the data set from its shop pictures."
    ours = len(seen.steps) - 1 - ZALANDO_STEPS
    if not ours:
        return f"{ZALANDO_STEPS} steps, {zalandos}"
    steps = "1 step" if ours == 1 else f"{ours} steps"
    return f"{steps} of ours to look like a shop picture, then {ZALANDO_STEPS}, {zalandos}"


def _show_verdicts(given: Given, said: "Answers", board: Leaderboard) -> None:
    frame = verdict_frame(said, 0, board.frame)
    if given.truth is not None:
        right = int((frame["says"] == CLASS_NAMES[given.truth]).sum())
        takeaway(f"{right} of {len(frame)} networks are right.")
    show_table(
        frame,
        VERDICT_COLUMNS,
        name="predict_networks",
        alt="What each network says of the picture",
    )
    for run in said.left_out:
        warning_line(f"{board.labels.get(run.run_id, run.run_id)} is left out: {run.reason}")
    caveat(
        "A calibrated probability is right as often as it says on images like the data set's; on "
        "other pictures even it is often too sure. CSV holds all ten of every network."
    )
    loose = int(frame["temperature"].isna().sum())
    if loose:
        caveat(
            f"{loose} of {len(frame)} could not be calibrated, since their validation images are "
            "no others than their test images or there are none: theirs are the raw ones."
        )
    ids = list(said.run_ids)
    split_caveats(board.frame[board.frame["run_id"].isin(ids)])
    if given.official:
        mixed = int((board.frame.set_index("run_id").loc[ids, "protocol"] == _MIXED).sum())
        if mixed:
            caveat(
                f"{mixed} of them drew their training images from all 70,000, and may have been "
                "trained on this one."
            )
