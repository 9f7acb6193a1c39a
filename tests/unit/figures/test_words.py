"""Names and messages as text."""

from fmnist_core.figures.words import short_names


def test_names_are_shortened_only_where_they_stay_apart() -> None:
    names = short_names({"x": "Net, two layers (S)", "y": "Net, three layers (S)", "z": "Z, (S)"})
    assert names["x"] == "Net, two layers (S)"
    assert names["y"] == "Net, three layers (S)"
    assert names["z"] == "Z (S)"
