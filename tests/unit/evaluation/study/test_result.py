"""Studies over runs: what matches a level, at which length, and what is said of it."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from fmnist_core.errors import RunError
from fmnist_core.evaluation.compare import read_answers
from fmnist_core.evaluation.seed_spread import SeedSpread
from fmnist_core.evaluation.study.limits import limits
from fmnist_core.evaluation.study.result import StudyResult, study_result
from fmnist_core.evaluation.study.sentences import conclusions, effect_sentence, headline
from fmnist_core.runs.read import read_run, run_ids
from fmnist_core.studies import read_studies
from tests.fixture_studies import setups, write_level_run


def result_of(root: Path, study_id: str) -> StudyResult:
    study = next(study for study in read_studies() if study.id == study_id)
    runs = [read_run(root, run_id) for run_id in run_ids(root)]
    return study_result(study, runs, lambda run_id: read_answers(root, run_id))


def level(result: StudyResult, label: str):
    return next(one for one in result.levels if one.level.label == label)


def test_without_runs_nothing_is_said_and_every_level_names_its_command(tmp_path):
    for study in read_studies():
        result = study_result(study, [], lambda _: pytest.fail("nothing to read"))
        assert result.effects == ()
        assert all(one.command.startswith(("python -m", "printf")) for one in result.levels)
        assert headline(result) == "nothing to compare yet"
        assert all("none of" in sentence for sentence in conclusions(result))
        assert limits(result) == []


def test_a_level_takes_every_seed_and_of_one_seed_the_newest(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    write_level_run(tmp_path, asks["64"], 0.90, number=1, seed=0)
    newest = write_level_run(tmp_path, asks["64"], 0.91, number=2, seed=0)
    other = write_level_run(tmp_path, asks["64"], 0.93, number=3, seed=1)
    one = level(result_of(tmp_path, "batch_size"), "64")
    assert one.run_ids == (newest, other)
    assert one.accuracy == pytest.approx(0.92)
    assert one.seed_deviation == pytest.approx(0.0141421, abs=1e-6)
    assert len(one.matching) == 3


def test_a_single_training_whose_last_epochs_swing_is_no_evidence_of_an_effect(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    for seed, accuracy in enumerate((0.900, 0.901, 0.902)):
        write_level_run(tmp_path, asks["64"], accuracy, number=1 + seed, seed=seed)
    alone = write_level_run(tmp_path, asks["128"], 0.93, number=9)
    (study,) = (one for one in read_studies() if one.id == "batch_size")
    runs = [read_run(tmp_path, run_id) for run_id in run_ids(tmp_path)]
    asked = []

    def swing(run_id: str) -> SeedSpread:
        asked.append(run_id)
        return SeedSpread(0.05, 8)

    read = partial(read_answers, tmp_path)
    (calm,) = study_result(study, runs, read).effects
    swinging = study_result(study, runs, read, swing)
    assert calm.separated
    assert not swinging.effects[0].separated
    assert swinging.effects[0].difference == calm.difference
    assert asked == [alone]  # seeds tell of the other level
    (said,) = (text for text in limits(swinging) if "Seeds alone" in text)
    assert "swung from epoch to epoch at their end are taken to move further" in said
    assert "do: 128 (5.00 points)." in said
    assert "epoch to epoch" not in " ".join(limits(study_result(study, runs, read)))


def test_a_limit_that_leaves_no_image_out_is_no_other_length(tmp_path):
    asks = setups("ablation", "awasthi_enhanced")
    without = "Without dropout"
    write_level_run(tmp_path, asks["As published"], 0.90, number=1)
    write_level_run(tmp_path, asks[without], 0.91, number=2, limit=60_000)
    result = result_of(tmp_path, "ablation")
    assert [one.label for one in result.levels if one.runs] == ["As published", without]


def test_own_layers_count_by_their_text_and_recipe_whatever_the_run_is_called(tmp_path):
    asks = setups("activation_optimizer", "kadam_a1")
    spelled = "flatten\n\ndense 128 tanh   # hidden\ndense 10 softmax"
    run_id = write_level_run(tmp_path, asks["Tanh with SGD"], 0.85, number=1, layers=spelled)
    result = result_of(tmp_path, "activation_optimizer")
    assert run_id.startswith("custom-")
    assert level(result, "Tanh with SGD").run_ids == (run_id,)
    assert level(result, "Tanh with Adam").run_ids == ()


def test_another_setting_does_not_count(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    write_level_run(tmp_path, asks["64"], 0.9, number=1, learning_rate=0.1)
    write_level_run(tmp_path, asks["64"], 0.9, number=2, augmentation="")
    assert all(not one.matching for one in result_of(tmp_path, "batch_size").levels)


def test_a_short_training_never_stands_beside_full_ones(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    write_level_run(tmp_path, asks["64"], 0.9, number=1)
    write_level_run(tmp_path, asks["32"], 0.9, number=2)
    quick = write_level_run(tmp_path, asks["128"], 0.5, number=3, epochs=3, limit=1000)
    result = result_of(tmp_path, "batch_size")
    assert level(result, "128").runs == ()
    assert level(result, "128").matching == (quick,)
    assert [one.level for one in result.effects] == ["32"]
    assert "1 of 3 levels is trained at another length only (128): nothing is said of it." in (
        limits(result)
    )


def test_levels_of_another_length_are_told_from_those_that_were_never_trained(tmp_path):
    asks = setups("depth", "mcnn")
    for number, label in enumerate(("MCNN12", "MCNN15"), 1):
        write_level_run(tmp_path, asks[label], 0.9, number=number, epochs=2)
    write_level_run(tmp_path, asks["MCNN9"], 0.9, number=3, epochs=3)
    result = result_of(tmp_path, "depth")
    said = [text for text in limits(result) if "nothing is said" in text]
    assert said == [
        "1 of 7 levels is trained at another length only (MCNN: MCNN9): nothing is said of it.",
        "4 of 7 levels are not trained yet (Kadam et al., 2 to 4: all; MCNN: MCNN18): nothing is "
        "said of them.",
    ]


def test_levels_of_one_reduced_budget_are_compared_and_labelled(tmp_path):
    asks = setups("data_share", "chen_capsnet")
    for number, (label, accuracy) in enumerate((("25 %", 0.86), ("50 %", 0.90)), 1):
        write_level_run(tmp_path, asks[label], accuracy, number=number, epochs=4)
    result = result_of(tmp_path, "data_share")
    (found,) = result.effects
    assert (found.level, found.base, found.also_differs) == ("50 %", "25 %", ())
    assert level(result, "25 %").label == "25 %"  # of the CNN, which has no run
    shown = [one.label for one in result.levels if one.runs]
    assert shown == ["25 % (4 of 20 epochs)", "50 % (4 of 20 epochs)"]
    assert any("reduced budget: CapsNet (4 of 20 epochs)" in text for text in limits(result))
    marked = "50 % (4 of 20 epochs) +4.00 points against 25 % (4 of 20 epochs)"
    assert marked in headline(result)
    assert effect_sentence(found).startswith("50 % (4 of 20 epochs) against 25 % (4 of 20 ep")
    assert any("25 % (4 of 20 epochs) to 50 % (4 of" in text for text in conclusions(result))


def test_unlike_reduced_budgets_are_shown_and_said_to_be_unlike(tmp_path):
    asks = setups("depth", "mcnn")
    write_level_run(tmp_path, asks["MCNN9"], 0.85, number=1, epochs=3, limit=24_000)
    write_level_run(tmp_path, asks["MCNN12"], 0.90, number=2, epochs=4)
    result = result_of(tmp_path, "depth")
    (found,) = result.effects
    assert "epochs (4 and 3)" in found.also_differs
    assert "training images taken (all 60,000 and 24,000 of 60,000)" in found.also_differs
    assert any("not the work of one factor" in text for text in conclusions(result))
    assert level(result, "MCNN9").reduced == "3 of 50 epochs, 24,000 of 60,000 images"
    assert any("kept the epoch that was best on them" in text for text in limits(result))


def test_depth_that_changes_with_poolings_and_parameters_is_not_called_a_gain_or_a_loss(tmp_path):
    asks = setups("depth", "kadam")
    for number, (label, value) in enumerate(zip(asks, (0.92, 0.915, 0.85), strict=True), 1):
        write_level_run(tmp_path, asks[label], value, number=number)
    result = result_of(tmp_path, "depth")
    causes = {one.level: one.also_differs for one in result.effects}
    assert causes["3 convolutions"][0] == "poolings (2 and 1)"
    assert causes["3 convolutions"][-1] == "parameters (136,330 and 607,306)"
    assert "parameters (54,474 and 136,330)" in causes["4 convolutions"]
    said = conclusions(result)
    assert "a loss" not in said[0]
    assert "6.50 points" in said[0]
    assert "which has a second cause" in said[0]
    assert said[-1].startswith(
        "Kadam et al., 2 to 4: 4 convolutions and 3 convolutions also differ in poolings"
    )
    assert headline(result) == "each of 2 effects has a second cause"


def test_a_share_too_small_for_its_batch_normalisation_is_no_effect_of_the_share(tmp_path):
    asks = setups("data_share", "chen_densenet")
    quarter = write_level_run(tmp_path, asks["25 %"], 0.10, number=1, epochs=3)
    write_level_run(tmp_path, asks["100 %"], 0.88, number=2, epochs=6)
    result = result_of(tmp_path, "data_share")
    (found,) = result.effects
    averages = "running averages of batch normalisation (settled and 91 % unsettled)"
    assert averages in found.also_differs
    said = conclusions(result)
    assert "+78.00 points" in said[2]
    assert "which has a second cause" in said[2]
    assert f"DenseNet: 100 % and 25 % also differ in epochs (6 and 3) and {averages}" in said[-1]
    (note,) = [text for text in limits(result) if "little about the network" in text]
    assert note.startswith("The training of DenseNet, 25 % (3 of 20 epochs) ended while")
    assert read_run(tmp_path, quarter).images.train == 12_000


def test_effects_with_a_second_cause_are_counted_apart(tmp_path):
    asks = setups("regularisation", "ajani_cnn")
    for number, label in enumerate(asks, 1):
        write_level_run(tmp_path, asks[label], 0.8 + number / 40, number=number)
    result = result_of(tmp_path, "regularisation")
    said = headline(result)
    assert said.startswith(
        "2 of 2 effects are more than the choice of test images explains; the largest: "
    )
    assert "Doubled convolutions" not in said
    assert said.endswith("; 1 more has a second cause")
    sentence = effect_sentence(next(one for one in result.effects if one.confounded))
    assert sentence.endswith("; they also differ in epochs (20 and 10)")


def test_an_effect_against_a_reference_with_a_second_cause_is_not_called_worse(tmp_path):
    asks = setups("augmentation", "ajani_mlp")
    write_level_run(tmp_path, asks["Not augmented"], 0.9, number=1, epochs=9)
    write_level_run(tmp_path, asks["Rotation, shift and zoom"], 0.8, number=2, epochs=4)
    said = conclusions(result_of(tmp_path, "augmentation"))
    assert "differs by more than the choice of test images explains, with a second" in said[0]
    assert "worse" not in said[0]


def test_a_second_cause_in_a_published_ladder_is_named(tmp_path):
    asks = setups("regularisation", "ajani_cnn")
    for number, label in enumerate(asks, 1):
        write_level_run(tmp_path, asks[label], 0.9 + number / 100, number=number)
    result = result_of(tmp_path, "regularisation")
    causes = {one.level: one.also_differs for one in result.effects}
    assert causes["Doubled convolutions (6)"] == ("epochs (20 and 10)",)
    assert causes["Batch normalisation (4-B)"] == ()


def test_each_step_is_compared_with_the_nearest_level_before_it_that_is_there(tmp_path):
    asks = setups("regularisation", "henrique")
    write_level_run(tmp_path, asks["No dropout"], 0.90, number=1)
    write_level_run(tmp_path, asks["Dropout 3"], 0.93, number=2)
    (found,) = result_of(tmp_path, "regularisation").effects
    assert (found.level, found.base) == ("Dropout 3", "No dropout")


def test_conclusions_follow_the_numbers(tmp_path):
    asks = setups("optimizers", "ajani_m6")
    accuracy = {"Adam": 0.93, "Adadelta": 0.73, "Nadam": 0.932, "Adamax": 0.96}
    for number, (label, value) in enumerate(accuracy.items(), 1):
        write_level_run(tmp_path, asks[label], value, number=number)
    result = result_of(tmp_path, "optimizers")
    sentence = conclusions(result)[0]
    assert sentence.startswith("Model 6: against Adam (93.00 %), Adamax (+3.00) is better")
    assert "Adadelta (-20.00) is worse by more than the choice of test images expl" in sentence
    assert "Nadam cannot be told from it" in sentence
    assert headline(result).startswith("2 of 3 effects are more than the choice of test images")
    assert "Adadelta -20.00 points against Adam" in headline(result)
    texts = " ".join(limits(result))
    assert "Each of the 4 trained levels has one seed. The intervals hold" in texts
    assert "used their test images for validation" in texts
    assert "the 3 comparisons" in texts


def test_a_missing_reference_is_named_and_nothing_is_concluded(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    for number, label in enumerate(("32", "128"), 1):
        write_level_run(tmp_path, asks[label], 0.9, number=number)
    result = result_of(tmp_path, "batch_size")
    assert result.effects == ()
    assert conclusions(result) == [
        "Nothing can be compared yet: 64, which 32 and 128 would be compared with, has no run of "
        "their length."
    ]


def test_an_effect_that_seeds_could_turn_round_is_named(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    runs = {("64", 0): 0.90, ("64", 1): 0.93, ("32", 0): 0.94, ("32", 1): 0.93}
    for number, ((label, seed), value) in enumerate(runs.items(), 1):
        write_level_run(tmp_path, asks[label], value, number=number, seed=seed)
    result = result_of(tmp_path, "batch_size")
    (found,) = result.effects
    assert found.p_images < 0.05
    assert not found.separated
    assert found.difference == pytest.approx(0.02)
    assert found.seed_differences == pytest.approx((0.04, 0.0))
    texts = " ".join(limits(result))
    assert "32 against 64: the test images tell these trainings apart, but other seeds" in texts
    assert "Seeds alone move a level by 0.71 to 2.12 points" in texts
    assert "1.58 points for every level alike" in texts
    assert headline(result) == "the one effect is not more than chance explains"


def test_in_a_study_of_several_networks_such_an_effect_names_its_own(tmp_path):
    runs = {("64", 0): 0.90, ("64", 1): 0.93, ("32", 0): 0.94, ("32", 1): 0.93}
    asks = setups("batch_size", "s003_enhanced")
    for number, ((label, seed), value) in enumerate(runs.items(), 1):
        write_level_run(tmp_path, asks[label], value, number=number, seed=seed)
    study = next(study for study in read_studies() if study.id == "batch_size")
    (series,) = study.series
    two = replace(study, series=(series, replace(series, id="other", title="Another network")))
    records = [read_run(tmp_path, run_id) for run_id in run_ids(tmp_path)]
    result = study_result(two, records, lambda run_id: read_answers(tmp_path, run_id))
    texts = " ".join(limits(result))
    assert f"{series.title}, 32 against 64" in texts
    assert "Another network, 32 against 64" in texts


def test_what_the_images_do_not_tell_apart_either_is_not_laid_to_seeds(tmp_path):
    asks = setups("regularisation", "ajani_cnn")
    for number, label in enumerate(asks, 1):
        for seed in (0, 1):
            value = 0.9 + 0.02 * seed * (number == 1)
            write_level_run(tmp_path, asks[label], value, number=9 * seed + number, seed=seed)
    result = result_of(tmp_path, "regularisation")
    assert not any(one.separated for one in result.effects)
    small = tuple(replace(one, p_images=0.04) for one in result.effects)
    assert len(small) == 3
    for p, said in ((0.04, False), (0.01, True)):
        effects = tuple(replace(one, p_images=p) for one in result.effects)
        parts = tuple(
            replace(part, effects=tuple(one for one in effects if one.series == part.series.id))
            for part in result.series
        )
        text = " ".join(limits(replace(result, series=parts)))
        assert ("other seeds may turn their order round" in text) == said


def test_an_effect_larger_than_what_images_and_seeds_do_is_a_gain(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    runs = [("64", 0.900), ("64", 0.901), ("64", 0.902), ("32", 0.94), ("128", 0.903)]
    for number, (label, value) in enumerate(runs, 1):
        write_level_run(tmp_path, asks[label], value, number=number, seed=number)
    result = result_of(tmp_path, "batch_size")
    assert [(one.level, one.separated) for one in result.effects] == [("32", True), ("128", False)]
    assert "32 (+3.90) is better by more than chance explains" in conclusions(result)[0]
    assert "4 of the 5" not in " ".join(limits(result))
    assert "2 of the 3 trained levels have one seed only" in " ".join(limits(result))


def test_trainings_longer_than_a_level_asks_do_not_stand_for_it(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    for number, (label, epochs) in enumerate((("64", 15), ("32", 30), ("128", 30)), 1):
        write_level_run(tmp_path, asks[label], 0.9, number=number, epochs=epochs)
    result = result_of(tmp_path, "batch_size")
    assert [one.label for one in result.levels if one.runs] == ["64"]


def test_a_run_that_cannot_be_read_is_left_out_with_its_reason(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    good = write_level_run(tmp_path, asks["64"], 0.9, number=1)
    bad = write_level_run(tmp_path, asks["32"], 0.9, number=2)

    def read(run_id):
        if run_id == bad:
            raise RunError("predictions.npz is damaged.")
        return read_answers(tmp_path, run_id)

    study = next(study for study in read_studies() if study.id == "batch_size")
    result = study_result(study, [read_run(tmp_path, name) for name in (good, bad)], read)
    assert result.unreadable == ((bad, "predictions.npz is damaged."),)
    assert [bool(one.runs) for one in result.levels] == [False, True, False]
    assert limits(result)[:2] == [
        "1 of 3 levels has no run that can be read (32): nothing is said of it.",
        "1 of 3 levels is not trained yet (128): nothing is said of it.",
    ]


def test_a_stopped_training_counts_as_the_epochs_it_has(tmp_path):
    asks = setups("batch_size", "s003_enhanced")
    run_id = write_level_run(tmp_path, asks["64"], 0.9, number=1)
    run = replace(read_run(tmp_path, run_id), status="stopped", budget="stopped")
    study = next(study for study in read_studies() if study.id == "batch_size")
    result = study_result(study, [run], lambda name: read_answers(tmp_path, name))
    assert level(result, "64").label == "64 (6 of 15 epochs)"
