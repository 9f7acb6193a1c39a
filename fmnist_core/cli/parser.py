"""Which commands there are and what they take."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from fmnist_core.cli import (
    architectures,
    archive,
    bench,
    campaign,
    data,
    jobs,
    papers,
    predict,
    runs,
    studies,
    train,
)


class _Parser(argparse.ArgumentParser):
    """Wrong usage is one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message}. `{self.prog} --help` says what there is.\n")


def make_parser() -> argparse.ArgumentParser:
    """The parser; a parsed command carries its function as `handler`."""
    parser = _Parser(prog="python -m fmnist_core", description="Fashion-MNIST architecture lab")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    group = _group(commands, "data", "the data set on this machine")
    _command(group, "status", data.status, "every place that is searched, and what lies there")
    _command(group, "fetch", data.fetch, "find Fashion-MNIST, or download and verify it")
    describe = _command(group, "describe", data.describe, "what the images are like, in numbers")
    describe.add_argument(
        "--measure", action="store_true", help="count the images anew, and keep the counts"
    )

    group = _group(commands, "architectures", "the catalogue of networks")
    _command(group, "list", architectures.list_all, "every system with its totals")
    show = _command(group, "show", architectures.show, "one system, layer by layer")
    show.add_argument("id")
    show.add_argument("--variant", help="another reading of the same system")
    count = _command(group, "count", architectures.count, "count a layer text of one's own")
    count.add_argument("file", help='a file with a layer text, or "-" for standard input')

    training = _command(commands, "train", train.train, "train a network and keep it as a run")
    _add_plan(training)
    training.add_argument("--resume", metavar="RUN", help="go on with an interrupted training")
    _add_jobs(commands)

    group = _group(commands, "runs", "what was trained")
    _command(group, "list", runs.list_all, "every run with its accuracy")
    _command(group, "show", runs.show, "one run").add_argument("run")
    verify = _command(group, "verify", runs.verify, "check every file of every run, or of one")
    verify.add_argument("run", nargs="?")
    compare = _command(group, "compare", runs.compare, "paired tests between runs")
    compare.add_argument("run", nargs="+")
    tsne = _command(group, "tsne", runs.tsne, "t-SNE pictures of features, a minute each")
    tsne.add_argument("run", nargs="*", help="these runs; without, all that have none yet")
    _command(group, "delete", runs.delete, "remove a run for good").add_argument("run")
    _add_archive(group)

    group = _group(commands, "studies", "one factor at a time")
    _command(group, "list", studies.list_all, "every study, and what is trained of it")
    _command(group, "show", studies.show, "one study").add_argument("id")

    _add_predict(commands)

    group = _group(commands, "papers", "the five sources")
    _command(group, "list", papers.list_all, "the sources and their systems")
    ledger = _command(group, "ledger", papers.show_ledger, "every published number beside ours")
    ledger.add_argument("--system", metavar="ID", help="of this system only")
    table = _command(group, "table", papers.table, "the systems in one table, with three findings")
    table.add_argument("--write", metavar="FILE", help="put it between the marks of this file")

    wanted = _command(commands, "campaign", campaign.campaign, "the runs that the questions need")
    wanted.add_argument("--run", action="store_true", help="train what is missing; Ctrl-C any time")
    wanted.add_argument(
        "--only", nargs="+", action="extend", default=[], metavar="ID", help="entries or groups"
    )
    wanted.add_argument("--hours", type=float, help="begin no further epoch after so long")
    wanted.add_argument("--file", type=Path, help="another list than the project's")

    benchmark = _command(
        commands, "bench", bench.bench, "measure this machine; all, or one by name"
    )
    benchmark.add_argument("name", nargs="?")
    return parser


def _add_jobs(commands: "_Commands[_Parser]") -> None:
    group = _group(commands, "jobs", "trainings in the background, one after the other")
    submit = _command(group, "submit", jobs.submit, "queue a training")
    _add_plan(submit)
    submit.add_argument(
        "--force", action="store_true", help="queue it even where its memory will not suffice"
    )
    _command(group, "list", jobs.list_all, "what runs, what waits and what has ended")
    for name, handler, text in (
        ("show", jobs.show, "one job, and where it stands"),
        ("stop", jobs.stop, "end a job within seconds; its whole epochs are kept"),
        ("resume", jobs.resume, "go on with a job that ended early"),
        ("keep", jobs.keep, "turn the whole epochs of a job that ended early into a run"),
        ("delete", jobs.delete, "remove a job that has ended, with its checkpoints"),
    ):
        _command(group, name, handler, text).add_argument("job", help="its run id")
    move = _command(group, "move", jobs.move, "let a job wait longer, or less long")
    move.add_argument("job", help="its run id")
    move.add_argument("places", type=int, help="-1 for one earlier, 1 for one later")
    service = _command(group, "service", jobs.service, "run the training service here")
    service.add_argument(
        "--idle-minutes", type=float, default=10.0, help="leave after so long without work"
    )


def _add_archive(group: "_Commands[_Parser]") -> None:
    export = _command(group, "export", archive.export, "a run as a file for elsewhere")
    export.add_argument("run")
    export.add_argument("file", nargs="?", help="ends in .zip, .tflite, .py or .keras")
    export.add_argument(
        "--tensorboard", metavar="DIR", help="write the run's event file into DIR/RUN"
    )
    text = "add the run of a zip file, checked whole"
    _command(group, "import", archive.import_archive, text).add_argument("file")
    report = _command(group, "report", archive.report, "a comparison as one file")
    report.add_argument("run", nargs="+")
    report.add_argument("file", help="ends in .html, .tex or .csv")


def _add_predict(commands: "_Commands[_Parser]") -> None:
    parser = _command(commands, "predict", predict.predict, "what networks say of pictures")
    parser.add_argument("file", nargs="+", help="PNG, JPEG, WebP, BMP or GIF")
    parser.add_argument(
        "--runs",
        metavar="RUN,RUN",
        help="which networks answer; else each architecture's first full run",
    )
    parser.add_argument(
        "--invert",
        action=argparse.BooleanOptionalAction,
        help="turn dark into light, or never; else decided from the picture",
    )
    parser.add_argument(
        "--rotate",
        type=int,
        choices=(0, 90, 180, 270),
        default=0,
        metavar="DEGREES",
        help="turn clockwise first: 0, 90, 180 or 270",
    )
    parser.add_argument("--mirror", action="store_true", help="swap left and right first")
    parser.add_argument(
        "--crop",
        nargs=4,
        type=float,
        metavar=("LEFT", "TOP", "RIGHT", "BOTTOM"),
        help="keep this part of the turned picture, shares of its sides from 0 to 1",
    )
    parser.add_argument(
        "--separate",
        action=argparse.BooleanOptionalAction,
        help="cut the garment out of its background, or never; else decided from the background",
    )
    parser.add_argument(
        "--threshold", type=float, help="how close to the background still is background, 0 to 1"
    )


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?", help='a catalogue id, or "custom" with --layers')
    parser.add_argument("--layers", metavar="FILE", help="train this layer text instead")
    parser.add_argument("--variant", help="another reading of the same system")
    parser.add_argument(
        "--recipe",
        nargs="+",
        action="extend",
        default=[],
        metavar="KEY=VALUE",
        help="change the recipe, for example optimizer=sgd learning_rate=0.1",
    )
    parser.add_argument("--epochs", help="the same as --recipe epochs=N")
    parser.add_argument("--limit", help="train on at most so many images")
    parser.add_argument("--seed", help="of the initial weights, the data order and the split")
    parser.add_argument("--name", default="", help="how the run is called")
    parser.add_argument("--notes", default="", help="kept with the run")


_Commands = argparse._SubParsersAction  # argparse has no public name for it


def _group(commands: "_Commands[_Parser]", name: str, text: str) -> "_Commands[_Parser]":
    parser = commands.add_parser(name, help=text, description=text)
    return parser.add_subparsers(title="commands", required=True, metavar="COMMAND")


def _command(
    commands: "_Commands[_Parser]",
    name: str,
    handler: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(handler=handler)
    return parser
