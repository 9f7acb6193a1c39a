"""The view of the Papers page that draws published numbers over our learning curves."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.figures.papers.curves import (
    CURVE_COLUMNS,
    FINAL,
    curves_caveat,
    curves_chart,
    curves_takeaway,
    line_colors,
    our_lines,
    picture_rows,
    pictures,
    published_points,
    quantities,
    rows_of,
)
from fmnist_core.papers import papers
from fmnist_core.ui import loaders
from fmnist_core.ui.components import empty_state, error_line, one_of, show_chart


def show_curves(paper_id: str, rows: Sequence[LedgerRow]) -> None:
    """Draws one picture of a source; of all sources, one of those that print several epochs."""
    if paper_id:
        options = pictures(paper_id)
    else:
        every = {key: name for paper in papers() for key, name in pictures(paper.id).items()}
        options = {key: name for key, name in every.items() if key != FINAL}
    picture = (
        one_of("Published", "paper_curve", options) if len(options) > 1 else next(iter(options))
    )
    shown = picture_rows(rows, paper_id, picture)
    held = quantities(shown)
    if not held:
        empty_state(
            "This source prints no accuracy or loss of a training or validation.",
            "Its other numbers stand under Numbers.",
            icon=":material/show_chart:",
        )
        return
    chosen = one_of("Quantity", "paper_quantity", {key: q.title for key, q in held.items()})
    quantity = held[chosen]
    whole = st.toggle(
        "Whole range",
        key="paper_whole",
        bind="query-params",
        help="Also our steep first epochs, which take most of the axis.",
    )
    points = published_points(shown, quantity, picture)
    # Of a source's networks, only those whose number is drawn.
    drawn = rows_of(shown, quantity)
    ours = our_lines(drawn, quantity, picture, _histories(drawn))
    ours = ours[ours["label"].isin(points["label"])]
    show_chart(
        curves_chart(points, ours, quantity, line_colors(drawn, picture), whole_range=whole),
        says=curves_takeaway(points, ours, quantity),
        data=pd.concat([points, ours], ignore_index=True) if len(ours) else points,
        columns=CURVE_COLUMNS,
        name=f"{picture if picture != FINAL else f'source_{paper_id}'}_{chosen}",
        limits=curves_caveat(drawn, picture),
    )


def _histories(rows: Sequence[LedgerRow]) -> pd.DataFrame:
    frames = []
    for run_id in dict.fromkeys(run for row in rows for run in row.run_ids):
        try:
            frames.append(loaders.histories((run_id,)))
        except FmnistError as error:
            error_line(f"{run_id} is left out: {error}")
    return pd.concat(frames, ignore_index=True) if frames else _no_history()


def _no_history() -> pd.DataFrame:
    return pd.DataFrame(columns=["run_id", "epoch", "accuracy", "loss", "val_accuracy", "val_loss"])
