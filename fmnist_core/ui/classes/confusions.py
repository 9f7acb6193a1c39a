"""Confusions: the matrices of run A and run B, their difference, and the images of a cell."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.confusions import (
    CELL_COLUMNS,
    difference_chart,
    difference_takeaway,
    matrix_chart,
    matrix_takeaway,
    pair_frame,
    without_diagonal,
)
from fmnist_core.figures.classes.picks import Pick, Who, cell_pick
from fmnist_core.figures.table import Column
from fmnist_core.ui.class_choice import (
    SAID,
    class_picker,
    pair_pickers,
    said_picker,
)
from fmnist_core.ui.classes.charts import chart_data, clickable_chart
from fmnist_core.ui.classes.images import show_images
from fmnist_core.ui.components import caveat, one_of
from fmnist_core.ui.selection import CLASS

_WHO = "who"
_WHOSE: dict[Who, str] = {"a": "A", "b": "B", "only_a": "A, not B", "only_b": "B, not A"}


def show_confusions(sheet: Sheet, labels: Mapping[str, str], colors: Mapping[str, str]) -> None:
    """Draws the confusion matrices of two of the runs, and the images of the chosen cell.

    Args:
        colors: run id -> its colour.
    """
    pair = sheet.run_ids[0], sheet.run_ids[0]
    if len(sheet.run_ids) > 1:
        pair = pair_pickers(sheet.run_ids, labels)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        shape = "pair"
        if len(sheet.run_ids) > 1:
            shape = one_of("Show", "matrix", {"pair": "Side by side", "difference": "A − B"})
        rates = one_of("Unit", "unit", {"counts": "Counts", "rates": "Rates"}) == "rates"
        log = st.toggle("Log colours", value=True, key="log", bind="query-params")
        hidden = st.toggle("Hide the diagonal", key="mistakes", bind="query-params")
    every_cell = pair_frame(sheet, *pair)
    cells = without_diagonal(every_cell) if hidden else every_cell
    matrices = st.container()
    # Drawn before the matrices, which frame the chosen cell.
    pick, chosen = _choose_cell(sheet, pair, labels)
    specs = (
        {"difference": difference_chart(cells, rates=rates, log=log, chosen=chosen)}
        if shape == "difference"
        else {
            side: matrix_chart(cells, side, colors[run_id], rates=rates, log=log, chosen=chosen)
            for side, run_id in zip("ab", dict.fromkeys(pair), strict=False)
        }
    )
    with matrices:
        _draw(specs, every_cell, (labels[pair[0]], labels[pair[1]]))
        unit = "Per cent of each true class" if rates else "Images"
        signs = (
            "Orange and above 0 where A says it more, blue and below 0 where B does: on the "
            "diagonal that is more right, elsewhere more wrong. "
        )
        caveat(
            f"{unit}; rows are the true class. {signs if shape == 'difference' else ''}"
            "Click a cell to see its images."
        )
        chart_data(
            {f"Vega-Lite {_title(name)}": spec for name, spec in specs.items()},
            cells,
            CELL_COLUMNS if len(sheet.run_ids) > 1 else _columns_of_one(),
            name="confusions",
            alt="Cells of the confusion matrices",
        )
    if pick:
        show_images(sheet, pick, labels, view="cells")


def _draw(
    specs: Mapping[str, dict[str, object]], cells: pd.DataFrame, names: tuple[str, str]
) -> None:
    says = {
        "a": matrix_takeaway(cells, "a", names[0]),
        "b": matrix_takeaway(cells, "b", names[1]),
        "difference": difference_takeaway(cells, names),
    }
    for name, column in zip(specs, st.columns(len(specs)), strict=True):
        with column:
            key = f"classes_matrix_{name}"
            means = partial(_meaning, name=name)
            clickable_chart(specs[name], key=key, says=says[name], means=means)


def _meaning(clicked: Mapping[str, Any], name: str) -> dict[str, str]:
    """Returns what a click on a cell sets; in the difference, whoever does it more is shown."""
    only = "only_b" if clicked.get("difference", 0) < 0 else "only_a"
    return {
        CLASS: clicked["true"],
        SAID: clicked["predicted"],
        _WHO: only if name == "difference" else name,
    }


def _title(name: str) -> str:
    return "A − B" if name == "difference" else name.upper()


def _columns_of_one() -> dict[str, Column]:
    return {name: CELL_COLUMNS[name] for name in ("true", "predicted", "count_a", "share_a")}


def _choose_cell(
    sheet: Sheet, pair: tuple[str, str], labels: Mapping[str, str]
) -> tuple[Pick | None, tuple[str, str]]:
    """Draws the choice of a cell; returns its images, `None` for no cell, and its two classes."""
    st.subheader("Images of a cell", anchor=False)
    who: Who = "a"
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        true = class_picker("True class")
        said = said_picker("Taken for")
        if len(sheet.run_ids) > 1:
            chosen = one_of("By", _WHO, {str(key): title for key, title in _WHOSE.items()})
            who = next(key for key in _WHOSE if key == chosen)
    if true is None or said is None:
        st.markdown("Click a cell above, or choose both classes, to see its images.")
        return None, ("", "")
    pick = cell_pick(sheet, pair, (true, said), who, labels)
    return pick, (CLASS_NAMES[true], CLASS_NAMES[said])
