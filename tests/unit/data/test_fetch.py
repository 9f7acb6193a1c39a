"""A fetch brings verified data or nothing, and says what it tried."""

import functools
import gzip
import http.server
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fmnist_core.data import data_status, dataset, fetch, fetch_data, load_pool
from fmnist_core.errors import DataError

NO_APT = "apt-get and dpkg-deb must be installed"


class FakeAddress(http.server.SimpleHTTPRequestHandler):
    """Serves a folder; sends half of what `stall_at` names, then waits for `go_on`."""

    stall_at = ""
    stalled = threading.Event()
    go_on = threading.Event()

    def copyfile(self, source, outputfile):
        if self.stall_at and self.stall_at in self.path:
            content = source.read()
            outputfile.write(content[: len(content) // 2])
            self.stalled.set()
            self.go_on.wait(120)
            return
        super().copyfile(source, outputfile)

    def log_message(self, *_):
        pass


@pytest.fixture
def handler():
    return type(
        "Handler", (FakeAddress,), {"stalled": threading.Event(), "go_on": threading.Event()}
    )


@pytest.fixture
def address(handler, put_tiny_data, empty_machine, monkeypatch):
    """Serves the made-up files on this machine, and returns the folder that holds them."""
    folder = put_tiny_data(empty_machine / "served")
    served = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        monkeypatch.setattr(dataset, "DOWNLOAD_ADDRESS", f"http://127.0.0.1:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield folder
        handler.go_on.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def no_apt(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)


@pytest.fixture
def fake_apt(tmp_path, monkeypatch):
    """Returns a function that puts a shell script in the place of apt-get, first on the path."""

    def put(script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        for name, text in (("apt-get", script), ("dpkg-deb", "exit 0")):
            (folder / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return put


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


EVERY_FILE = {f"{file.name}.gz" for file in dataset.DATA_FILES}


def test_the_data_comes_from_the_address_with_progress(address, no_apt, empty_machine):
    calls = []
    folder = fetch_data(lambda *call: calls.append(call))
    assert folder == empty_machine / "project" / "data"
    assert names(folder) == EVERY_FILE
    assert data_status().good
    assert len(load_pool().labels) == 50
    phases = [phase.split()[0] for phase, _, _ in calls]
    assert [p for i, p in enumerate(phases) if phases[i - 1 : i] != [p]] == [
        "Looking", "Downloading", "Verifying", "Fashion-MNIST",
    ]  # fmt: skip
    totals = {total for _, _, total in calls}
    assert totals == {sum(file.download_bytes for file in dataset.DATA_FILES)}
    assert calls[-1][1] == calls[-1][2]
    downloaded = [done for phase, done, _ in calls if phase.startswith("Downloading")]
    assert downloaded == sorted(downloaded)


def test_the_chosen_folder_is_used(address, no_apt, empty_machine, monkeypatch):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(empty_machine / "chosen" / "deep"))
    assert fetch_data() == empty_machine / "chosen" / "deep"
    assert data_status().good
    assert not (empty_machine / "project").exists()


def test_good_data_is_not_fetched_again(address, no_apt, empty_machine, put_tiny_data):
    put_tiny_data(empty_machine / "debian")
    assert fetch_data() == empty_machine / "debian"
    assert not (empty_machine / "project").exists()


@pytest.mark.parametrize("compressed", [True, False])
def test_a_damaged_file_is_replaced(address, no_apt, empty_machine, put_tiny_data, compressed):
    folder = put_tiny_data(empty_machine / "project" / "data", compressed=compressed)
    next(folder.glob("train-labels*")).write_bytes(b"damaged")
    with pytest.raises(DataError, match="train-labels"):
        load_pool()
    assert fetch_data() == folder
    assert len(load_pool().labels) == 50


def test_a_tampered_download_is_refused_and_nothing_is_kept(address, no_apt, empty_machine):
    content = bytearray(gzip.decompress((address / "t10k-images-idx3-ubyte.gz").read_bytes()))
    content[5_000] ^= 1
    (address / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(content)))
    with pytest.raises(DataError) as caught:
        fetch_data()
    assert "t10k-images-idx3-ubyte" in str(caught.value)
    assert dataset.DATA_FILES[2].sha256 in str(caught.value)
    assert names(empty_machine / "project" / "data") == set()


def test_an_answer_without_end_is_cut_off(address, no_apt, empty_machine):
    with (address / "train-labels-idx1-ubyte.gz").open("wb") as endless:
        endless.truncate(2_000_000_000)  # zeros that take no room on the disk
    calls = []
    with pytest.raises(DataError, match="train-labels"):
        fetch_data(lambda *call: calls.append(call))
    assert max(done for _, done, _ in calls) < 10_000_000


def test_a_missing_file_is_named_with_its_address(address, no_apt):
    (address / "train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"/train-labels-idx1-ubyte\.gz must answer.*404"):
        fetch_data()


def test_a_connection_that_breaks_off_leaves_nothing(address, handler, no_apt, empty_machine):
    handler.stall_at = "train-labels"
    handler.go_on.set()  # the connection closes after one half
    with pytest.raises(DataError, match="train-labels"):
        fetch_data()
    assert names(empty_machine / "project" / "data") == set()


def test_an_address_that_falls_silent_is_given_up(address, handler, no_apt, monkeypatch):
    monkeypatch.setattr(fetch, "HTTP_TIMEOUT_SECONDS", 0.2)
    handler.stall_at = "train-labels"
    with pytest.raises(DataError, match=r"must answer in full.*timed out"):
        fetch_data()


def test_without_any_source_the_error_names_sources_places_and_commands(
    tiny_contents, no_apt, empty_machine, monkeypatch
):
    monkeypatch.setattr(dataset, "DOWNLOAD_ADDRESS", "http://127.0.0.1:9/")  # nobody listens
    with pytest.raises(DataError) as caught:
        fetch_data()
    for expected in (
        "Connection refused",
        NO_APT,
        str(empty_machine / "project" / "data"),
        str(empty_machine / "debian"),
        str(empty_machine / "keras"),
        "sudo apt-get install dataset-fashion-mnist",
        "t10k-labels-idx1-ubyte.gz from http://127.0.0.1:9/",
    ):
        assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_named(address, no_apt, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"/file must be a folder that can be written to"):
        fetch_data()


def test_a_full_disk_is_named_and_leaves_nothing(address, no_apt, empty_machine, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetch, "_sync", full)
    with pytest.raises(DataError, match="No space left on device"):
        fetch_data()
    assert names(empty_machine / "project" / "data") == set()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_fetch_that_is_ended_leaves_nothing_half_written(
    address, handler, empty_machine, end, no_apt
):
    handler.stall_at = "t10k-images"
    folder = empty_machine / "chosen"
    program = (
        "import signal\n"
        # A shell that starts the tests in the background has them ignore Ctrl-C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from fmnist_core.data import dataset, fetch_data\n"
        "from fmnist_core.data.dataset import DataFile\n"
        f"dataset.DATA_FILES = {dataset.DATA_FILES!r}\n"
        f"dataset.DOWNLOAD_ADDRESS = {dataset.DOWNLOAD_ADDRESS!r}\n"
        "fetch_data()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "FMNIST_DATA_DIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
    )
    assert handler.stalled.wait(120)
    process.send_signal(end)
    process.wait(120)
    leftovers = list(folder.iterdir())
    assert all(path.name.startswith(fetch.STAGING_PREFIX) for path in leftovers)
    assert len(leftovers) == (1 if end == signal.SIGKILL else 0)

    handler.go_on.set()
    handler.stall_at = ""
    for leftover in leftovers:  # as the next day
        os.utime(leftover, (time.time() - 86_400,) * 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_DATA_DIR", str(folder))
        assert fetch_data() == folder
    assert names(folder) == EVERY_FILE


def test_where_the_address_fails_debian_is_asked_and_its_answer_told(
    tiny_contents, fake_apt, empty_machine, monkeypatch
):
    monkeypatch.setattr(dataset, "DOWNLOAD_ADDRESS", "http://127.0.0.1:9/")
    fake_apt('echo "E: Unable to locate package $*" >&2; exit 100')
    with pytest.raises(DataError) as caught:
        fetch_data()
    assert "`apt-get download dataset-fashion-mnist` must succeed" in str(caught.value)
    assert "`apt-get update` must succeed" in str(caught.value)
    assert "E: Unable to locate package" in str(caught.value)
    assert names(empty_machine / "project" / "data") == set()


def test_apt_that_hangs_is_ended(tiny_contents, fake_apt, empty_machine, monkeypatch):
    monkeypatch.setattr(dataset, "DOWNLOAD_ADDRESS", "http://127.0.0.1:9/")
    monkeypatch.setattr(fetch, "APT_TIMEOUT_SECONDS", 0.3)
    fake_apt("exec sleep 60")
    started = time.monotonic()
    with pytest.raises(DataError, match="apt-get"):
        fetch_data()
    assert time.monotonic() - started < 10


@pytest.mark.apt
@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("apt-get"), reason="needs apt-get")
def test_debians_package_is_the_genuine_data(empty_machine, monkeypatch):
    monkeypatch.setattr(dataset, "DOWNLOAD_ADDRESS", "http://127.0.0.1:9/")
    phases = []
    folder = fetch_data(lambda phase, *_: phases.append(phase))
    assert names(folder) == EVERY_FILE
    assert data_status().good
    assert len(load_pool().labels) == 70_000
    assert "Downloading Debian's package" in phases
