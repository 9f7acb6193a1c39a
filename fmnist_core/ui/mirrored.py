"""Widgets that show what is kept elsewhere, and that other things than the reader change too.

The browser sends the value of every widget with each look for news, also in the moment in which it
has not heard yet that the server changed one: what was there before would pass for the reader's
choice. Streamlit also tells a browser once only that it set a value, and a message may be dropped
when runs follow on each other. So no value is ever set here. A widget's default is what it is to
show, and one whose value came from elsewhere gets another key: what the browser still sends under
the old one is heeded no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

_WIDGETS = "mirrored_widgets"  # name -> the widget as last drawn


@dataclass(frozen=True)
class _Widget:
    """A widget as last drawn; `revision` is how often its value came from elsewhere."""

    revision: int
    value: Any

    def key(self, name: str) -> str:
        return f"{name}-{self.revision}" if self.revision else name


def mirrored(
    name: str, value: Any, take: Callable[[Any], object], *, may_be_empty: bool = False
) -> dict[str, Any]:
    """Returns the arguments `key` and `on_change` of a widget; `value` must be its default.

    Args:
        name: its key, until its value comes from elsewhere.
        value: what it is to show, as the widget itself would return it.
        take: called with the value that the reader sets, before the script runs.
        may_be_empty: whether the reader can empty it. None is else what comes of an option that the
            browser still sends under a label that has changed.
    """
    widgets: dict[str, _Widget] = st.session_state.setdefault(_WIDGETS, {})
    last = widgets.get(name)
    drawn = _Widget(last.revision if last else 0, value)
    if st.session_state.get(drawn.key(name), value) != value:
        drawn = _Widget(drawn.revision + 1, value)
    widgets[name] = drawn
    key = drawn.key(name)

    def on_change() -> None:
        now, sent = widgets[name], st.session_state[key]
        if now.key(name) == key and now.value != sent and (sent is not None or may_be_empty):
            take(sent)

    return {"key": key, "on_change": on_change}


def shown_value(name: str) -> Any:
    """Returns what the widget with this name was last drawn with; None where it never was."""
    widget = st.session_state.get(_WIDGETS, {}).get(name)
    return widget.value if widget else None
