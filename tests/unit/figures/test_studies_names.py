"""Names of effects in the chart of all studies: each where it covers nothing, or nowhere."""

import pandas as pd

from fmnist_core.figures.studies.names import name_sides

# 11.5 pixels for a point of accuracy.
LINEAR = {"domain": [-20, 20]}
BENT = {"type": "symlog", "constant": 1, "domain": [-80, 3]}


def sides(*effects, scale=LINEAR, wanted=None):
    """Each effect: points, half its interval, its name, and its place in the row."""
    frame = pd.DataFrame(
        [
            {
                "study": "Optimizers",
                "level": name,
                "points": points,
                "from_": points - half,
                "to": points + half,
                "level_place": place,
            }
            for points, half, name, place in effects
        ]
    )
    return name_sides(frame, scale, pd.Series([True] * len(frame) if wanted is None else wanted))


def test_a_name_stands_outwards_of_its_interval():
    assert sides((-10, 1, "SGD", 0), (10, 1, "Nadam", 0)) == ["left", "right"]
    assert sides((-20, 2, "SGD", 0), scale=BENT) == ["left"]


def test_at_the_end_of_the_axis_it_stands_inwards():
    assert sides((-18, 1, "Adadelta", 0), (18, 1, "Adagrad", 0)) == ["right", "left"]
    assert sides((-77, 1, "Adadelta", 0), scale=BENT) == ["right"]


def test_a_name_covers_no_other_name():
    close = [(-10, 0.5, "Adagrad", -0.1), (-12.9, 0.5, "SGD", 0.3)]
    assert sides(close[0]) == sides(close[1]) == ["left"]
    assert sides(*close) == ["right", "left"]  # the first would cover the second's point
    assert sides((-9, 0.5, "Adagrad", 0), (-9, 0.5, "SGD", 0.3)) == ["left", "right"]


def test_a_name_covers_no_interval_even_of_an_effect_without_a_name():
    beside = (-14, 2, "RMSprop", 0.1)
    assert sides((-10, 1, "Adagrad", 0), beside, wanted=[True, False]) == ["right", ""]
    # The same line, but in another place of the row.
    beside = (-14, 2, "RMSprop", 0.9)
    assert sides((-10, 1, "Adagrad", 0), beside, wanted=[True, False]) == ["left", ""]


def test_a_name_does_not_cross_the_line_of_zero():
    assert sides((2, 0.5, "A name as long as this one is", 0)) == ["right"]
    inwards = (14, 2, "A name as long as this one is", 0)
    assert sides(inwards) == [""]


def test_where_no_side_has_room_there_is_no_name():
    crowd = [(-10, 1, "Adagrad", 0), (-14, 2, "SGD", 0), (-6, 2, "RMSprop", 0)]
    assert sides(*crowd, wanted=[True, False, False]) == ["", "", ""]
