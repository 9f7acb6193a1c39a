"""Colours of numbers on the Learn page: one meaning each, legible on the light and dark page."""

from typing import Any

# Negative, zero, positive: apart under every kind of colour blindness, zero recedes.
NEGATIVE, ZERO, POSITIVE = "#4696ff", "#2a2e3a", "#ff9614"
DARKEST, LIGHTEST = "#000000", "#ffffff"
# Seen on black, on white and on both signs.
MARKED = "#e0218a"


def grey_scale(low: float, high: float) -> dict[str, Any]:
    """Returns a Vega-Lite scale from black to white, as the data set's images are."""
    return {"domain": [low, high], "range": [DARKEST, LIGHTEST], "clamp": True}


def signed_scale(largest: float) -> dict[str, Any]:
    """Returns a Vega-Lite scale from blue over dark grey to orange; equal on both sides of 0."""
    reach = largest or 1.0
    return {
        "domain": [-reach, 0, reach],
        "range": [NEGATIVE, ZERO, POSITIVE],
        "interpolate": "rgb",
        "clamp": True,
    }
