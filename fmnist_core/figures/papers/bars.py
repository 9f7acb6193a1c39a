"""What became of the published numbers, source by source, as one bar each."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import pandas as pd

from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.evaluation.ledger.sentences import count_is, half_width
from fmnist_core.evaluation.ledger.verdicts import VerdictWord
from fmnist_core.figures.palette import CLASS_COLORS
from fmnist_core.figures.papers.rows import VERDICTS, source_words, verdict_counts
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart, growing, wrapped_legend
from fmnist_core.papers import papers
from fmnist_core.papers.schema import METRICS

# Blue for yes, orange for no: kept apart by every kind of colour vision.
VERDICT_COLORS: dict[VerdictWord, str] = {
    "reproduced": CLASS_COLORS[0],
    "not reproduced": CLASS_COLORS[6],
    "not reproducible": CLASS_COLORS[4],
    "reconstruction only": CLASS_COLORS[7],
    "not judged": CLASS_COLORS[9],
    "not measured": "#c3c6cf",
}
BAR_COLUMNS = {
    "source": Column("Source", pinned=True),
    "verdict": Column("Verdict"),
    "numbers": Column("Published numbers", "integer"),
    "share": Column("Share (%)", "percent", digits=1),
}


def bars_frame(rows: Sequence[LedgerRow]) -> pd.DataFrame:
    """Returns how many numbers of each source have each verdict; those nobody has are left out."""
    records = []
    for paper in papers():
        counts = verdict_counts(row for row in rows if row.source == paper.id)
        total = sum(counts.values())
        records += [
            {
                "source": source_words(paper.id),
                "verdict": VERDICTS[word],
                "order": place,
                "numbers": count,
                "share": count / total,
            }
            for place, (word, count) in enumerate(counts.items())
            if count
        ]
    return pd.DataFrame(records, columns=[*BAR_COLUMNS, "order"])


def bars_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the bars of `bars_frame`, in the order of the sources."""
    present = [word for word, title in VERDICTS.items() if (frame["verdict"] == title).any()]
    titles = [VERDICTS[word] for word in present]
    y = {
        "field": "source",
        "type": "nominal",
        "title": None,
        "sort": list(dict.fromkeys(frame["source"])),
        "axis": {"labelLimit": 190, "labelOverlap": False, "ticks": False, "domain": False},
    }
    x = {
        "field": "numbers",
        "type": "quantitative",
        "title": "Published numbers",
        "axis": {"tickMinStep": 1},
        # Without it, Vega complains of an empty axis while the numbers are on their way.
        "scale": {"domain": [0, int(frame.groupby("source")["numbers"].sum().max())]},
    }
    color = {
        "field": "verdict",
        "type": "nominal",
        "title": None,
        "scale": {
            "domain": titles,
            "range": [VERDICT_COLORS[word] for word in present],
        },
        "legend": wrapped_legend(titles, most=6) | {"symbolType": "square"},
    }
    bars = {
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "x": x,
            "y": y,
            "color": color,
            "order": {"field": "order", "type": "quantitative"},
            "tooltip": [
                {"field": "source", "title": "Source"},
                {"field": "verdict", "title": "Verdict"},
                {"field": "numbers", "title": "Published numbers"},
                {"field": "share", "title": "Share", "format": ".1%"},
            ],
        },
    }
    return growing(chart([bars], frame, height=25 * frame["source"].nunique()))


def bars_takeaway(rows: Sequence[LedgerRow]) -> str:
    """Returns the counts in a sentence, and how many of the judged numbers were reproduced."""
    counts = verdict_counts(rows)
    total, judged = sum(counts.values()), counts["reproduced"] + counts["not reproduced"]
    silent = sum(row.published is None for row in rows)
    beside = sum(row.published is not None and row.measured is not None for row in rows)
    text = f"**{total:,}** numbers are published; "
    has, it = ("has", "it") if beside == 1 else ("have", "them")
    text += f"**{beside:,}** {has} one of ours beside {it}."
    if judged:
        good = count_is(counts["reproduced"])
        text += f" Of {judged} that the rules can judge, {good} reproduced."
    if silent:
        networks = "network has" if silent == 1 else "networks have"
        text += f" {silent} {networks} no published number on these images."
    return text


def bars_caveat(rows: Sequence[LedgerRow]) -> str:
    """Returns how little a wide interval asks of a number; empty if no fraction is reproduced."""
    halves = [
        half_width(row)
        for row in rows
        if row.verdict == "reproduced" and METRICS[row.metric][1] == "fraction"
    ]
    if not halves:
        return ""
    return (
        "Reproduced is what one more run here could give, and no more: a network that swings from "
        "seed to seed could give much. The intervals of the reproduced fractions reach "
        f"±{min(halves):.1f} to ±{max(halves):.1f} points, ±{median(halves):.1f} in the median."
    )
