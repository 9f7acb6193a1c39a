"""The numbers of a training's charts, as tables."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist_core.figures.curves import METRICS
from fmnist_core.figures.train.live_confusion import (
    confusion_frame,
    confusion_table,
    f1_frame,
    f1_table,
)
from fmnist_core.figures.train.live_curves import live_curves, values_table
from fmnist_core.jobs.live import Confusion
from fmnist_core.jobs.record import Job
from fmnist_core.runs.history import EpochRow
from fmnist_core.ui.train.charts import epochs_of


def show_data(
    job: Job, rows: Sequence[EpochRow], reference: str, confusion: Confusion | None
) -> None:
    """Draws the tables while they are open; each can be searched and downloaded in its own menu.

    Args:
        reference: id of the run that the curves are drawn over; empty for none.
    """
    icon, key = ":material/table_chart:", f"data_{job.run_id}"
    box = st.expander("Data", icon=icon, key=key, on_change="rerun")
    if not box.open:
        return
    with box:
        if rows or reference:
            _draw_epochs(job.run_id, job.attempt, len(rows), reference, rows, job)
        if confusion:
            _draw_classes(job.run_id, job.attempt, confusion.epoch, confusion)


@st.cache_resource(max_entries=8, show_spinner=False)
def _draw_epochs(
    run_id: str, attempt: int, epochs: int, reference: str, _rows: Sequence[EpochRow], _job: Job
) -> None:
    """Builds the table once an epoch, as the curves are."""
    recipe, before = _job.plan.recipe, epochs_of(reference)
    curves = [
        (metric, live_curves(_rows, before, metric, recipe.epochs, recipe.protocol))
        for metric in (METRICS["accuracy"], METRICS["loss"])
    ]
    _draw_table(values_table(curves), "Accuracy and loss of every epoch", digits=4)


@st.cache_resource(max_entries=8, show_spinner=False)
def _draw_classes(run_id: str, attempt: int, epoch: int, _confusion: Confusion) -> None:
    _draw_table(
        confusion_table(confusion_frame(_confusion.counts)), "Images by true and predicted class"
    )
    _draw_table(f1_table(f1_frame(_confusion.counts)), "F1 and images of every class")


def _draw_table(table: pd.DataFrame, about: str, digits: int = 2) -> None:
    formats = {
        name: st.column_config.NumberColumn(format=f"%.{digits}f")
        for name in table.select_dtypes("float").columns.astype(str)
    }
    st.caption(about)
    st.dataframe(table, column_config=formats, hide_index=True, placeholder="–", alt=about)
