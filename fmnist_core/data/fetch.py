"""Bringing the data to this machine: from Keras' download address, else from Debian's package."""

import contextlib
import http.client
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from fmnist_core.data import dataset
from fmnist_core.data.dataset import DataFile
from fmnist_core.data.locations import (
    DATA_DIR_VARIABLE,
    DEBIAN_FOLDER,
    data_status,
    fetch_folder,
    how_to_get_the_data,
)
from fmnist_core.data.verify import CHUNK_BYTES, check_file
from fmnist_core.errors import DataError

Progress = Callable[[str, int, int], None]  # phase in words, bytes done, bytes in all

HTTP_TIMEOUT_SECONDS = 20.0  # of silence, not of the whole download
APT_TIMEOUT_SECONDS = 600.0
STAGING_PREFIX = ".fetch-"
ABANDONED_AFTER_SECONDS = 3600.0


def fetch_data(progress: Progress | None = None) -> Path:
    """Makes sure that verified data is on this machine, and returns its folder.

    Where the search already finds good data, nothing is fetched. Else the four files are put into
    $FMNIST_DATA_DIR or the project's data folder, each only after it was verified, and a damaged
    file there is replaced. Nothing is left half-written, whenever the process ends.

    Args:
        progress: called with the phase in words, the bytes done and the bytes in all.

    Raises:
        DataError: no source could be used; the message names each with its reason.
    """
    report = progress or _no_progress
    report("Looking for the data", 0, _total_bytes())
    status = data_status()
    if status.used and status.good:
        return status.used.folder
    folder = fetch_folder()
    failures = []
    try:
        with _staging(folder) as staging:
            for fetch in (_fetch_from_address, _fetch_from_debian):
                try:
                    _install(fetch(staging, report), folder, report)
                except DataError as error:
                    failures.append(str(error))
                else:
                    return folder
    except OSError as error:
        raise DataError(
            f"{folder} must be a folder that can be written to, with 100 MB free. "
            f"Received: {error}. Set {DATA_DIR_VARIABLE} to another folder."
        ) from error
    raise DataError(
        "Fashion-MNIST must come from the download address or from Debian's package. Received: "
        f"{' '.join(failures)} {how_to_get_the_data()}"
    )


def _no_progress(phase: str, done_bytes: int, total_bytes: int) -> None:
    pass


def _total_bytes() -> int:
    return sum(file.download_bytes for file in dataset.DATA_FILES)


@contextlib.contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yields an empty folder on the same disk as `folder`, removed afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(f"{STAGING_PREFIX}*"):  # of a process that was killed
        if time.time() - leftover.stat().st_mtime > ABANDONED_AFTER_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=STAGING_PREFIX, dir=folder) as staging:
        yield Path(staging)


def _install(source: Path, folder: Path, report: Progress) -> None:
    """Moves the four files from `source` to `folder`, after all of them were verified."""
    done = 0
    for file in dataset.DATA_FILES:
        report(f"Verifying {file.name}", done, _total_bytes())
        status = check_file(source, file)
        if status.path is None or status.state != "good":
            raise DataError(
                f"What was downloaded as {file.name} must have SHA-256 {file.sha256}. "
                f"Received: {status.size_bytes:,} bytes with SHA-256 {status.sha256 or 'none'}."
            )
        _sync(status.path)
        done += file.download_bytes
    for file in dataset.DATA_FILES:
        (source / f"{file.name}.gz").replace(folder / f"{file.name}.gz")
    _sync(folder)
    report(f"Fashion-MNIST is in {folder}", done, done)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fetch_from_address(staging: Path, report: Progress) -> Path:
    done = 0
    for file in dataset.DATA_FILES:
        done = _download(file, staging / f"{file.name}.gz", done, report)
    return staging


def _download(file: DataFile, path: Path, done: int, report: Progress) -> int:
    """Downloads one file and returns the bytes done with it; what it holds is verified later."""
    address = f"{dataset.DOWNLOAD_ADDRESS}{file.name}.gz"
    end = done + 2 * file.download_bytes  # whatever an address answers, it cannot fill the disk
    try:
        response = urllib.request.urlopen(address, timeout=HTTP_TIMEOUT_SECONDS)  # noqa: S310 - https
    except (OSError, http.client.HTTPException) as error:
        raise DataError(f"{address} must answer. Received: {_reason(error)}.") from error
    with response, path.open("wb") as output:
        while done < end:
            try:
                chunk = response.read(CHUNK_BYTES)
            except (OSError, http.client.HTTPException) as error:
                reason = _reason(error)
                raise DataError(f"{address} must answer in full. Received: {reason}.") from error
            if not chunk:
                break
            output.write(chunk)
            done += len(chunk)
            report(f"Downloading {file.name}", done, _total_bytes())
    return done


def _reason(error: Exception) -> str:
    return str(error).removeprefix("<urlopen error ").removesuffix(">")


def _fetch_from_debian(staging: Path, report: Progress) -> Path:
    """Downloads and unpacks the package without touching the system, which needs no root."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise DataError("apt-get and dpkg-deb must be installed. Received: a system without them.")
    for folder in ("lists/partial", "cache/archives/partial"):
        (staging / folder).mkdir(parents=True)
    options = (
        f"-oDir::State::Lists={staging / 'lists'}",
        f"-oDir::Cache={staging / 'cache'}",
        "-oDebug::NoLocking=1",
        "-oAPT::Sandbox::User=root",  # as root, apt's own user could not enter the staging folder
        f"-oAcquire::http::Timeout={HTTP_TIMEOUT_SECONDS:.0f}",
    )
    report("Reading Debian's package lists", 0, _total_bytes())
    update_problem = ""
    try:
        _run(["apt-get", *options, "-oAPT::Update::Error-Mode=any", "update"], staging)
    except DataError as error:  # one broken source among several need not matter
        update_problem = f" {error}"

    def report_size() -> None:
        size = sum(package.stat().st_size for package in staging.glob("*.deb"))
        report("Downloading Debian's package", min(size, _total_bytes()), _total_bytes())

    try:
        _run(["apt-get", *options, "download", dataset.DEBIAN_PACKAGE], staging, report_size)
    except DataError as error:
        raise DataError(f"{error}{update_problem}") from error
    package = next(staging.glob("*.deb"))
    _run(["dpkg-deb", "-x", package.name, "unpacked"], staging)
    return staging / "unpacked" / DEBIAN_FOLDER.relative_to("/")


def _run(command: list[str], folder: Path, report: Callable[[], None] | None = None) -> None:
    """Runs a command in `folder`, and reports five times a second while it runs."""
    name = " ".join(word for word in command if not word.startswith("-"))
    deadline = time.monotonic() + APT_TIMEOUT_SECONDS
    with (folder / "output.txt").open("w+") as output:
        process = subprocess.Popen(  # noqa: S603 - fixed commands, no shell
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C"},
        )
        try:
            while process.poll() is None and time.monotonic() < deadline:
                if report:
                    report()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.2)
        finally:
            if process.poll() is None:  # out of time, or this process is being stopped
                process.kill()
                process.wait()
        output.seek(0)
        words = [line.strip() for line in output if line.startswith(("E:", "dpkg-deb:"))]
    if process.returncode:
        reason = words[-1] if words else f"exit code {process.returncode}"
        raise DataError(f"`{name}` must succeed. Received: {reason.rstrip('.')}.")
