"""The study files: complete, and every slip in one is an error that names its place."""

import pytest

from fmnist_core.architectures import summarize
from fmnist_core.papers import find_table
from fmnist_core.papers.strict_toml import CatalogueError
from fmnist_core.studies import read_studies, setup_of
from fmnist_core.studies.reading import read_folder

GOOD = """
id = "one"
title = "One"
question = "What?"
factors = ["optimizer"]

[[series]]
id = "a"
title = "A"
architecture = "kadam_a1"
reference = "Adam"
levels = [{ label = "Adam" }, { label = "SGD", recipe = { optimizer = "sgd" } }]
"""


def read_one(folder, text, name="one"):
    (folder / f"{name}.toml").write_text(text)
    return read_folder(folder)


def test_the_questions_of_the_sources_are_there_each_with_its_levels():
    levels = {
        study.id: {series.id: len(series.levels) for series in study.series}
        for study in read_studies()
    }
    assert levels["optimizers"]["ajani_m6"] == 7
    assert levels["regularisation"] == {"ajani_cnn": 4, "ajani_mlp": 2, "henrique": 4}
    assert levels["batch_size"] == {"s003_enhanced": 3}
    assert set(levels["data_share"].values()) == {4}
    assert levels["depth"] == {"kadam": 3, "mcnn": 4}
    assert levels["activation_optimizer"] == {"kadam_a1": 20}
    assert {"ablation", "augmentation", "batch_normalisation"} <= levels.keys()


def test_every_level_can_be_built_and_trained():
    for study in read_studies():
        for series in study.series:
            for level in series.levels:
                setup = setup_of(series, level)
                assert summarize(setup.layers).total_params > 0
                assert setup.recipe.epochs > 1


def test_the_levels_of_the_optimizer_study_are_the_rows_of_the_published_table():
    study = next(study for study in read_studies() if study.id == "optimizers")
    keys = {level.key for level in study.series[0].levels}
    assert keys == {row.key for row in find_table(study.published).rows}


def test_levels_of_a_series_differ_in_the_factor_alone_or_in_what_the_source_changed_too():
    """Ladders of whole published systems change more; everything else must not."""
    for study in read_studies():
        for series in study.series:
            setups = [setup_of(series, level) for level in series.levels]
            if len({setup.architecture for setup in setups}) > 1:
                continue
            changed = {key for setup in setups for key in setup.changes}
            networks = {setup.network for setup in setups}
            assert changed <= set(study.factors), study.id
            assert len(networks) == 1 or "layers" in study.factors, study.id


def test_a_good_file_is_read(tmp_path):
    (study,) = read_one(tmp_path, GOOD)
    assert [level.label for level in study.series[0].levels] == ["Adam", "SGD"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "one"', 'id = "two"', "have the id 'one'"),
        ('factors = ["optimizer"]', 'factors = ["speed"]', "recipe keys, layers or convolutions"),
        ('factors = ["optimizer"]', "factors = []", "at least one factor"),
        ('factors = ["optimizer"]', 'factors = ["seed"]', "recipe keys, layers or convolutions"),
        ('"kadam_a1"', '"kadam_a9"', "Nearest: kadam_a4"),
        ('optimizer = "sgd"', 'optimizer = "sgt"', "Nearest: sgd"),
        ('optimizer = "sgd"', 'optimiser = "sgd"', "Nearest: optimizer"),
        ('optimizer = "sgd"', "threads = 4", "levels that differ"),
        ('reference = "Adam"', 'reference = "Adagrad"', "one of its levels as reference"),
        ('reference = "Adam"', "", "one of its levels as reference"),
        ('reference = "Adam"', 'against = "previous"\nreference = "Adam"', "unless against"),
        ('label = "SGD"', 'label = "Adam"', "labels that come once"),
        (', { label = "SGD", recipe = { optimizer = "sgd" } }', "", "at least two levels"),
        ('label = "SGD"', 'label = "SGD", value = 3', "a value where the study has an axis"),
        ('label = "SGD"', 'label = "SGD", row = "x"', "row and column"),
        ('label = "SGD"', 'label = "SGD", key = "sgd"', "a key of the published table"),
        ('label = "SGD"', 'label = "SGD", variant = "same"', "variant of kadam_a1"),
        ('label = "SGD"', 'label = "SGD", layers = "dens 10"', "line 1"),
        ('label = "SGD"', 'label = "SGD", colour = "red"', "Received: colour"),
        ('title = "One"', "", "must have the keys title"),
        ('question = "What?"', 'question = "What?"\nown = true', "leave own to sweeps"),
    ],
)
def test_a_slip_is_one_sentence_that_names_the_file(tmp_path, old, new, said):
    assert old in GOOD
    with pytest.raises(CatalogueError) as caught:
        read_one(tmp_path, GOOD.replace(old, new))
    assert str(caught.value).startswith("one.toml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
