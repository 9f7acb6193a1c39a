"""Charts of a training that change once an epoch.

Streamlit sends what a cached function drew again as it was, in a tenth of a millisecond: so these
are built once an epoch for all tabs and browsers together, and the browser finds nothing new.
"""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.figures.curves import METRICS
from fmnist_core.figures.palette import architecture_color
from fmnist_core.figures.train.live_confusion import (
    confusion_chart,
    confusion_frame,
    confusion_takeaway,
    f1_chart,
    f1_frame,
    f1_takeaway,
)
from fmnist_core.figures.train.live_curves import (
    BEFORE,
    THIS,
    live_chart,
    live_curves,
    live_takeaway,
    validation_images,
)
from fmnist_core.figures.training_loss import Training, learning_curves_caveat
from fmnist_core.figures.words import without_markup
from fmnist_core.jobs.kept_reading import while_unchanged
from fmnist_core.jobs.live import read_epochs, work_folder
from fmnist_core.jobs.record import Job
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.write import POINTER
from fmnist_core.training.plan import Plan
from fmnist_core.training.pointer import checkpoint_problem
from fmnist_core.ui import loaders
from fmnist_core.ui.components import caveat, takeaway

_Epochs = tuple[EpochRow, ...]


def kept_epochs(root: Path, run_id: str) -> _Epochs:
    """Returns the whole epochs of an unfinished training. Raises `RunError` for damaged files."""
    try:
        changed = (work_folder(root, run_id) / POINTER).stat().st_mtime_ns
    except OSError:
        return ()
    return _kept_epochs(root, run_id, changed)


def checkpoint_trouble(root: Path, job: Job) -> str:
    """Returns why an unfinished job cannot go on at its checkpoint; empty where it can.

    The weights are read through only where an attempt has failed and gives cause for it.
    """
    work = work_folder(root, job.run_id)
    return while_unchanged(
        ("checkpoint", work, job.state == "failed"),
        (work / POINTER, *work.glob("epoch-*.safetensors")),
        lambda: checkpoint_problem(work, weights_too=job.state == "failed"),
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _kept_epochs(root: Path, run_id: str, changed: int) -> _Epochs:
    """Reads them once for each checkpoint; `changed` is when it was written."""
    return read_epochs(root, run_id)


@st.cache_resource(max_entries=32, show_spinner=False)
def draw_curves(
    run_id: str,
    attempt: int,
    epochs: int,
    reference: str,
    _rows: Sequence[EpochRow],
    _plan: Plan,
) -> None:
    """Draws accuracy and loss over those of the reference run, and says what the curves are.

    Args:
        epochs: how many there are; with run and attempt, what is drawn anew when it changes.
        reference: id of the run of the same split to draw over; empty for none.
    """
    before = epochs_of(reference)
    if not _rows and not before:
        st.caption("The curves begin when the first epoch is whole.")
        return
    recipe, color = _plan.recipe, architecture_color(_plan.architecture)
    says = live_takeaway(_rows, before, recipe.protocol)
    takeaway(says)
    runs: dict[str, Training] = {THIS: _plan}
    if before:
        runs[BEFORE] = loaders.run_record(reference)
    with st.grid(2, min_column_width=340):
        for metric in (METRICS["accuracy"], METRICS["loss"]):
            long = live_curves(_rows, before, metric, recipe.epochs, recipe.protocol)
            spec = live_chart(long, metric, color, recipe.epochs)
            st.vega_lite_chart(spec, alt=f"{metric.title}: {without_markup(says)}")
    caveat(learning_curves_caveat("loss", runs))
    if not reference:
        caveat("There is no full run of these layers under the same split to draw it over.")


@st.cache_resource(max_entries=8, show_spinner=False)
def draw_classes(
    run_id: str,
    attempt: int,
    epoch: int,
    _counts: Sequence[Sequence[int]],
    _color: str,
    _protocol: str,
) -> None:
    """Draws confusion matrix and F1 of the images that an epoch is measured on."""
    cells, scores = confusion_frame(_counts), f1_frame(_counts)
    images = int(scores["support"].sum())
    kind = validation_images(_protocol)
    st.markdown(f"**Class by class**, {images:,} {kind} after epoch {epoch}")
    with st.grid(2, min_column_width=340):
        for says, spec in (
            (confusion_takeaway(cells), confusion_chart(cells, _color)),
            (f1_takeaway(scores), f1_chart(scores)),
        ):
            with st.container():
                takeaway(says)
                st.vega_lite_chart(spec, alt=without_markup(says))


def epochs_of(run_id: str) -> _Epochs:
    """Returns the epochs of a whole run; none where it cannot be read, or there is no such run."""
    try:
        return loaders.epochs(run_id) if run_id else ()
    except FmnistError:
        return ()
