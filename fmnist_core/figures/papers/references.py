"""What others reached on Fashion-MNIST, sorted by how far each number can be trusted."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from fmnist_core.figures.palette import CLASS_COLORS, NEUTRAL
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart, fitted_domain, wrapped_legend
from fmnist_core.papers.references import GROUPS, Reference, Trust

TRUST_COLORS: dict[Trust, str] = {
    "checked": CLASS_COLORS[0],
    "claimed": CLASS_COLORS[1],
    "not comparable": CLASS_COLORS[4],
    "not credible": CLASS_COLORS[2],
}
REFERENCE_COLUMNS = {
    "title": Column("Result", pinned=True),
    "printed": Column("As printed"),
    "accuracy": Column("Accuracy (%)", "percent"),
    "trust": Column("Trust"),
    "images": Column("Files", meaning="Of which release: the one of August 2017 is old."),
    "params_words": Column("Parameters"),
    "group": Column("Group"),
    "date": Column("Date"),
    "source": Column("Source"),
    "note": Column("Note"),
}
_HUMAN = "human"
_OLD, _LATER = "files of August 2017", "later files, or not named"


def reference_frame(found: Sequence[Reference]) -> pd.DataFrame:
    """Returns one row a result, the most accurate first."""
    rows = [
        {
            "title": entry.title,
            "printed": entry.printed,
            "accuracy": entry.accuracy,
            "trust": entry.trust,
            "images": entry.images,
            "params_words": "–" if entry.params is None else f"{entry.params:,}",
            "params": entry.params,
            "group": GROUPS[entry.group],
            "date": entry.date,
            "source": entry.source,
            "note": entry.note,
        }
        for entry in sorted(found, key=lambda entry: -entry.accuracy)
    ]
    return pd.DataFrame(rows, columns=[*REFERENCE_COLUMNS, "params"])


def reference_takeaway(found: Sequence[Reference], best: tuple[str, float] | None) -> str:
    """Returns the highest result that can be trusted, the human one, and the best of ours.

    Args:
        best: Markdown name and accuracy of our best run; `None` without runs.
    """
    text = ""
    checked = [entry for entry in found if entry.trust == "checked" and entry.group != _HUMAN]
    if checked:
        top = max(checked, key=lambda entry: entry.accuracy)
        text = f"The highest checked result is {100 * top.accuracy:.2f} % ({top.title})."
    wild = [entry for entry in found if entry.trust in ("not comparable", "not credible")]
    if checked and (above := sum(entry.accuracy > top.accuracy for entry in wild)):
        text += f" {above} higher ones are not comparable or not credible"
        claimed = [entry for entry in found if entry.trust == "claimed"]
        if single := sum(entry.accuracy > top.accuracy for entry in claimed):
            text += f", {single} {'is a single report' if single == 1 else 'are single reports'}"
        text += "."
    human = [entry for entry in found if entry.group == _HUMAN]
    if human:
        text += f" People without training in fashion reach {100 * human[0].accuracy:.1f} %."
    if best:
        text += f" Our best run here, {best[0]}, reaches {100 * best[1]:.2f} %."
    return text.strip()


def reference_chart(frame: pd.DataFrame, best: float | None) -> dict[str, Any]:
    """Returns one mark a result, a row for each degree of trust; ours as a line across."""
    present = [trust for trust in TRUST_COLORS if (frame["trust"] == trust).any()]
    shown = frame.assign(
        percent=100 * frame["accuracy"],
        best=100 * best if best is not None else None,
        # So that results of one accuracy do not cover each other.
        step=frame.groupby("trust").cumcount() % 5,
        files=frame["images"].map(lambda word: _OLD if "old" in word else _LATER),
    )
    ends = shown[["percent", "best"]].astype(float)
    low, high = ends.min().min(), ends.max().max()
    x = {
        "field": "percent",
        "type": "quantitative",
        "title": "Accuracy (%)",
        "scale": {"domain": fitted_domain(low, high, margin=0.03), "nice": False},
    }
    y = {
        "field": "trust",
        "type": "nominal",
        "title": None,
        "sort": present,
        "axis": {"ticks": False, "domain": False},
    }
    color = {
        "field": "trust",
        "type": "nominal",
        "scale": {"domain": present, "range": [TRUST_COLORS[trust] for trust in present]},
        "legend": None,
    }
    tooltip = [
        {"field": "title", "title": "Result"},
        {"field": "printed", "title": "As printed"},
        {"field": "trust", "title": "Trust"},
        {"field": "images", "title": "Files"},
        {"field": "source", "title": "Source"},
        {"field": "note", "title": "Note"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "point", "size": 75, "strokeWidth": 2, "opacity": 0.9},
            "encoding": {
                "x": x,
                "y": y,
                "yOffset": {"field": "step", "type": "ordinal"},
                "color": color,
                "shape": {
                    "field": "files",
                    "type": "nominal",
                    "title": None,
                    "scale": {
                        "domain": [_LATER, _OLD],
                        "range": ["circle", "triangle-up"],
                    },
                    "legend": {"symbolStrokeColor": NEUTRAL} | wrapped_legend([_LATER, _OLD]),
                },
                "tooltip": tooltip,
            },
        }
    ]
    if best is not None:
        layers.append(
            {
                "data": {"values": [{"best": 100 * best}]},
                "mark": {"type": "rule", "strokeDash": [5, 4], "color": NEUTRAL, "strokeWidth": 2},
                "encoding": {
                    "x": {**x, "field": "best"},
                    "tooltip": [{"field": "best", "title": "Our best run (%)", "format": ".2f"}],
                },
            }
        )
    return chart(layers, shown, height=120 + 80 * len(present))
