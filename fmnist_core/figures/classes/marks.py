"""Marks of a chart that can be clicked: the selection is called `cell`."""

from typing import Any

from fmnist_core.figures.theme import NARROW

# Of charts whose colour means nothing: 3:1 on both pages, and 5:1 below white figures.
INK = "#4c5bd4"
# The outline of a mark whose row has `chosen`. "currentColor" is the page's own text colour.
FRAME = {
    "condition": {"test": "datum.chosen", "value": "currentColor"},
    "value": "transparent",
}


def click(fields: list[str]) -> dict[str, Any]:
    """Returns the selection that a click on a mark makes; these fields of its row come back."""
    return {"type": "point", "fields": fields, "toggle": False, "clear": False}


def bar_layers(
    place: dict[str, Any],
    color: dict[str, Any],
    fields: list[str],
    tooltip: list[dict[str, Any]],
    text: dict[str, Any],
) -> list[dict[str, Any]]:
    """Returns the layers of bars that can be clicked, each with its number of `images`.

    Args:
        place: the encodings `x` and `y`.
        color: an encoding.
        fields: what of a bar comes back in the selection.
        text: where the number stands.
    """
    number = {"text": {"field": "images", "type": "quantitative", "format": ",d"}}
    return [
        {
            "params": [{"name": "cell", "select": click(fields)}],
            "mark": {"type": "bar", "cursor": "pointer", "strokeWidth": 2},
            "encoding": {**place, "color": color, "stroke": FRAME, "tooltip": tooltip},
        },
        {"mark": {"type": "text", "fontSize": 11} | text, "encoding": place | number},
    ]


def cell_layers(
    place: dict[str, Any],
    color: str | dict[str, Any],
    fields: list[str],
    text: dict[str, Any],
    tooltip: list[dict[str, Any]],
    *,
    narrow: str = "",
) -> list[dict[str, Any]]:
    """Returns the layers of a heatmap whose cells can be clicked: the selection is `cell`.

    The data has `strength` from 0 to 1, and `chosen` for the cell to frame.

    Args:
        place: the encodings `x` and `y`.
        color: a hex colour, or an encoding.
        fields: what of a cell comes back in the selection.
        text: the encoding of the number in the cell.
        narrow: its format where the plot is too narrow for that one; the same where empty.
    """
    # "currentColor" is the page's own text colour, legible on a pale cell of either page.
    ink = {"condition": {"test": "datum.strength > 0.8", "value": "#ffffff"}}
    opacity = {
        "field": "strength",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [0.05, 1]},
        "legend": None,
    }
    fill: dict[str, Any] = {"value": color} if isinstance(color, str) else color
    return [
        {
            "params": [{"name": "cell", "select": click(fields)}],
            "mark": {"type": "rect", "cornerRadius": 2, "cursor": "pointer"},
            "encoding": {**place, "color": fill, "opacity": opacity, "tooltip": tooltip},
        },
        {
            "transform": [{"filter": "datum.chosen"}],
            # Without a chosen cell the layer is empty, and nothing to announce.
            "mark": {
                "type": "rect",
                "cornerRadius": 2,
                "filled": False,
                "strokeWidth": 2,
                "aria": False,
            },
            "encoding": {**place, "stroke": FRAME},
        },
        *(
            {
                "mark": {"type": "text", "cursor": "pointer"} | mark,
                "encoding": {
                    **place,
                    "text": written | {"type": "quantitative"},
                    "color": ink | {"value": "currentColor"},
                    "opacity": {"value": {"expr": shown}},
                },
            }
            for mark, written, shown in _written(text, narrow)
        ),
    ]


def _written(text: dict[str, Any], narrow: str) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    """Returns the numbers for each width of the plot: mark, encoding, opacity."""
    wide = {"fontSize": 11}
    if not narrow:
        return [(wide, text, "1")]
    # A screen reader is told the numbers once.
    small = {"fontSize": 10, "aria": False}
    return [
        (wide, text, f"{NARROW} ? 0 : 1"),
        (small, text | {"format": narrow}, f"{NARROW} ? 1 : 0"),
    ]
