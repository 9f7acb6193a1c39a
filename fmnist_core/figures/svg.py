"""Vega-Lite charts as SVG, for files that must open without a network and without scripts."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from fmnist_core.figures.theme import LABEL_COLOR, to_vega_lite

# Without the page's theme, Vega would write in black and on white.
_CONFIG = {
    "background": None,
    # The names of rows grow to the left where the reader's letters are wider than those measured.
    "padding": {"left": 70, "right": 5, "top": 5, "bottom": 5},
    "axis": {
        "labelColor": LABEL_COLOR,
        "titleColor": LABEL_COLOR,
        "domainColor": LABEL_COLOR,
        "tickColor": LABEL_COLOR,
        "gridColor": LABEL_COLOR,
        "gridOpacity": 0.25,
        "titleFontWeight": "normal",
    },
    "legend": {
        "labelColor": LABEL_COLOR,
        "titleColor": LABEL_COLOR,
        "orient": "bottom",
        "columnPadding": 40,  # the reader's letters may be wider than those measured
        "labelLimit": 300,
    },
    "view": {"stroke": None},
    "text": {"color": LABEL_COLOR},
}
# vl-convert carries a JavaScript engine that keeps 90 MB once it has run: not in this process.
_CHILD = """
import json, sys, vl_convert
charts = json.load(sys.stdin)
json.dump([vl_convert.vegalite_to_svg(chart, allowed_base_urls=[]) for chart in charts], sys.stdout)
"""
_MOST_SECONDS = 120


def to_svgs(charts: Sequence[dict[str, Any]], *, width: int) -> list[str]:
    """Returns the charts as SVG elements that read on light and on dark paper.

    Args:
        charts: specifications that carry their data, as `theme.chart` makes them.
        width: of the plots, pixels.
    """
    full = [json.loads(to_vega_lite(spec)) | {"width": width, "config": _CONFIG} for spec in charts]
    child = subprocess.run(  # noqa: S603 (our own lines)
        [sys.executable, "-c", _CHILD],
        input=json.dumps(full),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_MOST_SECONDS,
        check=True,
    )
    svgs: list[str] = json.loads(child.stdout)
    return svgs
