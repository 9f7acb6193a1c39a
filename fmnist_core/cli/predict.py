"""`predict`: what every network says of a picture."""

import argparse
import functools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fmnist_core.cli.output import print_json, print_table
from fmnist_core.cli.quiet import libraries_silenced
from fmnist_core.data import CLASS_NAMES, load_pool
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.errors import DataError, RunError
from fmnist_core.evaluation.run_names import run_badges
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import find_run

if TYPE_CHECKING:
    from fmnist_core.inference.likeness import Likeness, Reference
    from fmnist_core.prediction.answer import ImageAnswer, Verdict
    from fmnist_core.prediction.predict import Predicted, Reading

_NOT_COMPARED = "Not compared with the training data, which are not on this machine."


def predict(options: argparse.Namespace) -> int:
    """Prints an answer for each file; exits with 2 when one of them could not be read."""
    # Late: decoding and converting bring libraries along that no other command needs.
    from fmnist_core.inference.conversion.corrections import Corrections  # noqa: PLC0415
    from fmnist_core.prediction.models import ModelShelf  # noqa: PLC0415
    from fmnist_core.prediction.predict import picture_file, predict_files  # noqa: PLC0415

    root = runs_root()
    run_ids = _chosen_runs(root, options.runs)
    corrections = Corrections(
        invert=options.invert,
        quarter_turns=options.rotate // 90,
        mirror=options.mirror,
        crop=None if options.crop is None else tuple(options.crop),
        threshold=options.threshold,
        separate=options.separate,
    )
    sources = map(picture_file, map(Path, options.file))
    with libraries_silenced():
        predicted = predict_files(sources, run_ids, ModelShelf(root), corrections, _compare)
    marks = _marks(root, run_ids)
    if options.json:
        print_json([_entry(reading, predicted, marks) for reading in predicted.readings])
    else:
        _print_readings(predicted, marks)
    failed = [reading for reading in predicted.readings if reading.error]
    for reading in failed:
        print(f"error: {reading.file}: {reading.error}", file=sys.stderr)
    return 2 if failed else 0


def _chosen_runs(root: Path, wanted: str | None) -> Sequence[str]:
    """The runs that were asked for; without a wish, those that the page asks as well."""
    # Late: the leaderboard takes pandas, which no other command of this kind needs.
    from fmnist_core.figures.leaderboard import leaderboard_frame  # noqa: PLC0415
    from fmnist_core.figures.predict.networks import default_networks  # noqa: PLC0415

    if wanted is not None:
        run_ids = [word.strip() for word in wanted.split(",") if word.strip()]
        for run_id in run_ids:
            find_run(root, run_id)
    else:
        run_ids = default_networks(leaderboard_frame(list_runs(root).runs))
    if not run_ids:
        raise RunError(
            "there must be a run to ask. Received: none. `train` makes one, `runs list` shows "
            "those there are, --runs names them."
        )
    return run_ids


def _compare(image: NDArray[np.uint8]) -> "Likeness | None":
    from fmnist_core.inference.likeness import likeness  # noqa: PLC0415  # as above

    reference = _reference()
    return likeness(image, reference) if reference else None


@functools.cache
def _reference() -> "Reference | None":
    """What the training images measure; made when a picture needs it, which takes a second."""
    from fmnist_core.inference.likeness import make_reference  # noqa: PLC0415  # as above
    from fmnist_core.inference.neighbours import make_neighbours  # noqa: PLC0415  # as above

    try:
        pool = load_pool()
        neighbours = make_neighbours(pool.images[:TRAIN_COUNT])
        return make_reference(neighbours, pool.labels[:TRAIN_COUNT])
    except DataError:
        return None


def _marks(root: Path, run_ids: Sequence[str]) -> dict[str, list[str]]:
    """What must stand beside each run's numbers: that it was reduced, say, or saw its test."""
    rows = list_runs(root).runs
    return {row.run_id: run_badges(row) for row in rows if row.run_id in run_ids}


def _entry(
    reading: "Reading", predicted: "Predicted", marks: Mapping[str, list[str]]
) -> dict[str, Any]:
    if reading.answer is None or predicted.answers is None:
        return {"file": reading.file, "error": reading.error}
    said, answers = reading.answer, predicted.answers
    return {
        "file": reading.file,
        "runs": [
            {
                "run_id": verdict.run_id,
                **_verdict(verdict),
                "calibration": known.says,
                "badges": marks.get(verdict.run_id, []),
            }
            for verdict, known in zip(said.verdicts, answers.calibrations, strict=True)
        ],
        "ensemble": _verdict(said.ensemble),
        "agreement": {
            "label": said.majority,
            "class_name": CLASS_NAMES[said.majority],
            "runs": said.agreeing,
            "of": len(said.verdicts),
        },
        "steps": [asdict(step) for step in reading.steps],
        "likeness": _likeness(reading),
        "warnings": _warnings(reading),
        "hint": _hint(reading),
        "left_out": [asdict(run) for run in answers.left_out],
    }


def _warnings(reading: "Reading") -> list[str]:
    return [*reading.warnings, *([] if reading.likeness else [_NOT_COMPARED])]


def _hint(reading: "Reading") -> str | None:
    hint = reading.hint
    if hint is None:
        return None
    options = [f"--rotate {90 * hint.quarter_turns}"] if hint.quarter_turns else []
    options += ["--mirror"] if hint.mirror else []
    tried = " ".join(options) or "it without --rotate and --mirror"
    if hint.crop:
        tried += f" with --crop {' '.join(f'{share:g}' for share in hint.crop)}"
    return f"{hint.words} Try {tried}."


def _likeness(reading: "Reading") -> dict[str, Any] | None:
    alike = reading.likeness
    if alike is None:
        return None
    peers = [{**asdict(one), "class_name": CLASS_NAMES[one.label]} for one in alike.peers]
    return {**asdict(alike), "peers": peers}


def _measures(alike: "Likeness") -> str:
    from fmnist_core.figures.predict.likeness import (  # noqa: PLC0415  # takes pandas
        likeness_frame,
        likeness_words,
    )

    return likeness_words(likeness_frame(alike), alike)


def _verdict(verdict: "Verdict") -> dict[str, Any]:
    return {
        "label": verdict.label,
        "class_name": CLASS_NAMES[verdict.label],
        "probability": verdict.probability,
        "raw_probability": verdict.raw_probability,
        "probabilities": list(verdict.probabilities),
        "raw_probabilities": list(verdict.raw_probabilities),
        "top": [
            {**asdict(ranked), "class_name": CLASS_NAMES[ranked.label]} for ranked in verdict.top
        ],
    }


def _print_readings(predicted: "Predicted", marks: Mapping[str, list[str]]) -> None:
    for reading in predicted.readings:
        if reading.answer is None:
            continue
        print(reading.file)
        for step in reading.steps:
            print(f"  {step.name}: {step.says}")
        if reading.likeness:
            print(f"  likeness: {reading.likeness.verdict}. {_measures(reading.likeness)}")
        for warning in _warnings(reading):
            print(f"  warning: {warning}")
        if hint := _hint(reading):
            print(f"  hint: {hint}")
        _print_answer(reading.answer)
        print()
    if predicted.answers:
        for run_id, words in marks.items():
            if words:
                print(f"{run_id}: {', '.join(words)}")
        for run in predicted.answers.left_out:
            print(f"left out: {run.run_id}: {run.reason}")


def _print_answer(said: "ImageAnswer") -> None:
    rows = [
        (
            verdict.run_id or "all together",
            CLASS_NAMES[verdict.label],
            verdict.probability,
            verdict.raw_probability,
            *(CLASS_NAMES[ranked.label] for ranked in verdict.top[1:]),
        )
        for verdict in (*said.verdicts, said.ensemble)
    ]
    print_table(("run_id", "class", "probability", "raw", "second", "third"), rows)
    print(
        f"{said.agreeing} of {len(said.verdicts)} networks say {CLASS_NAMES[said.majority]}. "
        "Probabilities are calibrated where the run has validation images of its own."
    )
