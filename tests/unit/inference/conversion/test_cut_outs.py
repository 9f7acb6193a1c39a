"""A garment is cut out of grounds of many kinds, near its own lightness too."""

import numpy as np
import pytest

from fmnist_core.bench.cut_outs import as_picture, intersection_over_union
from fmnist_core.bench.example_photographs import photograph
from fmnist_core.inference.conversion.convert import convert


@pytest.mark.parametrize("ground", ["concrete", "linen", "rug", "bed before a floor"])
def test_a_garment_near_its_grounds_lightness_is_cut_out(ground):
    shown = [photograph("pullover", ground, "lighter than its ground", seed) for seed in range(4)]
    scores = [intersection_over_union(convert(as_picture(one.pixels)), one) for one in shown]
    assert np.median(scores) > 0.8
