"""PCA of the pixels: how much each component holds, what it looks like, what an image is of them.

Components and reconstructions are pictures; a component has no light and dark of its own, so its
two directions are two colours.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.evaluation.pixel_pca import PixelPca
from fmnist_core.figures.pictures import AGAINST, FOR
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import LABEL_COLOR, chart

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

VARIANCE_COLUMNS = {
    "component": Column("Component", "integer", pinned=True),
    "share": Column("Variance (%)", "percent"),
    "cumulative": Column("Together (%)", "percent", "This component and all before it."),
}
_HEIGHT = 300
_BARS = 30
_LINE, _BAR = "#3f90da", "#e76300"


def variance_frame(pca: PixelPca) -> pd.DataFrame:
    """Returns one row a component: `component` from 1, `share` and `cumulative`, fractions."""
    shares = pca.explained_variance_ratio
    return pd.DataFrame(
        {
            "component": np.arange(1, len(shares) + 1),
            "share": shares,
            "cumulative": np.cumsum(shares),
        }
    )


def variance_takeaway(pca: PixelPca) -> str:
    """Returns what the first components hold, and how many 90 % take, in words."""
    shares = pca.explained_variance_ratio
    together = 100 * np.cumsum(shares)
    return (
        f"The first component holds **{100 * shares[0]:.2f} %** of what varies between the images, "
        f"the second **{100 * shares[1]:.2f} %**: two hold **{together[1]:.2f} %**, three "
        f"**{together[2]:.2f} %**, and 90 % take **{pca.components_for(0.9)}** of "
        f"{len(shares)}."
    )


def scree_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the bars of the first components of `variance_frame`."""
    first = frame.head(_BARS).assign(percent=lambda rows: 100 * rows["share"])
    encoding = {
        "x": {
            "field": "component",
            "type": "ordinal",
            "title": "Component",
            "axis": {"labelAngle": 0, "labelOverlap": True, "ticks": False, "domain": False},
        },
        "y": {
            "field": "percent",
            "type": "quantitative",
            "title": "Variance (%)",
            "stack": None,
            # Bars start at zero: their length is what is compared.
            "scale": {"domain": [0, float(first["percent"].max()) * 1.05], "nice": False},
        },
        "tooltip": [
            {"field": "component", "title": "Component"},
            {"field": "percent", "title": "Variance (%)", "format": ".2f"},
        ],
    }
    mark = {"type": "bar", "color": _BAR, "cornerRadiusEnd": 2}
    return chart([{"mark": mark, "encoding": encoding}], first, height=_HEIGHT)


def cumulative_chart(frame: pd.DataFrame, components: int) -> dict[str, Any]:
    """Returns the line of the variance that ever more components hold together.

    Args:
        components: how many are chosen; marked on the line.
    """
    rows = frame.assign(percent=lambda rows: 100 * rows["cumulative"])
    x = {
        "field": "component",
        "type": "quantitative",
        "title": "Components (logarithmic)",
        "scale": {"type": "log", "domain": [1, len(frame)], "nice": False},
        "axis": {"values": [1, 2, 3, 5, 10, 24, 43, 84, 187, 459, 784], "format": "d"},
    }
    y = {
        "field": "percent",
        "type": "quantitative",
        "title": "Together (%)",
        "scale": {"domain": [20, 100], "nice": False},
        "axis": {"values": [20, 40, 60, 80, 90, 95, 99], "labelOverlap": False},
    }
    tooltip = [
        {"field": "component", "title": "Components"},
        {"field": "percent", "title": "Together (%)", "format": ".2f"},
    ]
    place = {"x": x, "y": y, "tooltip": tooltip}
    chosen = {"filter": f"datum.component === {max(1, components)}"}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "color": _LINE, "strokeWidth": 2.5}, "encoding": place},
        {
            "transform": [chosen],
            "mark": {"type": "rule", "color": LABEL_COLOR, "strokeDash": [4, 4]},
            "encoding": {"x": x},
        },
        {
            "transform": [chosen],
            "mark": {"type": "point", "filled": True, "size": 110, "color": _BAR, "opacity": 1},
            "encoding": place,
        },
    ]
    return chart(layers, rows, height=_HEIGHT)


def component_picture(direction: Floats) -> Pixels:
    """Returns a component, (784,), as uint8 (28, 28, 3): orange adds, blue takes away, black is 0.

    Its largest entry has full colour.
    """
    square = direction.reshape(28, 28)
    strength = np.abs(square)[..., None] / (float(np.abs(square).max()) or 1.0)
    return (strength * np.where(square[..., None] > 0, FOR, AGAINST)).astype(np.uint8)


def grey_picture(values: Floats) -> Pixels:
    """Returns values from 0 to 1, what lies beyond cut off, as uint8 of the same shape."""
    return np.asarray(np.rint(255 * values.clip(0, 1)), np.uint8)


def reconstruction_words(image: Pixels, rebuilt: Floats, pca: PixelPca, components: int) -> str:
    """Returns how near a reconstruction comes to uint8 (28, 28), in words."""
    own = image / 255.0
    missing = float(np.square(own - rebuilt).mean())
    spread = float(np.square(own - pca.mean.reshape(28, 28)).mean())
    error = 255 * missing**0.5
    if not components:
        return (
            "No component: the mean of all training images. It is wrong by "
            f"**{error:.1f}** of 255 levels a pixel (root mean square)."
        )
    share = float(pca.explained_variance_ratio[:components].sum())
    noun = "component explains" if components == 1 else "components explain"
    kept = f"{100 * (1 - missing / spread):.1f} %" if spread else "all"
    return (
        f"**{components}** {noun} {100 * share:.1f} % of what varies between all images, and "
        f"**{kept}** of what sets this one apart from the mean: it is wrong by **{error:.1f}** "
        "of 255 levels a pixel (root mean square)."
    )
