"""The systems of the catalogue: which they are, how they are found, how they are trained."""

import re
import subprocess
import sys

import pytest

from fmnist_core.errors import UnknownNameError
from fmnist_core.papers import find_paper, find_system, papers, systems
from fmnist_core.recipes import Recipe

SYSTEMS_BY_PAPER = {
    "000": 18,
    "001": 14,
    "002": 3,
    "003": 3,
    "004": 7,
}
ALL = [pytest.param(system, id=system.id) for system in systems()]


def test_there_are_five_sources_and_45_systems():
    assert [paper.id for paper in papers()] == list(SYSTEMS_BY_PAPER)
    counts = {paper.id: sum(s.paper == paper.id for s in systems()) for paper in papers()}
    assert counts == SYSTEMS_BY_PAPER


def test_a_system_is_found_by_its_id():
    system = find_system("kadam_a4")
    assert system.layers.splitlines()[:2] == ["conv 64 2x2 valid relu", "maxpool 2"]
    assert system.protocol == "holdout-80-20"


def test_an_unknown_system_offers_the_nearest_ids():
    with pytest.raises(UnknownNameError, match="kadam_a4"):
        find_system("kadam_4")


def test_an_unknown_paper_is_refused():
    with pytest.raises(UnknownNameError, match="paper must be a known name"):
        find_paper("005")


@pytest.mark.parametrize("system", ALL)
def test_the_recipe_of_every_system_can_be_followed(system):
    recipe = Recipe.from_dict(system.recipe)
    assert recipe.seed == 0
    assert recipe.limit == 0
    assert {key: getattr(recipe, key) for key in system.recipe} == system.recipe


@pytest.mark.parametrize("system", ALL)
def test_every_system_says_where_it_stands_and_what_was_filled_in(system):
    assert system.title
    assert system.place
    assert system.role == "own experiment" or system.cites
    # Where a source leaves something open, a sentence says what stands in its place.
    assert not system.silences or system.reconstruction
    for sentence in system.reconstruction:
        assert re.fullmatch(r"[A-Z0-9].*\.", sentence), sentence


def test_own_experiments_of_one_source_share_a_protocol():
    protocols = {
        (system.paper, system.protocol) for system in systems() if system.role == "own experiment"
    }
    assert protocols == {
        ("000", "holdout-80-20"),
        ("001", "pooled-60-20-20"),
        ("002", "holdout-80-20"),
        ("003", "test-as-validation"),
        ("004", "test-as-validation"),
    }


@pytest.mark.parametrize(
    ("system_id", "expected"),
    [
        ("awasthi_enhanced", {"batch_size": 512, "epochs": 100, "optimizer": "adam"}),
        ("vijayaraj_cnn", {"batch_size": 512, "epochs": 20, "learning_rate": 0.005}),
        ("kadam_a5_rmsprop", {"batch_size": 128, "epochs": 50, "optimizer": "rmsprop"}),
        ("mcnn15", {"pixel_mean": 0.1307, "pixel_std": 0.3081, "schedule": "cosine"}),
        ("tiwari_vgg16", {"epochs": 10}),
        ("s002_cnn", {"pixel_mean": 0.286, "pixel_std": 0.353, "batch_size": 64, "epochs": 10}),
        ("s003_enhanced", {"augmentation": "rotation=10 shift=0.1 zoom=0.1", "epochs": 15}),
        ("s003_basic_b", {"augmentation": ""}),
        ("ajani_m6", {"batch_size": 128, "epochs": 20}),
    ],
)
def test_the_published_recipe_is_carried_over(system_id, expected):
    recipe = find_system(system_id).recipe
    assert {key: recipe[key] for key in expected} == expected


def test_what_a_source_states_is_told_from_what_was_chosen():
    assert find_system("vijayaraj_cnn").stated_recipe == (
        "optimizer",
        "learning_rate",
        "batch_size",
        "epochs",
    )
    assert find_system("kadam_a1").stated_recipe == ()


def test_only_the_support_vector_machines_have_no_layers():
    assert [system.id for system in systems() if not system.layers] == ["svc", "greeshma_hog_svm"]


def test_works_named_in_a_bibliography_only_are_reconstructions_or_baselines():
    named_only = {s.id: s.basis for s in systems() if s.role == "bibliography only"}
    assert named_only == {
        "duan_vgg": "reconstruction",
        "greeshma_hog_svm": "baseline",
        "seo_hcnn": "reconstruction",
        "sumera_ann_cnn_optimizers": "reconstruction",
    }


def test_what_the_source_gives_of_the_layers_is_no_more_than_its_silences_leave():
    given = {system.id: system.source_gives for system in systems()}
    assert [name for name, what in given.items() if what == "kinds of layers"] == [
        "saranya_3conv",
        "ajani_m4a",
        "ajani_m6",
    ]
    for system in systems():
        if any(silence.startswith("layers") for silence in system.silences):
            assert given[system.id] in ("authors' code", "name"), system.id
    assert given["s003_enhanced"] == "every layer"


def test_reading_the_catalogue_loads_no_heavy_package():
    program = (
        "import sys; from fmnist_core.papers import systems; assert len(systems()) == 45; "
        "print([m for m in ('keras', 'tensorflow', 'numpy', 'pandas', 'streamlit') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
