"""Charts drawn as the page draws them, for tests that measure what came out."""

import json
import re
from typing import Any

import vl_convert

from fmnist_core.figures.theme import to_vega_lite


def drawn_svg(spec: dict[str, Any], plot: int) -> str:
    """Returns a `theme.chart` as SVG around a plot of this width in pixels."""
    drawn = json.loads(to_vega_lite(spec)) | {"width": plot}
    drawn["config"]["legend"]["labelFontSize"] = 14  # as the page has it
    return str(vl_convert.vegalite_to_svg(drawn))


def drawn_size(spec: dict[str, Any], plot: int) -> tuple[float, float]:
    """Returns width and height of a `theme.chart` around a plot of this width, all in pixels."""
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawn_svg(spec, plot))
    assert size
    return float(size[1]), float(size[2])
