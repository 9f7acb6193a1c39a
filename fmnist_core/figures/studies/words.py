"""What stands around the figures of a study: who asked it, its limits, and how it was tested."""

import pandas as pd

from fmnist_core.evaluation.study.limits import limits
from fmnist_core.evaluation.study.result import StudyResult
from fmnist_core.evaluation.study.sentences import beyond_chance, headline
from fmnist_core.figures.leaderboard import short_source
from fmnist_core.listing import listed
from fmnist_core.papers import find_paper

INTERVALS = "Intervals hold which test images were drawn, not the seeds."
PANELS_NOTE = (
    "Mean over the seeds of a level. Training values are taken while training, with dropout and "
    "augmentation on. The steep first epochs may leave the picture."
)
DIAMONDS = "Diamonds: what the source prints."


def asked_by(result: StudyResult) -> str:
    """Returns which sources ask the question, or that it is the reader's own."""
    study = result.study
    if study.own:
        runs = sum(len(one.runs) for one in result.levels)
        return f"Your own sweep: {runs} runs that differ in nothing else but the seed."
    papers = [find_paper(name) for name in study.source]
    names = [short_source(paper.authors, paper.title) for paper in papers]
    also = f"; also by {listed(names[1:])}" if names[1:] else ""
    return f"Asked by {names[0]} ({study.place}){also}".rstrip(".") + "."


def caveats(result: StudyResult) -> list[str]:
    """Returns what limits the conclusions, the notes of its file, and which runs are left out."""
    of_series = [
        f"{part.series.title}: {part.series.note}" for part in result.series if part.series.note
    ]
    lost = [f"{run_id} is left out: {reason}" for run_id, reason in result.unreadable]
    return [*limits(result), *filter(None, [result.study.note, *of_series]), *lost]


def levels_note(frame: pd.DataFrame) -> str:
    """Returns what the marks of `levels.level_chart` mean."""
    ticks = ["Small ticks: single seeds."] if (frame["seeds"] > 1).any() else []
    diamonds = [DIAMONDS] if frame["published"].notna().any() else []
    return " ".join([INTERVALS, *ticks, *diamonds])


def effects_takeaway(result: StudyResult) -> str:
    """Returns the headline of the effects as a sentence."""
    says = headline(result)
    return f"{says[0].upper()}{says[1:]}."


def tested_by(result: StudyResult) -> str:
    """Returns how the effects were tested."""
    if result.spread is None:
        test = "exact McNemar test, or a z-test over images where seeds are averaged"
    else:
        test = "Student's t over test images and seeds together"
    return f"Paired on the same test images: {test}; Holm over the study."


def effects_note(result: StudyResult) -> str:
    """Returns what the marks of `levels.effect_chart` mean, and how they were tested."""
    squares = ""
    if any(one.confounded for one in result.effects):
        squares = " A square has a second cause besides the factor."
    return f"Filled where {beyond_chance(result.effects)}.{squares} {tested_by(result)}"


def grid_note(reference: str) -> str:
    """Returns what the signs of a grid mean."""
    return (
        f"Test accuracy in per cent; ref: {reference}, which the others are tested against; "
        "≈: not separated from it; –: no run of the length compared."
    )


def grid_titles(result: StudyResult) -> tuple[str, str]:
    """Returns what the rows and the columns of a grid are called."""
    names = [name.replace("_", " ").capitalize() for name in result.study.factors]
    rows = "Hidden activation" if names[0] == "Layers" else names[0]
    return rows, names[1]
