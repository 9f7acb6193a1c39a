"""Suspected labels: images that the networks would label otherwise, and a ranking without them."""

from collections.abc import Mapping

import streamlit as st

from fmnist_core.errors import FmnistError, RunError
from fmnist_core.evaluation.label_errors import (
    ConfidentLearning,
    ranking_without,
    suspected_errors,
)
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.suspects import (
    PUBLISHED_COLUMNS,
    RANKING_COLUMNS,
    published_table,
    published_takeaway,
    ranking_table,
    ranking_takeaway,
    suspect_pick,
    suspects_takeaway,
)
from fmnist_core.ui.class_choice import class_picker
from fmnist_core.ui.classes.images import show_images
from fmnist_core.ui.classes.loaders import published_examples
from fmnist_core.ui.components import caveat, error_line, show_table, takeaway


def show_suspects(sheet: Sheet, labels: Mapping[str, str]) -> None:
    """Draws the images whose label is suspected, and the ranking without them on request."""
    learned = suspected_errors(sheet)
    takeaway(suspects_takeaway(sheet, learned))
    caveat(
        "Confident learning (Northcutt, Jiang and Chuang 2021) over the mean probabilities of the "
        "chosen networks, none of which was trained on these images. Where classes overlap it "
        "finds garments that could be either, not only mistakes."
    )
    _show_ranking(sheet, learned, labels)
    st.subheader("The images", anchor=False)
    label = class_picker("Label", nothing="All classes")
    show_images(sheet, suspect_pick(sheet, learned, label), labels, view="suspects")
    _show_published(sheet.run_ids)


def _show_ranking(sheet: Sheet, learned: ConfidentLearning, labels: Mapping[str, str]) -> None:
    left_out = st.toggle(
        "Leave them out of the ranking",
        key="without",
        bind="query-params",
        persist_state="session",
        disabled=not len(learned.positions),
    )
    if not left_out or not len(learned.positions):
        return
    try:
        move = ranking_without(sheet, learned.positions)
    except RunError as error:
        error_line(str(error))
        return
    table = ranking_table(move, labels)
    takeaway(ranking_takeaway(table, len(learned.positions)))
    show_table(
        table,
        RANKING_COLUMNS,
        name="ranking_without_suspects",
        alt="Accuracies and ranks of the chosen runs with and without the suspected images",
    )
    caveat(
        "They were found by these networks' own answers, so accuracies rise: read the order, not "
        "the level."
    )


def _show_published(run_ids: tuple[str, ...]) -> None:
    st.subheader("The method on published examples", anchor=False)
    try:
        examples = published_examples(run_ids)
    except FmnistError as error:
        error_line(str(error))
        return
    takeaway(published_takeaway(examples))
    show_table(
        published_table(examples),
        PUBLISHED_COLUMNS,
        name="published_label_errors",
        alt="Published mislabelled training images, and what the chosen runs say of them",
    )
    caveat(
        "Of the 64 in Müller and Markert (2019), Table 7. An image counts here where it was a "
        "validation or test image of a chosen run."
    )
