"""Runs that leave this folder or come to it, on the screen."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from fmnist_core.errors import FmnistError, RunError
from fmnist_core.exchange.export_run import EXPORTS
from fmnist_core.exchange.import_run import import_run
from fmnist_core.figures.words import escaped
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.manifest import read_manifest
from fmnist_core.runs.read import find_run
from fmnist_core.ui import loaders
from fmnist_core.ui.components import Download, download_row, error_line

_RUN, _UPLOAD = "exchange_run", "exchange_upload"
_COUNT, _SAID = "exchange_uploads", "exchange_said"


def run_exchange(labels: Mapping[str, str]) -> None:
    """Draws the downloads of one run, and the way in for a run from elsewhere.

    Args:
        labels: run id -> the name it has on every page; may be empty.
    """
    said = st.session_state.get(_SAID)
    title = "Export or import a run" if labels else "Import a run"
    with st.expander(title, icon=":material/swap_horiz:", expanded=said is not None):
        if labels:
            _exports(labels)
        _import()


def _exports(labels: Mapping[str, str]) -> None:
    run_id = st.selectbox(
        "Run to export",
        list(labels),
        format_func=lambda name: labels.get(name, name),
        key=_RUN,
        width=520,
    )
    try:
        download_row(run_id, *_downloads(run_id))
    except FmnistError as error:
        error_line(str(error))
        return
    st.caption(
        "The zip file holds the whole run, numbers without code, and can be imported elsewhere. "
        "The LiteRT model takes pixels divided by 255. TensorBoard opens the folder that its event "
        "file lies in. A `.keras` file: `python -m fmnist_core runs export RUN FILE.keras`."
    )


def _downloads(run_id: str) -> list[Download]:
    root, run = runs_root(), loaders.run_record(run_id)
    titles = {".zip": "Run (zip)"}
    # Not `run.size_bytes`: that stays where the model itself was dropped.
    if "model.tflite" in read_manifest(find_run(root, run_id)).files:
        titles[".tflite"] = "LiteRT"
    if run.layers:
        titles[".py"] = "Keras source"
    if len(loaders.epochs(run_id)):
        titles[".tfevents"] = "TensorBoard"
    return [
        (title, partial(EXPORTS[ending], root, run_id), ending[1:])
        for ending, title in titles.items()
    ]


def _import() -> None:
    # A widget under another key is a new one: after each import it is empty again.
    key = f"{_UPLOAD}_{st.session_state.get(_COUNT, 0)}"
    st.file_uploader(
        "Import a run",
        type=["zip"],
        key=key,
        on_change=_take_in,
        args=(key,),
        help=f"A zip file of up to {st.get_option('server.maxUploadSize')} MB, as exported here. A "
        "larger one: `python -m fmnist_core runs import FILE.zip`. It is checked whole before it "
        "joins the others.",
    )
    match st.session_state.pop(_SAID, None):
        case ("refused", text):
            error_line(text)
        case ("imported", text):
            st.success(escaped(text), icon=":material/check_circle:")


def _take_in(key: str) -> None:
    upload = st.session_state[key]
    if upload is None:
        return
    try:
        imported = import_run(runs_root(), upload)  # a file in memory: no second copy of it
    except RunError as error:
        st.session_state[_SAID] = ("refused", f"{upload.name} is not imported: {error}")
    else:
        st.session_state[_SAID] = ("imported", imported.sentence)
        loaders.forget_leaderboard()
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
