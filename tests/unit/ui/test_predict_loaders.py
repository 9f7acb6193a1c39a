"""What the Predict page keeps of a picture, and what it does not."""

import pytest

from fmnist_core.inference.conversion.corrections import Corrections
from fmnist_core.inference.files import shrink
from fmnist_core.prediction.samples import sample_picture
from fmnist_core.ui.predict.loaders import Given, Seen, see


def test_a_picture_that_a_busy_machine_could_not_decode_is_read_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shrink, "_MOST_PIXELS_HERE", 0)  # it is treated as a large one
    given = Given("bag.png", sample_picture("bag"))
    monkeypatch.setattr(shrink, "_APART_SECONDS", 0.001)
    assert "Received: no end after" in str(see(given, Corrections()))
    monkeypatch.setattr(shrink, "_APART_SECONDS", 60.0)
    assert isinstance(see(given, Corrections()), Seen)
