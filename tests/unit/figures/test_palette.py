"""Colours that stay, and that can be seen on both pages."""

import itertools

from fmnist_core.figures.palette import CLASS_COLORS, architecture_color, run_colors
from fmnist_core.papers import systems

WHITE, DARK = "#ffffff", "#10131f"


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


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
