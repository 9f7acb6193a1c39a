"""What another seed does: curves of one recipe as mean and band, and the runs in a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.seeds import SeedGroup
from fmnist_core.figures.curves import CLOCKS, TRAINING, VALIDATION, Metric, value_domain
from fmnist_core.figures.leaderboard import COLUMNS
from fmnist_core.figures.run_lines import FOCUS, UNFOCUSED, run_chart, run_encoding
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped

_HEIGHT = 290
SEEDS_NOTE = (
    "Seeds and paired tests answer two questions: the spread of seeds is that of trainings which "
    "differ in nothing but the seed; a paired test asks what other test images would do to two "
    "trained networks. Neither number contains the other."
)
SEED_COLUMNS = {
    "label": Column("Recipe", pinned=True),
    "seeds": Column("Seeds", "integer"),
    "mean": Column("Mean test accuracy (%)", "percent"),
    "deviation": Column(
        "Standard deviation (points)", "decimal", "Between seeds, with n − 1 below the line."
    ),
    "lowest": Column("Lowest (%)", "percent"),
    "highest": Column("Highest (%)", "percent"),
    "protocol_title": COLUMNS["protocol_title"],
    "badges": COLUMNS["badges"],
    "each": Column("Seed: accuracy (%)", meaning="Every single run."),
}
BAND_COLUMNS = {
    "label": Column("Recipe", pinned=True),
    "kind": Column("Images"),
    "epoch": Column("Epoch", "integer"),
    "seeds": Column("Seeds", "integer"),
    "mean": Column("Mean", "decimal", digits=5),
    "deviation": Column("Standard deviation", "decimal", digits=5),
}


def several(groups: Sequence[SeedGroup]) -> list[SeedGroup]:
    """Returns the groups that hold more than one seed."""
    return [group for group in groups if len(group.seeds) > 1]


def group_names(groups: Sequence[SeedGroup], labels: Mapping[str, str]) -> dict[str, str]:
    """Returns run id -> the name of its group: the label of its first run without the seed."""
    return {
        run_id: _without_seed(labels[group.run_ids[0]], group.seeds[0])
        for group in groups
        for run_id in group.run_ids
    }


def _without_seed(label: str, seed: int) -> str:
    return label.replace(f" · seed {seed}", "")


def seed_table(
    groups: Sequence[SeedGroup], names: Mapping[str, str], runs: pd.DataFrame
) -> pd.DataFrame:
    """Returns one row for each recipe of more than one seed: by split, the highest mean first.

    Args:
        groups: `seed_groups` of the runs.
        names: `group_names`.
        runs: `leaderboard_frame` rows of the runs.
    """
    known = runs.set_index("run_id")[["protocol", "protocol_title", "badges"]].to_dict("index")
    place = {name: place for place, name in enumerate(PROTOCOLS)}

    def rank(group: SeedGroup) -> tuple[int, float]:
        protocol = known[group.run_ids[0]]["protocol"]
        return place.get(protocol, len(place)), -group.mean

    rows = [
        {
            "label": names[group.run_ids[0]],
            "seeds": len(group.seeds),
            "mean": group.mean,
            "deviation": 100 * group.deviation if group.deviation is not None else None,
            "lowest": min(group.accuracies),
            "highest": max(group.accuracies),
            "protocol_title": known[group.run_ids[0]]["protocol_title"],
            "badges": known[group.run_ids[0]]["badges"],
            "each": ", ".join(
                f"{seed}: {100 * accuracy:.2f}"
                for seed, accuracy in zip(group.seeds, group.accuracies, strict=True)
            ),
        }
        for group in sorted(several(groups), key=rank)
    ]
    return pd.DataFrame(rows, columns=list(SEED_COLUMNS))


def band_frame(long: pd.DataFrame, names: Mapping[str, str], clock: str) -> pd.DataFrame:
    """Returns one row for each recipe, kind of images and epoch: mean and deviation over seeds.

    An epoch that only one seed reached has no deviation.

    Args:
        long: `long_curves` of the runs of one or more groups.
        names: run id -> name of its group.
        clock: what the x axis shows; seeds differ in it, so its mean stands for all.
    """
    grouped = long.assign(group=long["run_id"].map(names)).groupby(
        ["group", "kind", "epoch"], sort=False
    )
    frame = grouped.agg(
        x=(clock, "mean"),
        seeds=("run_id", "nunique"),
        mean=("smoothed", "mean"),
        deviation=("smoothed", "std"),
    ).reset_index()
    spread = frame["deviation"].fillna(0.0)
    return frame.rename(columns={"group": "label"}).assign(
        low=frame["mean"] - spread, high=frame["mean"] + spread
    )


def band_chart(
    bands: pd.DataFrame,
    long: pd.DataFrame,
    metric: Metric,
    clock: str,
    colors: Mapping[str, str],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """Returns the mean of each recipe with a band of one standard deviation, seeds as thin lines.

    Args:
        bands: `band_frame`.
        long: the single runs, as `long_curves` gives them.
        metric, clock: what stands on the axes.
        colors: name of a group -> its colour.
        names: run id -> name of its group.
    """
    color, _ = run_encoding(colors)
    unit = " (%)" if metric.percent else ""
    x = {
        "field": "x",
        "type": "quantitative",
        "title": CLOCKS[clock].title,
        "scale": {"domain": [float(bands["x"].min()), float(bands["x"].max())], "nice": False},
        "axis": {"format": CLOCKS[clock].format, "tickMinStep": 1},
    }
    y = {
        "field": "mean",
        "type": "quantitative",
        "title": f"{metric.title}{unit}",
        "scale": {"domain": value_domain(long, metric, whole_range=False), "nice": False},
    }
    dash = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [VALIDATION, TRAINING], "range": [[1, 0], [5, 4]]},
        "legend": {"orient": "top", "symbolType": "stroke", "symbolSize": 400},
    }
    shared = {"x": x, "color": color, "strokeDash": dash, "detail": [{"field": "kind"}]}
    singles = long.assign(x=long[clock], label=long["run_id"].map(names), mean=long["smoothed"])
    tooltip = [
        {"field": "label", "title": "Recipe"},
        {"field": "kind", "title": "Images"},
        {"field": "epoch", "title": "Epoch"},
        {"field": "seeds", "title": "Seeds"},
        {"field": "mean", "title": f"Mean {metric.title.lower()}", "format": ".4~g"},
        {"field": "deviation", "title": "Standard deviation", "format": ".3~g"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "area", "clip": True},
            "encoding": {
                **{name: shared[name] for name in ("x", "color", "detail")},
                "y": {**y, "field": "low"},
                "y2": {"field": "high"},
                "opacity": {"condition": {"param": "focus", "value": 0.22}, "value": 0.03},
            },
        },
        {
            "data": {
                "values": singles[["x", "label", "kind", "run_id", "mean"]].to_dict("records")
            },
            "mark": {"type": "line", "strokeWidth": 0.8, "clip": True},
            "encoding": {
                **shared,
                "y": y,
                "detail": [{"field": "kind"}, {"field": "run_id"}],
                "opacity": {"condition": {"param": "focus", "value": 0.5}, "value": 0.05},
            },
        },
        {
            "params": [FOCUS],
            "mark": {"type": "line", "strokeWidth": 2.6, "clip": True},
            "encoding": {**shared, "y": y, "opacity": UNFOCUSED},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 40, "opacity": 0.01, "clip": True},
            "encoding": {"x": x, "y": y, "color": color, "tooltip": tooltip},
        },
    ]
    return run_chart(layers, bands, height=_HEIGHT)


def band_takeaway(bands: pd.DataFrame, metric: Metric) -> str:
    """Returns how wide the band is at the last epoch that all seeds reached."""
    kind = VALIDATION if (bands["kind"] == VALIDATION).any() else TRAINING
    known = bands[(bands["kind"] == kind) & bands["deviation"].notna()]
    if known.empty:
        return "No epoch was reached by two seeds, so there is no band."
    last = known.groupby("label", sort=False).tail(1)
    unit = " points" if metric.percent else ""
    parts = [
        f"**{escaped(row['label'])}** {row['mean']:.4g} ± {row['deviation']:.2g}{unit}"
        for row in last.to_dict("records")
    ]
    more = f" and {len(parts) - 3} more" if len(parts) > 3 else ""
    return f"{kind} {metric.title.lower()} at the end, over seeds: {'; '.join(parts[:3])}{more}."
