"""`data describe`: the data set in numbers, for a script and for a reader."""

import argparse
import json

import pytest

from fmnist_core.cli import data
from fmnist_core.data import find_data


def describe(*, as_json: bool, measure: bool = False) -> int:
    return data.describe(argparse.Namespace(json=as_json, measure=measure))


def test_a_script_gets_every_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert describe(as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["parts"]["train"]["images"] == 60_000
    assert found["parts"]["train"]["per_class"] == [6_000] * 10
    assert found["parts"]["train"]["pixels"]["mean"] == pytest.approx(72.9404, abs=5e-5)
    assert sum(found["parts"]["test"]["sixteenths"]) == pytest.approx(1)
    assert found["copies"] == {"train": 0, "test": 0, "train_and_test": 0}
    assert found["splits"]["holdout-80-20"]["validation"] == [1_200] * 10
    assert found["classes"][7] == {
        "class": "Sneaker",
        "mean": pytest.approx(42.8, abs=0.05),
        "median_height": 13,
        "median_width": 28,
    }


def test_a_reader_gets_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert describe(as_json=False) == 0
    text = capsys.readouterr().out
    assert "72.9404" in text
    assert "Ankle boot" in text
    assert "exact copies: train 0, test 0, train_and_test 0" in text


@pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")
def test_measuring_anew_says_the_same_and_keeps_it(
    tmp_path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    describe(as_json=True)
    before = capsys.readouterr().out
    written = []
    monkeypatch.setattr(data, "write_statistics", written.append)
    assert describe(as_json=True, measure=True) == 0
    assert capsys.readouterr().out == before
    assert len(written) == 1
