"""A slip in a catalogue file is an error that names its place."""

import shutil
from pathlib import Path

import pytest

from fmnist_core.papers import catalogue as installed
from fmnist_core.papers.checks import check_catalogue
from fmnist_core.papers.reading import read_catalogue
from fmnist_core.papers.strict_toml import CatalogueError


@pytest.fixture
def folder(tmp_path):
    """A copy of the catalogue's files that a test may spoil."""
    for path in Path(installed.__file__).parent.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(folder, name, before, after):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        pytest.param(
            "ajani.toml",
            'role = "own experiment"',
            'rôle = "own experiment"',
            "must be valid TOML",
            id="broken file",
        ),
        pytest.param(
            "ajani.toml",
            'role = "own experiment"',
            'roll = "own experiment"',
            "ajani_m1 must use the keys .* Received: roll",
            id="unknown key",
        ),
        pytest.param(
            "ajani.toml",
            'place = "section 3.1"\n',
            "",
            "ajani_m1 must have the keys place",
            id="missing key",
        ),
        pytest.param(
            "ajani.toml",
            'place = "section 3.1"',
            "place = 3.1",
            r"ajani_m1.place must be a text. Received: 3.1",
            id="wrong type",
        ),
        pytest.param(
            "ajani.toml",
            'silences = ["learning rate", "batch size"]',
            'silences = "learning rate"',
            "ajani_m1.silences must be a list",
            id="no list",
        ),
        pytest.param(
            "ajani.toml",
            'basis = "stated"',
            'basis = "guessed"',
            "ajani_m1.basis must be 'stated' or",
            id="unknown basis",
        ),
        pytest.param(
            "awasthi_soni.toml",
            "value = 0.6145",
            'value = "0.6145"',
            r"awasthi_basic.published\[3\].value must be a number",
            id="number as text",
        ),
        pytest.param(
            "ajani.toml",
            'id = "ajani_m2"',
            'id = "ajani_m1"',
            "systems must not repeat an id. Received twice: ajani_m1",
            id="duplicate system",
        ),
        pytest.param(
            "ajani.toml",
            '"C32"',
            '"C99"',
            "ajani_m1.contradictions must hold known names. Received: C99",
            id="unknown contradiction",
        ),
        pytest.param(
            "contradictions.toml",
            'id = "C2"',
            'id = "C1"',
            "contradictions must not repeat an id",
            id="duplicate contradiction",
        ),
        pytest.param(
            "contradictions.toml",
            'tables = ["kadam_accuracies"]',
            'tables = ["kadam"]',
            "C9.tables must hold known names. Received: kadam",
            id="unknown table",
        ),
        pytest.param(
            "contradictions.toml",
            'columns = ["MNIST, testing accuracy"]',
            'columns = ["MNIST"]',
            "C45.cells must hold known names. Received: MNIST",
            id="unknown column",
        ),
        pytest.param(
            "contradictions.toml",
            'rows = ["9", "10", "11"]',
            'rows = ["9", "10", "16"]',
            "C30.cells must hold known names. Received: 16",
            id="unknown row",
        ),
        pytest.param(
            "ajani.toml",
            "learning_rate = 0.001",
            "learning_rate = 0.0",
            "ajani_m1.recipe: learning_rate must be above 0",
            id="recipe out of bounds",
        ),
        pytest.param(
            "ajani.toml",
            'optimizer = "adam"',
            'optimiser = "adam"',
            "ajani_m1.stated_recipe must hold known names. Received: optimizer",
            id="stated key not in the recipe",
        ),
        pytest.param(
            "ajani.toml",
            'protocol = "test-as-validation"',
            'protocol = "leave-one-out"',
            "ajani_m1.recipe: protocol must be a known name",
            id="unknown protocol",
        ),
        pytest.param(
            "ajani.toml",
            'protocol = "test-as-validation"\n',
            "",
            "ajani_m1.recipe must name a protocol",
            id="no protocol",
        ),
        pytest.param(
            "awasthi_soni.toml",
            'metric = "val_loss"',
            'metric = "validation_loss"',
            "awasthi_basic.published must hold known names. Received: validation_loss",
            id="unknown metric",
        ),
        pytest.param(
            "ajani.toml",
            'key = "sgd", label = "SGD", cells = ["0.8394", ',
            'key = "sgd", label = "SGD", cells = [',
            "ajani_optimizers row sgd must have 8 cells. Received: 7",
            id="short row",
        ),
        pytest.param(
            "ajani.toml",
            'key = "adadelta"',
            'key = "adadelata"',
            "ajani_optimizers.rows must hold known names. Received: adadelata",
            id="unknown optimizer in a table",
        ),
        pytest.param(
            "ajani.toml",
            'system = "ajani_m6"\n',
            "",
            "ajani_optimizers.system must be given exactly when",
            id="table without a system",
        ),
        pytest.param(
            "sivakumar.toml",
            'basis = "baseline"',
            'basis = "reconstruction"',
            "svc.layers must be empty for a baseline, and for nothing else",
            id="no layers",
        ),
        pytest.param(
            "ajani.toml",
            'basis = "stated"',
            'basis = "stated"\nlayers_given = "kinds of layers"',
            "ajani_m1.layers_given must be left out for basis 'stated'",
            id="every layer stated and no size",
        ),
    ],
)
def test_a_spoilt_file_is_refused_with_its_place(folder, name, before, after, message):
    spoil(folder, name, before, after)
    with pytest.raises(CatalogueError, match=message):
        check_catalogue(read_catalogue(folder))


def test_what_was_reconstructed_must_be_said(folder):
    path = folder / "sivakumar.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index("reconstruction = [", text.index('id = "kayed_lenet5"'))
    end = text.index("]\n", start) + 2
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"kayed_lenet5\.reconstruction must say what"):
        check_catalogue(read_catalogue(folder))


def test_the_unspoilt_copy_is_accepted(folder):
    check_catalogue(read_catalogue(folder))
