"""t-SNE pictures: neighbours stay together, the same each time, and follow the projection."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from fmnist_core.cli import main
from fmnist_core.errors import RunError
from fmnist_core.evaluation import tsne
from fmnist_core.evaluation.clouds import PIXELS
from fmnist_core.evaluation.tsne import embed, find_tsne, make_tsne
from fmnist_core.runs.delete import delete_run
from fmnist_core.runs.tsne_file import FOLDER
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import shipped_run

SHIPPED = Path(__file__).parents[3] / "cached_runs"
FIRST, SECOND = (shipped_run(name) for name in ("kadam_a1", "s002_ann"))


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    """Two columns as they are, in place of a minute's work."""
    monkeypatch.setattr(tsne, "embed", lambda components: components[:, :2])


def clusters(seed=0):
    """Three groups of 60 points in 20 dimensions."""
    generator = np.random.default_rng(seed)
    centres = 8 * generator.normal(size=(3, 20))
    return np.concatenate([centre + generator.normal(size=(60, 20)) for centre in centres])


def test_neighbours_stay_together_and_twice_gives_the_same():
    points = clusters()
    picture = embed(points)
    assert picture.shape == (180, 2)
    # Venna and Kaski's measure: PCA reaches 0.90 here, scikit-learn's t-SNE 0.95.
    assert trustworthiness(points, picture, n_neighbors=10) > 0.93
    np.testing.assert_array_equal(picture, embed(points))


@pytest.mark.parametrize(
    "components", [np.zeros((50, 50)), clusters()[:3], clusters()[:40, :1], clusters()[:6]]
)
def test_dead_few_or_flat_features_give_a_finite_picture(components):
    picture = embed(components)
    assert picture.shape == (len(components), 2)
    assert np.isfinite(picture).all()


def test_the_command_makes_what_is_missing_and_nothing_twice(root, quick, capsys):
    shutil.copytree(SHIPPED / FIRST, root / FIRST)
    write_fixture_run(root, FixtureRun("kadam_a1", 0.9, number=1))  # stored without features
    assert main(["runs", "tsne", "--json"]) == 0
    captured = capsys.readouterr()
    made = {entry["run_id"]: entry["images"] for entry in json.loads(captured.out)}
    assert made == {PIXELS: 5_000, FIRST: 5_000}
    assert captured.err == ""
    assert main(["runs", "tsne"]) == 0
    assert capsys.readouterr().out.startswith("Every run that has features")
    delete_run(root, FIRST)
    assert not (root / FOLDER / f"{FIRST}.npz").exists()


def test_a_run_that_is_not_there_is_one_line(root, capsys):
    assert main(["runs", "tsne", "kadam_a1-20260101-000000-0000ff"]) == 2
    assert main(["runs", "tsne", "../x"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_a_picture_is_of_the_projection_that_is_there(root, quick):
    for run_id in (FIRST, SECOND):
        shutil.copytree(SHIPPED / run_id, root / run_id)
    make_tsne(root, FIRST)
    (root / FOLDER / f"{FIRST}.npz").rename(root / FOLDER / f"{SECOND}.npz")
    with pytest.raises(RunError, match="made of another"):
        find_tsne(root, SECOND)


def test_every_shipped_picture_is_of_the_projection_that_ships():
    pictures = sorted((SHIPPED / FOLDER).glob("*.npz"))
    assert pictures
    for path in pictures:
        assert np.isfinite(find_tsne(SHIPPED, path.stem).points).all()


def test_without_names_every_run_with_features_has_its_picture_and_no_other_is_asked(capsys):
    assert main(["runs", "tsne"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "Every run that has features has its t-SNE picture.\n"
    assert printed.err == ""
