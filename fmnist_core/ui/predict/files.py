"""Many pictures at once: a table, its downloads, and the one whose row is chosen."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.errors import DataError, FmnistError
from fmnist_core.figures.predict.files import (
    FILE_COLUMNS,
    FileRow,
    files_frame,
    files_words,
    long_frame,
)
from fmnist_core.figures.predict.likeness import likeness_verdict
from fmnist_core.figures.table import to_csv
from fmnist_core.ui.components import caveat, error_line, show_table, takeaway
from fmnist_core.ui.loaders import Leaderboard, data_is_found
from fmnist_core.ui.predict.corrections import corrections_of
from fmnist_core.ui.predict.loaders import Given, answers, measure_likeness, see

_MOST_ERRORS = 5


def choose_row(
    pictures: Sequence[Given], board: Leaderboard, run_ids: tuple[str, ...]
) -> Given | None:
    """Draws a row for each picture, and returns the one that the reader opened.

    Without a network that can answer, it draws the error and returns nothing.
    """
    st.header(f"{len(pictures)} pictures", anchor=False)
    try:
        rows, not_compared = _read_all(pictures, run_ids)
    except FmnistError as error:
        error_line(str(error))
        return None
    takeaway(files_words(rows))
    if not_compared:
        error_line(not_compared)
    _show_errors(rows)
    # A selection is a position: other files, or another order of them, begin a new one.
    key = f"predict_rows_{hash(tuple(given.digest for given in pictures)):x}"
    first = next((place for place, row in enumerate(rows) if row.answer), 0)
    event = show_table(
        files_frame(rows),
        FILE_COLUMNS,
        name="predictions",
        alt="What the networks say of each file",
        key=key,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first]}},
        more_downloads=(
            (
                "CSV of every network",
                lambda: to_csv(long_frame(rows, board.labels)),
                "networks.csv",
            ),
        ),
    )
    caveat("Choose a row to open that picture below; corrections count for its row as well.")
    chosen = [place for place in event.selection.rows if place < len(pictures)]
    return pictures[chosen[0] if chosen else first]


def _show_errors(rows: Sequence[FileRow]) -> None:
    failed = [row for row in rows if row.error]
    for row in failed[:_MOST_ERRORS]:
        error_line(f"{row.file}: {row.error}")
    more = len(failed) - _MOST_ERRORS
    if more > 0:
        caveat(
            "Why one more could not be read stands in the table."
            if more == 1
            else f"Why {more} more could not be read stands in the table."
        )


def _read_all(pictures: Sequence[Given], run_ids: tuple[str, ...]) -> tuple[list[FileRow], str]:
    """Reads every file; one that fails hides no other.

    Returns:
        the rows, and why they were not compared with the training data; empty where they were, and
        where no data are found.

    Raises:
        RunError: no run can answer.
        UnknownNameError: one of the runs is gone.
    """
    rows, compare, not_compared = [], data_is_found(), ""
    progress = st.empty()
    try:
        for number, given in enumerate(pictures):
            if number:  # the first is there before anyone reads the line
                words = f"Reading {number + 1} of {len(pictures)}"
                progress.progress(number / len(pictures), words)
            seen = see(given, corrections_of(given.digest))
            if isinstance(seen, str):
                rows.append(FileRow(given.name, seen))
                continue
            said, looks = answers(seen.image, run_ids).image(0), ""
            try:
                if compare:
                    looks, _ = likeness_verdict(measure_likeness(seen.image), said)
            except DataError as error:  # the same for every picture
                compare, not_compared = False, str(error)
            rows.append(FileRow(given.name, "", looks, seen.warnings, said))
    finally:
        progress.empty()
    return rows, not_compared
