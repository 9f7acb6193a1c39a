"""`runs export`, `runs import` and `runs report`: runs that leave this folder, or come to it."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from fmnist_core.cli.output import print_json
from fmnist_core.cli.quiet import libraries_silenced
from fmnist_core.errors import RunError
from fmnist_core.exchange.export_run import EXPORTS
from fmnist_core.exchange.import_run import import_run
from fmnist_core.runs.event_file import event_file_name
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_file, read_run

# Event files have a folder each in place of a name.
_FILES = tuple(ending for ending in EXPORTS if ending != ".tfevents")
_REPORTS = (".html", ".tex", ".csv")


def export(options: argparse.Namespace) -> int:
    """Writes a run as a zip, LiteRT, Keras or source file by the file's ending, or as events."""
    run_id, written = options.run, []
    if options.file is None and options.tensorboard is None:
        raise RunError("an export must have a place: name a file, or --tensorboard DIR.")
    if options.file is not None:
        written.append(_export_file(run_id, Path(options.file)))
    if options.tensorboard is not None:
        written.append(_export_events(run_id, Path(options.tensorboard)))
    if options.json:
        print_json({"run_id": run_id, "files": [str(path) for path in written]})
    else:
        for path in written:
            print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    return 0


def import_archive(options: argparse.Namespace) -> int:
    """Adds the run of a zip file to the others, whole or not at all."""
    path = Path(options.file)
    try:
        if not path.is_file():  # a pipe would be waited for
            raise RunError(f"a run must come as a zip file. Received: {path}, which is no file.")
        with path.open("rb") as file:
            imported = import_run(runs_root(), file)
    except OSError as error:
        raise RunError(f"{path} must be readable. Received: {error.strerror}.") from error
    if options.json:
        print_json(asdict(imported))
    else:
        print(imported.sentence)
    return 0


def report(options: argparse.Namespace) -> int:
    """Writes the comparison of several runs as one file: HTML, LaTeX or CSV by its ending."""
    path = Path(options.file)
    if path.suffix not in _REPORTS:
        raise RunError(f"a report must end in {', '.join(_REPORTS)}. Received: {path.name!r}.")
    # The charts and tables take pandas, which no other command of this group needs.
    from fmnist_core.figures.report.contents import make_report  # noqa: PLC0415
    from fmnist_core.figures.report.file import report_bytes  # noqa: PLC0415

    _write(path, report_bytes(make_report(runs_root(), options.run), path.suffix[1:]))
    if options.json:
        print_json({"run_ids": options.run, "files": [str(path)]})
    else:
        print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    return 0


def _export_file(run_id: str, path: Path) -> Path:
    if path.suffix == ".keras":
        # Looked for first: Keras takes seconds to import, and no other command here needs it.
        read_file(runs_root(), run_id, "weights.safetensors")
        with libraries_silenced():
            from fmnist_core.training.keras_export import export_keras  # noqa: PLC0415

        if own := export_keras(runs_root(), run_id, path):
            note = f"Loading it takes custom_objects: {', '.join(own)}; the .py export has them."
            print(note, file=sys.stderr)
        return path
    if path.suffix not in _FILES:
        endings = ", ".join([*_FILES, ".keras"])
        raise RunError(f"an export must end in {endings}. Received: {path.name!r}.")
    return _write(path, EXPORTS[path.suffix](runs_root(), run_id))


def _export_events(run_id: str, folder: Path) -> Path:
    """One folder a run, as TensorBoard wants it to tell runs apart."""
    data = EXPORTS[".tfevents"](runs_root(), run_id)
    try:
        (folder / run_id).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{folder} must be writable. Received: {error.strerror}.") from error
    return _write(folder / run_id / event_file_name(read_run(runs_root(), run_id)), data)


def _write(path: Path, data: bytes) -> Path:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise RunError(f"{path} must be writable. Received: {error.strerror}.") from error
    return path
