"""Published numbers over our learning curves: theirs dashed with diamonds, ours solid."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.evaluation.recipe_words import OPTIMIZER_TITLES
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.figures.palette import CLASS_COLORS, NEUTRAL, run_colors
from fmnist_core.figures.papers.rows import budget_mark, network_name, source_words
from fmnist_core.figures.run_lines import FOCUS, UNFOCUSED, run_chart, run_encoding
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import fitted_domain
from fmnist_core.figures.words import escaped
from fmnist_core.listing import listed
from fmnist_core.papers import find_system, find_table, tables
from fmnist_core.papers.schema import Table

FINAL = "final"
PUBLISHED, OURS = "Published", "Ours"


@dataclass(frozen=True)
class Quantity:
    """Something that sources print and our histories hold.

    Attributes:
        metrics: of the ledger; the second one counts where the test images served for validation.
        column: of the history.
    """

    title: str
    metrics: tuple[str, ...]
    column: str
    percent: bool


QUANTITIES = {
    "val_accuracy": Quantity(
        "Validation accuracy", ("val_accuracy", "test_accuracy"), "val_accuracy", percent=True
    ),
    "train_accuracy": Quantity("Training accuracy", ("train_accuracy",), "accuracy", percent=True),
    "val_loss": Quantity("Validation loss", ("val_loss", "test_loss"), "val_loss", percent=False),
    "train_loss": Quantity("Training loss", ("train_loss",), "loss", percent=False),
}
CURVE_COLUMNS = {
    "label": Column("Line", pinned=True),
    "who": Column("Whose"),
    "epoch": Column("Epoch", "integer"),
    "value": Column("Value", "decimal", digits=4),
    "printed": Column("As printed"),
    "run_id": Column("Run"),
}


def pictures(paper_id: str) -> dict[str, str]:
    """Returns what can be drawn of a source: id -> name on its button."""
    drawn = {
        table.id: table.title
        for table in tables()
        if table.paper == paper_id and table.key in ("epoch", "optimizer")
    }
    return drawn | {FINAL: "Numbers at the end of the training"}


def picture_rows(rows: Sequence[LedgerRow], paper_id: str, picture: str) -> list[LedgerRow]:
    """Returns the numbers that one of `pictures` draws, of every quantity."""
    if picture != FINAL:
        return [row for row in rows if row.table == picture]
    return [
        row
        for row in rows
        if row.source == paper_id
        and row.published is not None
        and row.dataset == "fashion_mnist"
        and row.train_fraction == 1
        and not (row.epoch or row.class_name or row.optimizer)
        and find_system(row.system).layers
    ]


def quantities(rows: Sequence[LedgerRow]) -> dict[str, Quantity]:
    """Returns the quantities that these numbers hold."""
    return {key: quantity for key, quantity in QUANTITIES.items() if rows_of(rows, quantity)}


def rows_of(rows: Sequence[LedgerRow], quantity: Quantity) -> list[LedgerRow]:
    """Returns those of these numbers that are of one quantity."""
    first, *stand_in = quantity.metrics
    return [
        row
        for row in rows
        if row.metric == first or (row.metric in stand_in and row.protocol == TEST_SEEN_PROTOCOL)
    ]


def published_points(rows: Sequence[LedgerRow], quantity: Quantity, picture: str) -> pd.DataFrame:
    """Returns one row for each published number; the last epoch is that of the source's recipe."""
    records = [
        {
            "label": line_label(row, picture),
            "who": PUBLISHED,
            "epoch": row.epoch or int(find_system(row.system).recipe["epochs"]),
            "value": row.published * (100 if quantity.percent else 1),
            "printed": f"{row.qualifier} {row.printed}".strip(),
            "run_id": "",
        }
        for row in rows_of(rows, quantity)
        if row.published is not None
    ]
    return pd.DataFrame(records, columns=list(CURVE_COLUMNS))


def our_lines(
    rows: Sequence[LedgerRow], quantity: Quantity, picture: str, histories: pd.DataFrame
) -> pd.DataFrame:
    """Returns one row for each epoch of the runs beside these numbers.

    Args:
        histories: `history_frame` of those runs, below each other.
    """
    label_of = {run: line_label(row, picture) for row in rows for run in row.run_ids}
    shown = histories[histories["run_id"].isin(label_of)]
    values = shown[quantity.column].astype(float) * (100 if quantity.percent else 1)
    return pd.DataFrame(
        {
            "label": shown["run_id"].map(label_of),
            "who": OURS,
            "epoch": shown["epoch"],
            "value": values,
            "printed": "",
            "run_id": shown["run_id"],
        },
        columns=list(CURVE_COLUMNS),
    ).dropna(subset="value")


def line_label(row: LedgerRow, picture: str) -> str:
    """Returns what a line is called: its network, or its optimizer where a table varies that.

    Behind it stands how ours was trained, if not in full.
    """
    name = network_name(row.system)
    if row.optimizer and picture != FINAL:
        name = OPTIMIZER_TITLES[row.optimizer]
    return name + budget_mark(row)


def line_colors(rows: Sequence[LedgerRow], picture: str) -> dict[str, str]:
    """Returns label -> colour: the network's own; ten plain colours for optimizers of one."""
    systems = {line_label(row, picture): row.system for row in rows}
    if picture != FINAL and find_table(picture).key == "optimizer":
        return dict(zip(systems, itertools.cycle(CLASS_COLORS), strict=False))
    return run_colors(systems, systems.values())[0]


def curves_takeaway(points: pd.DataFrame, ours: pd.DataFrame, quantity: Quantity) -> str:
    """Returns how far the published numbers lie from our curves, epoch by epoch."""
    unit = " points" if quantity.percent else ""
    lines = points["label"].nunique()
    if ours.empty:
        return f"{len(points)} published numbers; none of these networks was trained here yet."
    mean = ours.groupby(["label", "epoch"], as_index=False)["value"].mean()
    both = points.merge(mean, on=["label", "epoch"], suffixes=("", "_ours"))
    missing = lines - points["label"].isin(ours["label"]).groupby(points["label"]).any().sum()
    rest = f" {missing} of {lines} lines have no run of ours yet." if missing else ""
    if both.empty:
        short = listed([f"**{escaped(label)}**" for label in dict.fromkeys(ours["label"])])
        return f"Here {short} did not reach the epoch of what is published.{rest}"
    away = both["value_ours"] - both["value"]
    place = int(away.abs().to_numpy().argmax())
    far = both.iloc[place]
    size = "{:+z.2f}" if quantity.percent else "{:+z.4f}"
    middle = size.format(away.median())
    if len(both) == 1:
        return (
            f"**{escaped(far['label'])}** ends {size.format(away.iloc[0])}{unit} from what is "
            f"published.{rest}"
        )
    return (
        f"At {len(both)} published points ours is {middle}{unit} away in the median, and farthest "
        f"for **{escaped(far['label'])}** in epoch {far['epoch']}: "
        f"{size.format(away.iloc[place])}{unit}.{rest}"
    )


def curves_chart(
    points: pd.DataFrame,
    ours: pd.DataFrame,
    quantity: Quantity,
    colors: Mapping[str, str],
    *,
    whole_range: bool = False,
) -> dict[str, Any]:
    """Returns the chart: a colour a line, ours solid, published with hollow diamonds.

    A dashed line joins those of a log; between the first and the last epoch it would make one up.

    Args:
        whole_range: keep our steep first epochs in the picture; published numbers always stay.
    """
    data = pd.concat([ours, points], ignore_index=True) if len(ours) else points
    present = {label: color for label, color in colors.items() if (data["label"] == label).any()}
    last = int(max(data["epoch"].max(), 2))
    x = {
        "field": "epoch",
        "type": "quantitative",
        "title": "Epoch",
        "scale": {"domain": [1, last], "nice": False},
        "axis": {"format": "d", "tickMinStep": 1},
    }
    unit = " (%)" if quantity.percent else ""
    # Of a run that ends there all of it stays.
    longer = data.groupby(["who", "run_id"])["epoch"].transform("max") > last / 8
    early = (data["who"] == OURS) & (data["epoch"] <= last / 8) & longer
    fitted = data["value"][whole_range | ~early]
    y = {
        "field": "value",
        "type": "quantitative",
        "title": f"{quantity.title}{unit}",
        "scale": {
            "domain": fitted_domain(fitted.min(), fitted.max()),
            "nice": False,
        },
    }
    color, _ = run_encoding(present)
    joined = bool((points.groupby("label")["epoch"].nunique() > 2).any())
    dash = {
        "field": "who",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [OURS, PUBLISHED], "range": [[1, 0], [5, 4]]},
        "legend": {
            "orient": "top",
            "symbolType": "stroke",
            "symbolStrokeWidth": 2,
            "symbolSize": 400,
        }
        if joined
        else None,
    }
    published = {
        "datum": PUBLISHED,
        "type": "nominal",
        "title": None,
        "scale": {"domain": [PUBLISHED], "range": ["diamond"]},
        "legend": None if joined else {"orient": "top", "symbolStrokeColor": NEUTRAL},
    }
    tooltip = [
        {"field": "label", "title": "Line"},
        {"field": "who", "title": "Whose"},
        {"field": "epoch", "title": "Epoch"},
        {"field": "value", "title": quantity.title, "format": ".2f" if quantity.percent else ".4f"},
        {"field": "printed", "title": "As printed"},
    ]
    ours_only = f"datum.who === '{OURS}'"
    shared = {"x": x, "y": y, "color": color, "opacity": UNFOCUSED}
    layers: list[dict[str, Any]] = [
        {
            "params": [FOCUS],
            "transform": [] if joined else [{"filter": ours_only}],
            "mark": {"type": "line", "strokeWidth": 2, "clip": True},
            "encoding": {
                **shared,
                "strokeDash": dash,
                "detail": [{"field": "who"}, {"field": "run_id"}],
            },
        },
        {
            "transform": [{"filter": f"datum.who === '{PUBLISHED}'"}],
            "mark": {"type": "point", "size": 90, "strokeWidth": 2},
            "encoding": {**shared, "shape": published, "tooltip": tooltip},
        },
        {
            "transform": [{"filter": ours_only}],
            "mark": {"type": "point", "size": 60, "opacity": 0, "clip": True},
            "encoding": {"x": x, "y": y, "detail": {"field": "run_id"}, "tooltip": tooltip},
        },
    ]
    return run_chart(layers, data, height=290)


def curves_caveat(rows: Sequence[LedgerRow], picture: str) -> str:
    """Returns what the picture takes for granted."""
    text = (
        "Lines are ours, one a run; hollow diamonds are published, those of a log joined by a "
        "dashed line. What stands for a whole training stands at its last epoch."
    )
    if picture != FINAL:
        table: Table = find_table(picture)
        text = f"{source_words(table.paper)}, {table.place}: {table.note} {text}"
    seen = {row.system for row in rows if row.protocol == TEST_SEEN_PROTOCOL}
    if not seen:
        return text
    if seen == {row.system for row in rows}:
        return f"{text} Here the test images serve for validation, in the source as in ours."
    names = ", ".join(escaped(network_name(system)) for system in sorted(seen))
    return f"{text} The test images serve for validation in {names}."
