"""How the images are split, and how many batches an epoch then has in each source."""

import math
from typing import Any

import pandas as pd

from fmnist_core.data import PROTOCOLS
from fmnist_core.data.statistics import Statistics
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.papers import systems
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe

PARTS = ("training", "validation", "test")
BOTH = "validation and test"
SPLIT_COLUMNS = {
    "title": Column("Split", pinned=True),
    "training": Column("Training", "integer"),
    "validation": Column("Validation", "integer"),
    "test": Column("Test", "integer"),
    "training_per_class": Column("Training, each class"),
    "validation_per_class": Column("Validation, each class"),
    "test_per_class": Column("Test, each class"),
    "sources": Column("Sources that use it"),
    "warning": Column("Caveat"),
}
STEP_COLUMNS = {
    "source": Column("Source", meaning="Number of the source document.", pinned=True),
    "split": Column("Split"),
    "images": Column("Training images", "integer"),
    "batch_size": Column("Batch size", "integer"),
    "batches": Column("Batches an epoch", "integer"),
    "last_batch": Column("Images in the last", "integer"),
    "published": Column("As published", "integer", "Batches an epoch that the source prints."),
    "epochs": Column("Epochs", "integer"),
    "updates": Column("Weight updates", "integer", "Batches times epochs."),
    "basis": Column("Batch size is", meaning="Stated by the source, or ours where it is silent."),
    "networks": Column("Networks"),
}
_HEIGHT = 230
_COLORS = ("#3a75b8", "#a86a10", "#7560b0", "#b83a3a")


def split_frame(statistics: Statistics) -> pd.DataFrame:
    """Returns one row a protocol, its parts as counted under seed 0."""
    rows = []
    for counts, protocol in zip(statistics.split_counts, PROTOCOLS.values(), strict=True):
        users = dict.fromkeys(
            system.paper
            for system in systems()
            if system.role == "own experiment" and system.recipe.get("protocol") == protocol.name
        )
        row: dict[str, Any] = {"protocol": protocol.name, "title": protocol.title}
        for part, per_class in zip(PARTS, counts, strict=True):
            row[part] = int(per_class.sum())
            row[f"{part}_per_class"] = _range(int(per_class.min()), int(per_class.max()))
        rows.append(row | {"sources": ", ".join(users), "warning": protocol.warning or ""})
    return pd.DataFrame(rows)


def split_takeaway(splits: pd.DataFrame) -> str:
    """Returns in words how unlike the splits are."""
    least, most = int(splits["training"].min()), int(splits["training"].max())
    seen = splits[splits["warning"] != ""]["title"]
    return (
        f"{len(splits)} splits stand behind the published numbers, with {least:,} to {most:,} "
        f"training images; {len(seen)} of them carry a caveat, so accuracies from unlike splits "
        "are not to be ranked together."
    )


def part_frame(splits: pd.DataFrame) -> pd.DataFrame:
    """Returns one row for each split and part: `images`, from `start` to `end` of its bar.

    Where the test set serves as validation set, the two are one part.
    """
    rows: list[dict[str, Any]] = []
    for split in splits.to_dict("records"):
        shared = split["protocol"] == TEST_SEEN_PROTOCOL
        start = 0
        for part in ("training", BOTH) if shared else PARTS:
            images = split["test" if part == BOTH else part]
            row = {"title": split["title"], "part": part, "images": images}
            rows.append(row | {"start": start, "end": start + images})
            start += images
    frame = pd.DataFrame(rows)
    return frame.assign(middle=(frame["start"] + frame["end"]) / 2)


def split_chart(parts: pd.DataFrame) -> dict[str, Any]:
    """Returns one bar a split, cut into its parts."""
    x = {
        "field": "start",
        "type": "quantitative",
        "title": "Images",
        "scale": {"domain": [0, int(parts["end"].max())], "nice": False},
        "axis": {"format": ",d", "tickCount": 7},
    }
    y = {
        "field": "title",
        "type": "nominal",
        "sort": [protocol.title for protocol in PROTOCOLS.values()],
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "labelLimit": 220,
        },
    }
    color = {
        "field": "part",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [*PARTS, BOTH], "range": list(_COLORS)},
    }
    hover = [
        {"field": "title", "title": "Split"},
        {"field": "part", "title": "Part"},
        {"field": "images", "title": "Images", "format": ",d"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.7}, "cornerRadius": 2},
            "encoding": {"x": x, "x2": {"field": "end"}, "y": y, "color": color, "tooltip": hover},
        },
        {
            "mark": {"type": "text", "color": "#ffffff", "fontSize": 12},
            "encoding": {
                "x": {**x, "field": "middle"},
                "y": y,
                "text": {"field": "images", "type": "quantitative", "format": ",d"},
            },
        },
    ]
    return chart(layers, parts, height=_HEIGHT)


def step_frame() -> pd.DataFrame:
    """Returns the sources' own networks, one row for each unlike way to train them.

    An incomplete last batch counts, as it does in Keras and in our training.
    """
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for system in systems():
        if system.role != "own experiment" or not system.layers:
            continue
        row = _step_row(system)
        known = rows.setdefault(tuple(row.values()), row | {"names": []})
        known["names"].append(system.title)
    frame = pd.DataFrame(list(rows.values()))
    return frame.assign(networks=[", ".join(names) for names in frame["names"]]).drop(
        columns="names"
    )


def step_takeaway(steps: pd.DataFrame) -> str:
    """Returns in words how far apart the numbers of updates lie, and whether printed ones agree."""
    printed = steps[steps["published"].notna()]
    agree = int((printed["published"] == printed["batches"]).sum())
    fewest, most = int(steps["batches"].min()), int(steps["batches"].max())
    return (
        f"One epoch is **{fewest:,} to {most:,}** weight updates, depending on the source: equal "
        f"epochs are not equal training. Where a source prints its number of batches, ours "
        f"agrees in {agree} of {len(printed)}."
    )


def _step_row(system: System) -> dict[str, Any]:
    recipe = Recipe.from_dict(system.recipe)
    protocol = PROTOCOLS[recipe.protocol]
    images = round(protocol.train * recipe.train_fraction)
    batches = math.ceil(images / recipe.batch_size)
    return {
        "source": system.paper,
        "split": protocol.title,
        "images": images,
        "batch_size": recipe.batch_size,
        "basis": "stated" if "batch_size" in system.stated_recipe else "ours",
        "batches": batches,
        "last_batch": images - (batches - 1) * recipe.batch_size,
        "published": next(
            (int(one.value) for one in system.published if one.metric == "steps_per_epoch"), None
        ),
        "epochs": recipe.epochs,
        "updates": batches * recipe.epochs,
    }


def _range(least: int, most: int) -> str:
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
