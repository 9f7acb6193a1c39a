"""A reader's own sweeps, found among the runs."""

import dataclasses
from functools import partial
from pathlib import Path

import pytest

from fmnist_core.evaluation.compare import read_answers
from fmnist_core.evaluation.epoch_swing import read_seeds_from_epochs
from fmnist_core.evaluation.study.limits import limits
from fmnist_core.evaluation.study.result import study_result
from fmnist_core.evaluation.study.sweeps import every_result, sweeps
from fmnist_core.runs.delete import delete_run
from fmnist_core.runs.read import read_run, run_ids
from fmnist_core.runs.schema import Run
from fmnist_core.studies import Study
from tests.fixture_studies import setups, write_level_run


def readers(root: Path):
    return partial(read_answers, root), partial(read_seeds_from_epochs, root)


ASKS = setups("ablation", "awasthi_enhanced")["As published"]
OWN, OTHER = "flatten\ndense 10 softmax", "flatten\ndense 16 relu\ndense 10 softmax"


def write(root: Path, *settings: dict) -> None:
    for number, setting in enumerate(settings, 1 + len(run_ids(root))):
        changes = dict(setting)
        accuracy = changes.pop("accuracy", 0.9)
        write_level_run(root, changes.pop("asks", ASKS), accuracy, number=number, **changes)


def read_all(root: Path) -> list[Run]:
    return [read_run(root, run_id) for run_id in run_ids(root)]


def found(root: Path) -> list[Study]:
    return list(sweeps(read_all(root)))


def labels(study: Study) -> list[str]:
    return [level.label for level in study.series[0].levels]


def test_one_key_makes_a_sweep_against_the_sources_own_setting(tmp_path):
    write(tmp_path, {"learning_rate": 0.1}, {}, {"learning_rate": 1e-4})
    (study,) = found(tmp_path)
    assert study.own
    assert study.factors == ("learning_rate",)
    assert labels(study) == ["0.0001", "0.001", "0.1"]
    assert study.series[0].reference == "0.001"
    assert study.title == "Enhanced CNN (Awasthi & Soni): learning rate"


def test_seeds_alone_and_repeats_are_no_sweep(tmp_path):
    write(tmp_path, {"seed": 0}, {"seed": 1}, {"seed": 1}, {"threads": 1})
    assert found(tmp_path) == []


def test_a_quick_look_beside_a_full_training_is_no_sweep(tmp_path):
    write(tmp_path, {}, {"epochs": 3, "limit": 1000}, {"epochs": 3})
    assert found(tmp_path) == []


def test_two_keys_that_cross_are_one_table_and_not_four_rows(tmp_path):
    write(
        tmp_path,
        *(
            {"optimizer": optimizer, "learning_rate": rate}
            for optimizer in ("sgd", "adam")
            for rate in (0.1, 0.01)
        ),
    )
    (study,) = found(tmp_path)
    assert study.factors == ("optimizer", "learning_rate")
    assert study.is_grid
    assert labels(study) == ["adam · 0.01", "adam · 0.1", "sgd · 0.01", "sgd · 0.1"]


def test_keys_that_never_cross_stay_apart(tmp_path):
    write(tmp_path, {}, {"optimizer": "sgd"}, {"batch_size": 64})
    assert sorted(study.factors for study in found(tmp_path)) == [("batch_size",), ("optimizer",)]


def test_two_keys_changed_together_are_a_sweep_of_both(tmp_path):
    write(tmp_path, {}, {"optimizer": "sgd", "learning_rate": 0.1})
    (study,) = found(tmp_path)
    assert set(study.factors) == {"optimizer", "learning_rate"}


def test_an_optimizer_at_a_rate_of_its_own_stays_in_the_sweep(tmp_path):
    """SGD and Adam learn at other rates: beside RMSprop at Adam's, SGD is not dropped."""
    write(tmp_path, {"optimizer": "sgd", "learning_rate": 0.01}, {}, {"optimizer": "rmsprop"})
    (study,) = found(tmp_path)
    assert set(study.factors) == {"optimizer", "learning_rate"}
    assert labels(study) == ["adam · 0.001", "rmsprop · 0.001", "sgd · 0.01"]


def test_three_keys_are_no_sweep(tmp_path):
    write(tmp_path, {}, {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 64})
    assert found(tmp_path) == []


def test_sweeps_of_different_networks_or_lengths_stay_apart(tmp_path):
    write(
        tmp_path,
        {},
        {"optimizer": "sgd"},
        {"epochs": 3},
        {"epochs": 3, "optimizer": "sgd"},
        {"asks": setups("depth", "kadam")["2 convolutions"]},
    )
    full, quick = sorted(found(tmp_path), key=lambda study: len(study.title))
    assert full.title == "Enhanced CNN (Awasthi & Soni): optimizer"
    assert quick.title == "Enhanced CNN (Awasthi & Soni): optimizer (3 of 100 epochs)"
    assert full.id != quick.id
    results = every_result(read_all(tmp_path), *readers(tmp_path))
    (short,) = (result for result in results if result.study.id == quick.id)
    assert {one.reduced for one in short.levels} == {"3 of 100 epochs"}
    assert limits(short)[0].startswith(
        "Trained on a reduced budget: Enhanced CNN (Awasthi & Soni) (3 of 100 epochs)."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"early_stopping": 3}, "6 of 100 epochs"),
        ({"train_fraction": 0.25}, "12,000 of 48,000 images"),
        ({"train_fraction": 0.5, "limit": 1_000}, "1,000 of 48,000 images"),
        ({"epochs": 3, "limit": 1_000}, "3 of 100 epochs, 1,000 of 48,000 images"),
        ({"epochs": 200}, ""),
        ({"layers": OWN, "limit": 4_000}, "4,000 of 48,000 images"),
        ({"layers": OWN, "train_fraction": 0.5}, "24,000 of 48,000 images"),
        ({"layers": OWN, "epochs": 3, "early_stopping": 1}, ""),
    ],
    ids=str,
)
def test_a_sweep_of_short_trainings_says_so_wherever_a_number_stands(tmp_path, changes, words):
    write(tmp_path, *({"batch_size": size, **changes} for size in (64, 256, 512)))
    runs = read_all(tmp_path)
    if "layers" in changes:
        runs = [dataclasses.replace(run, architecture="custom") for run in runs]
    results = every_result(runs, *readers(tmp_path))
    (own,) = (result for result in results if result.study.own)
    assert {one.reduced for one in own.levels} == {words}
    assert {one.reduced for one in own.effects} == {(words, words)}
    assert own.study.title.endswith(f"({words})" if words else "batch size")
    assert limits(own)[0].startswith("Trained on a reduced budget") == bool(words)


def test_the_share_of_the_data_that_a_sweep_varies_is_no_shortening(tmp_path):
    write(tmp_path, *({"train_fraction": share} for share in (0.25, 0.5, 1.0)))
    results = every_result(read_all(tmp_path), *readers(tmp_path))
    (own,) = (result for result in results if result.study.own)
    assert {one.reduced for one in own.levels} == {""}


def test_sweeps_of_one_title_are_told_apart_by_what_is_held_fixed(tmp_path):
    optimizers = ("sgd", "adam")
    write(tmp_path, *({"optimizer": one} for one in optimizers))
    held = {"batch_size": 128, "augmentation": "flip"}
    write(tmp_path, *({"optimizer": one, **held} for one in optimizers))
    assert sorted(study.title for study in found(tmp_path)) == [
        "Enhanced CNN (Awasthi & Soni): optimizer, batch size 128, augmentation flip=0.5",
        "Enhanced CNN (Awasthi & Soni): optimizer, batch size 512, not augmented",
    ]


def test_sweeps_of_other_layers_under_one_name_are_told_apart(tmp_path):
    write(tmp_path, *({"optimizer": one, "layers": OWN} for one in ("sgd", "adam")))
    write(tmp_path, *({"optimizer": one, "layers": OTHER} for one in ("sgd", "adam")))
    runs = [
        dataclasses.replace(run, architecture="custom", name="Mine") for run in read_all(tmp_path)
    ]
    one, other = sweeps(runs)
    assert one.title == f"Mine: optimizer, {one.id[-6:]}"
    assert other.title == f"Mine: optimizer, {other.id[-6:]}"
    assert one.title != other.title


def test_numbers_stand_on_an_axis_in_their_order(tmp_path):
    write(tmp_path, {"batch_size": 128}, {"batch_size": 64}, {"batch_size": 512})
    (study,) = found(tmp_path)
    assert study.axis == "Images in a batch"
    assert [level.value for level in study.series[0].levels] == [64, 128, 512]


def test_values_that_agree_in_six_digits_are_levels_of_their_own(tmp_path):
    rates = (0.00020600061539343008, 0.000206001)
    write(
        tmp_path,
        {"learning_rate": rates[0], "accuracy": 0.9},
        {"learning_rate": rates[1], "accuracy": 0.8},
        {"learning_rate": 0.01},
    )
    runs = read_all(tmp_path)
    (study,) = sweeps(runs)
    assert labels(study) == ["0.00020600061539343008", "0.000206001", "0.01"]
    result = study_result(study, runs, lambda run_id: read_answers(tmp_path, run_id))
    assert [one.run_ids for one in result.levels[:2]] == [(runs[0].run_id,), (runs[1].run_id,)]
    assert len(result.effects) == 2


def test_a_sweep_keeps_its_id_when_another_run_joins(tmp_path):
    write(tmp_path, {}, {"optimizer": "sgd"})
    (before,) = found(tmp_path)
    write(tmp_path, {"optimizer": "lion"}, {"optimizer": "sgd", "seed": 3})
    (after,) = found(tmp_path)
    assert after.id == before.id
    assert labels(after) == ["adam", "lion", "sgd"]


def test_a_limit_that_leaves_no_image_out_is_no_other_length(tmp_path):
    write(
        tmp_path,
        {"batch_size": 64, "limit": 48_000},
        {"batch_size": 256},
        {"batch_size": 256, "seed": 1, "limit": 60_000},
    )
    runs = read_all(tmp_path)
    results = every_result(runs, *readers(tmp_path))
    (own,) = (result for result in results if result.study.own)
    assert [(one.label, len(one.runs)) for one in own.levels] == [("64", 1), ("256", 2)]


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": "of_tomorrow"},
        {"architecture": "of_tomorrow", "variant": "same"},
        {"variant": "of-tomorrow"},
        {"layers": "flatten\ndense 7 relu\ndense 10 softmax"},
        {"architecture": "svc"},
    ],
    ids=str,
)
def test_networks_that_this_catalogue_does_not_have_are_swept_by_their_layers(tmp_path, changes):
    write(tmp_path, {}, {"optimizer": "sgd"}, {"batch_size": 64}, {"batch_size": 256})
    runs = read_all(tmp_path)
    runs = [dataclasses.replace(run, **changes) for run in runs[:2]] + runs[2:]
    results = every_result(runs, *readers(tmp_path))
    own = {result.study.factors: result for result in results if result.study.own}
    assert set(own) == {("optimizer",), ("batch_size",)}
    assert [one.label for one in own["optimizer",].levels] == ["adam", "sgd"]
    for one, run in zip(own["optimizer",].levels, runs[:2], strict=True):
        assert one.run_ids == (run.run_id,)
        assert one.setup.layers == run.layers
        assert "train custom --layers - " in one.command
    assert len(own["optimizer",].effects) == 1


def test_a_run_that_was_deleted_meanwhile_is_left_out_and_named(tmp_path):
    write(tmp_path, {}, {"optimizer": "sgd"}, {"optimizer": "lion"})
    runs = read_all(tmp_path)
    delete_run(tmp_path, runs[2].run_id)
    results = every_result(runs, *readers(tmp_path))
    (own,) = (result for result in results if result.study.own)
    assert {one.label: len(one.runs) for one in own.levels} == {"adam": 1, "lion": 0, "sgd": 1}
    assert own.unreadable == ((runs[2].run_id, "it was deleted since the runs were listed."),)


def test_a_sweep_has_numbers_like_every_study(tmp_path):
    write(tmp_path, {"accuracy": 0.92}, {"optimizer": "sgd", "accuracy": 0.85})
    runs = read_all(tmp_path)
    (study,) = sweeps(runs)
    result = study_result(study, runs, lambda run_id: read_answers(tmp_path, run_id))
    (effect,) = result.effects
    assert (effect.level, effect.base) == ("sgd", "adam")
    assert effect.difference == pytest.approx(-0.07)


def test_what_a_study_of_the_files_shows_is_no_sweep_until_a_level_is_added(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    for number, label in enumerate(asks, 1):
        write_level_run(tmp_path, asks[label], 0.9, number=number)

    def own() -> list[Study]:
        runs = read_all(tmp_path)
        results = every_result(runs, *readers(tmp_path))
        return [result.study for result in results if result.study.own]

    assert own() == []
    write_level_run(tmp_path, asks["64"], 0.9, number=9, batch_size=256)
    (study,) = own()
    assert labels(study) == ["32", "64", "128", "256"]
