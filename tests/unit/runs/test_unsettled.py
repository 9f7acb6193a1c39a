"""What is left of the first values of batch normalisation's averages when a training ends."""

from dataclasses import replace
from pathlib import Path

import pytest

from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_run
from fmnist_core.runs.summary import summarize_run
from fmnist_core.runs.unsettled import count_steps, kept_steps, momenta, unsettled_after
from tests.fixture_runs import FixtureRun, write_fixture_run

NORMALISED = "conv 8 3x3 relu\nbatchnorm\nflatten\ndense 10 softmax"
PLAIN = "flatten\ndense 10 softmax"


def test_the_last_batch_of_an_epoch_may_be_smaller() -> None:
    assert count_steps(1, 512, 512) == 1
    assert count_steps(3, 513, 512) == 6
    assert count_steps(0, 513, 512) == 0


def test_each_normalisation_has_its_momentum() -> None:
    assert momenta(PLAIN) == ()
    slow = NORMALISED.replace("batchnorm", "batchnorm\nbatchnorm momentum 0.9")
    assert momenta(slow) == (0.99, 0.9)
    assert momenta("of another version") == ()


def test_what_is_left_is_what_no_layer_has_forgotten() -> None:
    twice = NORMALISED.replace("batchnorm", "batchnorm\nbatchnorm")
    assert unsettled_after(NORMALISED, 0) == 1
    assert unsettled_after(NORMALISED, 100) == pytest.approx(0.99**100)
    assert unsettled_after(twice, 100) == pytest.approx(1 - (1 - 0.99**100) ** 2)
    assert unsettled_after(PLAIN, 0) == 0


def test_under_two_per_cent_is_settled() -> None:
    assert 0.99**389 > 0.02 > 0.99**390
    assert unsettled_after(NORMALISED, 389) == pytest.approx(0.99**389)
    assert unsettled_after(NORMALISED, 390) == 0


def test_a_list_of_runs_knows_of_it(tmp_path: Path) -> None:
    for number, architecture in enumerate(("awasthi_enhanced", "kadam_a1")):
        short = FixtureRun(number=number, architecture=architecture, epochs=1, planned=100)
        write_fixture_run(tmp_path, short)
    plain, normalised = sorted(list_runs(tmp_path).runs, key=lambda run: run.unsettled_share)
    run = read_run(tmp_path, normalised.run_id)
    assert run.architecture == "awasthi_enhanced"
    assert normalised.unsettled_share == unsettled_after(run.layers, kept_steps(run)) > 0
    assert plain.unsettled_share == 0
    assert summarize_run(replace(run, epochs=100), frozenset()).unsettled_share == 0
