"""A run out and in again is the same; anything else that claims to be a run is refused."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from fmnist_core.errors import RunError
from fmnist_core.runs.archive import export_archive
from fmnist_core.runs.arrival import arriving_run
from fmnist_core.runs.read import run_ids
from fmnist_core.runs.verify import verify_run
from fmnist_core.runs.write import STAGING
from tests.shipped_runs import shipped_run
from tests.unit.runs.hostile_archives import hostile_archives, listed, pack, unpack

SHIPPED = Path(__file__).parents[3] / "cached_runs"
RUN_ID = shipped_run("kadam_a1")
ARCHIVE = export_archive(SHIPPED, RUN_ID)
GOOD = unpack(ARCHIVE)
HOSTILE = hostile_archives(RUN_ID, GOOD)

LIGHT = ["model.tflite", "projection.npz", "weights.safetensors"]


def take_in(root: Path, archive: bytes) -> bool:
    """Imports an archive; says whether its run was there already."""
    with arriving_run(root, io.BytesIO(archive)) as arrival:
        arrival.commit()
        return arrival.known


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_untouched(tmp_path: Path, root: Path, before: dict[str, bytes]) -> None:
    assert files_below(tmp_path) == before
    assert list((root / STAGING).glob("*")) == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "place" / "runs"


def test_the_archive_holds_exactly_the_files_of_the_run():
    folder = SHIPPED / RUN_ID
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == GOOD


def test_equal_runs_give_equal_archives(root):
    take_in(root, ARCHIVE)
    (root / RUN_ID / "run.json").touch()
    assert export_archive(root, RUN_ID) == ARCHIVE


def test_a_run_out_and_in_again_is_the_same_byte_by_byte(root):
    assert not take_in(root, ARCHIVE)
    assert files_below(root) == {f"{RUN_ID}/{name}": data for name, data in GOOD.items()}
    assert verify_run(root, RUN_ID).ok


def test_a_damaged_run_is_not_exported(root):
    take_in(root, ARCHIVE)
    (root / RUN_ID / "history.jsonl").write_bytes(b"")
    with pytest.raises(RunError, match=r"history.jsonl is damaged"):
        export_archive(root, RUN_ID)


def test_an_archive_packed_again_by_hand_is_taken_too(root):
    inside = {f"{RUN_ID}/": b"", **{f"{RUN_ID}/{name}": data for name, data in GOOD.items()}}
    take_in(root, pack(inside, zipfile.ZIP_DEFLATED))
    assert verify_run(root, RUN_ID).ok


def test_an_archive_whose_sizes_stand_behind_the_files_is_taken(root):
    """As a packer writes that cannot go back, into a pipe for instance."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError("a pipe")

        def tell(self):
            raise OSError("a pipe")

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in GOOD.items():
            archive.writestr(name, data)
    take_in(root, pipe.getvalue())
    assert verify_run(root, RUN_ID).ok


def test_the_same_run_again_is_known_and_changes_nothing(tmp_path, root):
    take_in(root, ARCHIVE)
    before = files_below(tmp_path)
    assert take_in(root, ARCHIVE)
    assert_untouched(tmp_path, root, before)


def test_another_run_of_the_same_id_is_refused(tmp_path, root):
    take_in(root, ARCHIVE)
    before = files_below(tmp_path)
    record = json.loads(GOOD["run.json"]) | {"name": "another"}
    other = pack(listed(RUN_ID, {**GOOD, "run.json": json.dumps(record).encode()}))
    with pytest.raises(RunError, match="other content"):
        take_in(root, other)
    assert_untouched(tmp_path, root, before)


def test_a_damaged_run_is_not_mended_silently(root):
    take_in(root, ARCHIVE)
    (root / RUN_ID / "history.jsonl").write_bytes(b"")
    with pytest.raises(RunError, match=r"here and damaged .* Delete that one first"):
        take_in(root, ARCHIVE)


def test_a_run_that_is_not_committed_leaves_nothing(root):
    with arriving_run(root, io.BytesIO(ARCHIVE)) as arrival:
        assert (arrival.folder / "model.tflite").exists()
        assert run_ids(root) == []
    assert files_below(root) == {}


def test_a_run_that_came_meanwhile_is_not_replaced(root):
    with arriving_run(root, io.BytesIO(ARCHIVE)) as arrival:
        (root / RUN_ID).mkdir()
        with pytest.raises(RunError, match="must be new"):
            arrival.commit()


def test_a_staging_folder_that_is_a_link_is_not_followed(tmp_path, root):
    root.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (root / STAGING).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunError, match="not a link"):
        take_in(root, ARCHIVE)
    assert files_below(tmp_path) == {}


@pytest.mark.parametrize("leave_out", [["model.tflite"], ["projection.npz"], LIGHT])
def test_a_run_without_the_files_that_need_not_be_there_goes_out_and_comes_in(leave_out, root):
    files = {name: data for name, data in GOOD.items() if name not in leave_out}
    archive = pack(listed(RUN_ID, files))
    take_in(root, archive)
    assert unpack(export_archive(root, RUN_ID)) == unpack(archive)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_not_a_run_is_refused_in_one_line_and_leaves_nothing(what, tmp_path, root):
    archive, says = HOSTILE[what]
    root.mkdir(parents=True)
    (tmp_path / "kept.txt").write_text("kept")
    before = files_below(tmp_path)
    with pytest.raises(RunError) as refusal:
        take_in(root, archive)
    assert says in str(refusal.value)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 600
    assert_untouched(tmp_path, root, before)
