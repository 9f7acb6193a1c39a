"""Colours that stay, and that can be seen on both pages."""

import itertools
import math

import cv2
import numpy as np
import pytest

from fmnist_core.figures.palette import (
    CLASS_COLORS,
    LOW_TO_HIGH,
    architecture_color,
    run_colors,
)
from fmnist_core.papers import systems

WHITE, DARK = "#ffffff", "#10131f"


def linear(color: str) -> list[float]:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_architecture_is_visible_on_the_light_and_on_the_dark_page() -> None:
    """WCAG 1.4.11 asks 3:1 of what carries meaning."""
    for system in systems():
        for variation in range(9):
            color = architecture_color(system.id, variation)
            assert contrast(color, WHITE) >= 3, (system.id, color)
            assert contrast(color, DARK) >= 3, (system.id, color)


def test_no_two_architectures_share_a_colour() -> None:
    colors = [architecture_color(system.id) for system in systems()]
    assert len(set(colors)) == len(colors)


def test_an_architecture_outside_the_catalogue_has_a_colour_of_its_name() -> None:
    assert architecture_color("custom") == architecture_color("custom")
    assert architecture_color("custom") != architecture_color("my_net")


def test_seeds_of_one_architecture_are_thin_and_differ_in_lightness() -> None:
    colors, thin = run_colors(["a 0", "a 1", "b"], ["kadam_a1", "kadam_a1", "kadam_a2"])
    assert thin == ["a 0", "a 1"]
    assert len(set(colors.values())) == 3
    assert colors["a 0"] == architecture_color("kadam_a1")


def test_nine_runs_of_one_architecture_have_nine_colours() -> None:
    assert len({architecture_color("kadam_a1", variation) for variation in range(9)}) == 9


def test_the_ten_classes_have_ten_colours() -> None:
    assert all(one != other for one, other in itertools.combinations(CLASS_COLORS, 2))
    assert len(CLASS_COLORS) == 10


# Machado et al. 2009, severity 1: linear red, green and blue as seen without one kind of cone.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
FULL_SIGHT = np.eye(3).tolist()
# Of CIE 1976 colour difference; about 2 is just seen.
CLEARLY_APART = 5


def lab(color: str, sight: list[list[float]]) -> list[float]:
    seen = (np.array(sight) @ linear(color)).clip(0, 1).astype(np.float32)
    encoded = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    pixel = encoded.astype(np.float32).reshape(1, 1, 3)
    return [float(part) for part in cv2.cvtColor(pixel, cv2.COLOR_RGB2LAB)[0, 0]]


def test_the_scale_is_visible_on_the_light_and_on_the_dark_page() -> None:
    for color in LOW_TO_HIGH:
        assert contrast(color, WHITE) >= 3, color
        assert contrast(color, DARK) >= 3, color


@pytest.mark.parametrize("sight", [FULL_SIGHT, *BLINDNESS.values()], ids=["full", *BLINDNESS])
def test_the_steps_of_the_scale_stay_apart_and_in_order_for_every_sight(
    sight: list[list[float]],
) -> None:
    steps = [lab(color, sight) for color in LOW_TO_HIGH]
    for one, other in itertools.combinations(steps, 2):
        assert math.dist(one, other) > CLEARLY_APART
    way = np.subtract(steps[-1], steps[0])
    along = [float(np.dot(step, way)) for step in steps]
    assert along == sorted(along), "each lies further on the way from the lowest to the highest"
