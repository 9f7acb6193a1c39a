"""`studies list` and `show`."""

import argparse
from functools import partial
from typing import Any

from fmnist_core.cli.output import print_json, print_table
from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.compare import read_answers
from fmnist_core.evaluation.epoch_swing import read_seeds_from_epochs
from fmnist_core.evaluation.study.effects import Effect
from fmnist_core.evaluation.study.limits import limits
from fmnist_core.evaluation.study.result import LevelResult, StudyResult
from fmnist_core.evaluation.study.sentences import (
    conclusions,
    effect_sentence,
    headline,
)
from fmnist_core.evaluation.study.sweeps import every_result
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_run, run_ids


def list_all(options: argparse.Namespace) -> int:
    """Prints every study, the reader's own sweeps too, with what is trained of it."""
    entries = [_entry(result) for result in _results()]
    if options.json:
        print_json(entries)
    else:
        columns = ("id", "trained", "levels", "headline")
        print_table(columns, [[entry[column] for column in columns] for entry in entries])
    return 0


def show(options: argparse.Namespace) -> int:
    """Prints one study: levels, effects, what can be concluded and what not."""
    results = {result.study.id: result for result in _results()}
    if options.id not in results:
        raise UnknownNameError("study", options.id, results)
    result = results[options.id]
    if options.json:
        print_json(_record(result))
    else:
        _print(result)
    return 0


def _results() -> tuple[StudyResult, ...]:
    """Over every run that is there and can be read; `runs list` names the damaged ones."""
    root, runs = runs_root(), []
    for run_id in run_ids(root):
        try:
            runs.append(read_run(root, run_id))
        except (RunError, UnknownNameError):
            continue
    return every_result(runs, partial(read_answers, root), partial(read_seeds_from_epochs, root))


def _entry(result: StudyResult) -> dict[str, Any]:
    study = result.study
    return {
        "id": study.id,
        "title": study.title,
        "question": study.question,
        "factors": list(study.factors),
        "own": study.own,
        "trained": sum(bool(one.runs) for one in result.levels),
        "levels": len(result.levels),
        "headline": headline(result),
    }


def _record(result: StudyResult) -> dict[str, Any]:
    return {
        **_entry(result),
        "source": list(result.study.source),
        "place": result.study.place,
        "series": [
            {
                "id": part.series.id,
                "title": part.series.title,
                "levels": [_level(one) for one in part.levels],
                "effects": [_effect(one) for one in part.effects],
            }
            for part in result.series
        ],
        "conclusions": conclusions(result),
        "limits": limits(result),
        "unreadable": [{"run_id": name, "reason": why} for name, why in result.unreadable],
    }


def _level(one: LevelResult) -> dict[str, Any]:
    return {
        "label": one.level.label,
        "architecture": one.setup.architecture,
        "run_ids": list(one.run_ids),
        "seeds": [run.seed for run in one.runs],
        "test_accuracy": one.accuracy,
        "test_accuracy_ci95": one.ci95,
        "seed_deviation": one.seed_deviation,
        "reduced": one.reduced,
        "command": one.command,
    }


def _effect(one: Effect) -> dict[str, Any]:
    return {**vars(one), "separated": one.separated}


def _print(result: StudyResult) -> None:
    study = result.study
    print(f"{study.id}: {study.question}\n")
    for part in result.series:
        print(part.series.title)
        print_table(
            ("level", "seeds", "accuracy", "low", "high", "seed_deviation"),
            [
                [
                    one.label,
                    len(one.runs),
                    one.accuracy,
                    *(one.ci95 or (None, None)),
                    one.seed_deviation,
                ]
                for one in part.levels
            ],
        )
        for effect in part.effects:
            print(f"  {effect_sentence(effect)}")
        print()
    for sentence in (*conclusions(result), *limits(result), study.note):
        if sentence:
            print(f"- {sentence}")
    missing = [one for part in result.series for one in part.missing]
    if missing:
        print("\nto train what is missing")
        for one in missing:
            print(f"  {one.command}")
