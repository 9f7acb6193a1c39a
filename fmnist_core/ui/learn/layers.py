"""Figures of the Learn page about one layer: activation, normalisation, dropout, softmax, maps."""

import pandas as pd
import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.learn import dropout as drop
from fmnist_core.figures.learn import histogram as hist
from fmnist_core.figures.learn import softmax as soft
from fmnist_core.figures.learn.maps import LAYER_COLUMNS, layer_rows, maps_picture, maps_say
from fmnist_core.figures.words import without_markup
from fmnist_core.inference.layer_outputs import DROPOUTS
from fmnist_core.runs.arrays import Floats
from fmnist_core.ui.components import caveat, show_chart, show_table, takeaway
from fmnist_core.ui.learn.choice import Lesson, offer_other_runs, pick_layer, whole_number
from fmnist_core.ui.learn.loaders import layer_picture, traced, weights

_SEED = "learn_dropout_seed"
_STRIP_MAPS, _STRIP_UNITS, _MOST_MAPS = 10, 48, 512


def show_activation(lesson: Lesson) -> None:
    """Draws a layer's sums before and after its activation function."""
    rows = [
        row
        for row in (lesson.trace.rows if lesson.trace else ())
        if row.arguments.get("activation", "softmax") != "softmax"
    ]
    if lesson.trace is None or not rows:
        offer_other_runs(lesson, ["conv", "dense"], "a layer with an activation function")
        return
    row = pick_layer("Layer", "learn_activation_layer", rows)
    activation = str(row.arguments["activation"])
    before, after = lesson.trace.sums[row.name], lesson.trace.after(row)
    frame = hist.histogram_frame(before, after)
    show_chart(
        hist.histogram_chart(frame),
        says=hist.activation_says(row.name, activation, before, after),
        data=frame,
        columns=hist.HISTOGRAM_COLUMNS,
        name="learn_activation",
        limits="Without such a function between them, two layers would be no more than one.",
    )
    st.latex(hist.activation_formula(activation, before, after))
    _before_and_after(row.name, before, after)


def show_normalisation(lesson: Lesson) -> None:
    """Draws one channel before and after batch normalisation, and every channel's numbers."""
    rows = lesson.trace.of_type("BatchNormalization") if lesson.trace else ()
    if lesson.trace is None or not rows:
        offer_other_runs(lesson, ["batchnorm"], "batch normalisation")
        return
    with st.container(horizontal=True):
        row = pick_layer("Layer", "learn_normalisation_layer", rows)
        count = row.output_shape[-1]
        channel = whole_number(f"Channel, of {count}", "learn_channel", 1, count, 1) - 1
    stored = weights(lesson.run_id)
    of = hist.normalisation(stored, row, channel)
    before, after = lesson.trace.before(row)[..., channel], lesson.trace.after(row)[..., channel]
    frame = hist.histogram_frame(before, after)
    show_chart(
        hist.histogram_chart(frame),
        says=hist.normalisation_says(of, before, after),
        data=frame,
        columns=hist.HISTOGRAM_COLUMNS,
        name="learn_normalisation",
        limits="While training, mean and variance are those of the batch; the stored ones are "
        "their running averages, so one image need not come out with mean β and deviation γ.",
    )
    st.latex(hist.normalisation_formula(of, before, after))
    with st.expander(f"All {count} channels of {row.name}", icon=":material/table_chart:"):
        show_table(
            hist.channel_frame(lesson.trace, stored, row),
            hist.CHANNEL_COLUMNS,
            name="learn_channels",
            alt=f"Stored numbers of {row.name}, and this image before and after it.",
        )


def show_dropout(lesson: Lesson) -> None:
    """Draws which numbers a dropout layer would leave out of one training step."""
    rows = lesson.trace.of_type(*DROPOUTS) if lesson.trace else ()
    if lesson.trace is None or not rows:
        offer_other_runs(lesson, ["dropout", "spatial_dropout"], "dropout")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = pick_layer("Layer", "learn_dropout_layer", rows)
        seed = whole_number("Mask", _SEED, 1, 9999, 1, "The seed that draws it.")
        st.button("Another mask", icon=":material/casino:", on_click=_next_mask)
        drawn = traced(lesson.run_id, lesson.image, seed)
        values, mask = drawn.before(row), drawn.masks[row.name]
        where = row.name
        if values.ndim == 3:
            count = values.shape[-1]
            channel = whole_number(f"Map, of {count}", "learn_dropout_map", 1, count, 1) - 1
            values, mask = values[..., channel], mask[..., channel]
            where = f"{row.name}, map {channel + 1},"
    frame = drop.dropout_frame(values, mask)
    rate = float(row.arguments["rate"])
    st.markdown("Dropout is **off when predicting**: what you see happens in training only.")
    show_chart(
        drop.dropout_chart(frame),
        says=drop.dropout_says(where, rate, seed, mask),
        data=frame,
        columns=drop.DROPOUT_COLUMNS,
        name="learn_dropout",
        pixels=drop.dropout_pixels(frame),
        limits=drop.dropout_limits(mask),
    )
    st.latex(drop.dropout_formula(rate))
    if drawn.unknown is None:
        last = drawn.rows[-1]
        takeaway(drop.dropout_effect(lesson.trace.after(last), drawn.after(last), CLASS_NAMES))


def show_softmax(lesson: Lesson) -> None:
    """Draws the last layer's sums and what softmax makes of them at a temperature."""
    last = lesson.trace.rows[-1] if lesson.trace and lesson.trace.rows else None
    if lesson.trace is None or last is None or last.arguments.get("activation") != "softmax":
        offer_other_runs(lesson, ["dense"], "a last layer with softmax")
        return
    temperature = st.slider(
        "Temperature",
        soft.LEAST_TEMPERATURE,
        soft.MOST_TEMPERATURE,
        1.0,
        0.1,
        key="learn_temperature",
        width=500,
    )
    frame = soft.softmax_frame(lesson.trace.sums[last.name], temperature)
    left, right = st.columns(2)
    with left:
        show_chart(
            soft.logit_chart(frame),
            says=soft.logits_say(frame),
            data=frame,
            columns=soft.SOFTMAX_COLUMNS,
            name="learn_logits",
        )
    with right:
        show_chart(
            soft.probability_chart(frame),
            says=soft.softmax_says(frame, temperature),
            data=frame,
            columns=soft.SOFTMAX_COLUMNS,
            name="learn_softmax",
            limits="The tick marks temperature 1, as the network was trained. No temperature "
            "changes the order of the classes.",
        )
    st.latex(soft.softmax_formula(frame, temperature))


def show_network(lesson: Lesson) -> None:
    """Draws every layer's output for this image, in order, and all maps of one of them."""
    if lesson.trace is None or not lesson.trace.rows:
        offer_other_runs(lesson, ["conv", "dense"], "a layer that this page can compute")
        return
    rows = lesson.trace.rows
    row = pick_layer("All maps of", "learn_maps_layer", rows)
    values = lesson.trace.after(row)
    takeaway(maps_say(row, values))
    st.image(
        layer_picture(lesson.run_id, lesson.image, row.name, _MOST_MAPS),
        alt=without_markup(maps_say(row, values)),
    )
    caveat("Dark grey is 0, orange above, blue below; one scale for the layer. " + _cut(values))
    st.header("Layer by layer", anchor=False)
    for step in rows:
        output = lesson.trace.after(step)
        most = _STRIP_MAPS if output.ndim == 3 else _STRIP_UNITS
        says = maps_say(step, output)
        with st.container(gap="xxsmall"):
            st.markdown(f"{says} `{step.text}`")
            st.image(
                layer_picture(lesson.run_id, lesson.image, step.name, most),
                alt=without_markup(says),
            )
    with st.expander("Data and downloads", icon=":material/table_chart:"):
        show_table(
            pd.DataFrame(layer_rows(lesson.trace)),
            LAYER_COLUMNS,
            name="learn_layers",
            alt="What each layer's numbers are like for this image.",
        )


def _before_and_after(name: str, before: Floats, after: Floats) -> None:
    for title, values in (("before", before), ("after", after)):
        most = _STRIP_MAPS if values.ndim == 3 else _STRIP_UNITS
        words = f"{name}, {title}: the first {min(most, values.shape[-1])} of {values.shape[-1]}"
        st.caption(words)
        st.image(maps_picture(values, most), alt=words)


def _cut(values: Floats) -> str:
    shown = values.shape[-1] if values.ndim == 3 else values.size
    return f"Shown: the first {_MOST_MAPS} of {shown:,}." if shown > _MOST_MAPS else ""


def _next_mask() -> None:
    st.session_state[_SEED] = int(st.session_state.get(_SEED, 0)) % 9999 + 1
