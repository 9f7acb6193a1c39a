"""The frame of the Classes page: its runs, their sheet, and the view that is drawn."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.sentences import renamed
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.findings import ranked_group
from fmnist_core.figures.palette import run_colors
from fmnist_core.figures.words import escaped, short_names
from fmnist_core.ui.classes.confusions import show_confusions
from fmnist_core.ui.classes.flips import show_flips
from fmnist_core.ui.classes.hard import show_hard
from fmnist_core.ui.classes.loaders import chosen_sheet
from fmnist_core.ui.classes.scores import show_scores
from fmnist_core.ui.classes.suspects import show_suspects
from fmnist_core.ui.components import caveat, empty_state, error_line
from fmnist_core.ui.loaders import Leaderboard
from fmnist_core.ui.runs import show_damaged_runs
from fmnist_core.ui.selection import choose_runs

_OFFERED = 6


def offer_first_choice(board: Leaderboard, most: int = _OFFERED) -> None:
    """Says that nothing is chosen, and offers the best ranked runs, `most` at most, as a start."""
    empty_state(
        "No run chosen yet.",
        "Choose one or more above, or tick rows on the Overview page.",
        icon=":material/checklist:",
    )
    best = list(ranked_group(board.frame)["run_id"].head(most))
    if best:
        st.button(
            "Look at the best one" if len(best) == 1 else f"Look at the best {len(best)}",
            icon=":material/trophy:",
            type="primary",
            key="classes_best",
            on_click=choose_runs,
            args=(best,),
        )


def sheet_or_stop(chosen: Sequence[str], board: Leaderboard) -> Sheet:
    """Returns what the runs said of the images they share; says why where that is not possible."""
    try:
        sheet, left_out = chosen_sheet(tuple(chosen))
    except FmnistError as error:
        error_line(renamed(str(error), short_names(board.labels)))
        show_damaged_runs(board.damaged)
        st.stop()
    for line in left_out:
        error_line(line)
    for remark in sheet.remarks:
        caveat(escaped(renamed(remark, short_names(board.labels))))
    return sheet


def show_view(view: str, sheet: Sheet, board: Leaderboard) -> None:
    """Draws one of `VIEWS`; nothing is computed for the others."""
    rows = board.frame.set_index("run_id", drop=False).loc[list(sheet.run_ids)]
    names = short_names(dict(rows["label"]))
    match view:
        case "confusions":
            colors, _ = run_colors(rows["run_id"], rows["architecture"])
            show_confusions(sheet, names, colors)
        case "flips":
            show_flips(sheet, names)
        case "hard":
            show_hard(sheet, names, dict(rows["architecture"]))
        case "suspects":
            show_suspects(sheet, names)
        case _:
            show_scores(sheet, names, dict(rows["architecture"]))
