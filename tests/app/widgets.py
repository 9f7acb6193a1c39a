"""Widgets that mirror what is kept elsewhere: how tests find them, and how a browser is late."""

import re
from typing import TypeVar

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget, WidgetList

_W = TypeVar("_W", bound=Widget)


def field(fields: WidgetList[_W], name: str) -> _W:
    """The widget with this name; its key has a number once it was set from elsewhere."""
    (found,) = (one for one in fields if re.fullmatch(rf"{name}(-\d+)?", one.key or ""))
    return found


def look_with(app: AppTest, sent: WidgetState) -> AppTest:
    """Runs the page as a look for news does that a browser sent while a widget was as in `sent`."""
    states = app._tree.get_widget_states()
    others = [state for state in states.widgets if state.id != sent.id]
    app._run(WidgetStates(widgets=[*others, sent]))
    assert not app.exception, app.exception
    return app
