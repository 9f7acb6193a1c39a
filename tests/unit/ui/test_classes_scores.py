"""A click on a score opens the images that lower it."""

import pytest
import streamlit as st

from fmnist_core.ui.class_choice import NETWORK
from fmnist_core.ui.classes import scores as scores
from fmnist_core.ui.selection import CLASS


@pytest.mark.parametrize(
    ("column", "opens"),
    [
        ("precision", {NETWORK: "one", CLASS: "Shirt", "which": "false"}),
        ("recall", {NETWORK: "one", CLASS: "Shirt", "which": "missed"}),
        ("support", {NETWORK: "one", CLASS: "Shirt", "which": "missed"}),
        ("another", {NETWORK: "another", CLASS: "Shirt", "which": "missed"}),
    ],
)
def test_a_cell_of_the_table_opens_the_images_of_its_own_score(
    column: str, opens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, object] = {"classes_scores_table": {"selection": {"cells": [(1, column)]}}}
    monkeypatch.setattr(st, "session_state", state)
    scores._take_table_cell(("Bag", "Shirt"), "one", "f1")
    assert {key: state[key] for key in opens} == opens
