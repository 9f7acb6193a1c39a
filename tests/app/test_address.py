"""The text fields that hold the address, and a browser that still sends what one held before."""

import pytest
from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from fmnist_core.ui.address import address_field, drawing_page, keep, restore_address

    if st.session_state.get("only_a_look"):
        restore_address()
        return
    with drawing_page():
        restore_address()  # as the fragments do while the page is drawn
        address_field("runs", "Run ids")
        st.button("Choose", key="choose", on_click=keep, args=("runs", "a,b"))


@pytest.mark.parametrize(
    ("sent", "held"), [("", "a,b"), ("a,b", "a,b"), ("c", "c")], ids=["late", "heard", "written"]
)
def test_a_look_brings_no_choice_back_and_takes_none_away(sent: str, held: str) -> None:
    app = AppTest.from_function(_page).run()
    app.button(key="choose").click().run()
    assert app.text_input(key="runs").value == "a,b"
    app.session_state["only_a_look"] = True
    app.session_state["runs"] = sent
    app.run()
    assert app.session_state["runs"] == held


def test_what_the_reader_empties_stays_empty() -> None:
    app = AppTest.from_function(_page).run()
    app.button(key="choose").click().run()
    app.text_input(key="runs").set_value("").run()
    app.session_state["only_a_look"] = True
    app.run()
    assert app.session_state["runs"] == ""


def test_a_choice_that_a_look_brought_first_outlives_the_run_it_was_sent_with() -> None:
    app = AppTest.from_function(_page).run()
    app.session_state["only_a_look"] = True
    app.button(key="choose").click().run()
    assert app.session_state["runs"] == "a,b"
    app.session_state["only_a_look"] = False
    app.session_state["runs"] = ""  # as the browser holds it, which has heard of nothing
    app.run()
    assert app.text_input(key="runs").value == "a,b"
