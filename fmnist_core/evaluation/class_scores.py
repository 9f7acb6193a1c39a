"""How well several runs know each class: answers counted, and probabilities ranked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.metrics import ClassReport, per_class_report
from fmnist_core.evaluation.ranking_metrics import ClassRanking, class_odds, class_rankings
from fmnist_core.evaluation.sheet import Sheet


@dataclass(frozen=True)
class ClassScores:
    """One run on the images that it shares with others.

    Attributes:
        report: precision, recall and F1 of each class, and their averages.
        rankings: average precision and area under the ROC curve of each class.
        macro, weighted: the averages of those over the classes that have them; every class counts
            the same, or every image.
    """

    run_id: str
    report: ClassReport
    rankings: tuple[ClassRanking, ...]
    macro: ClassRanking
    weighted: ClassRanking

    def to_json(self) -> dict[str, Any]:
        """Returns one row a class and the two averages, each with the scores of both kinds."""
        rows = zip(CLASS_NAMES, self.report.classes, self.rankings, strict=True)
        return {
            "run_id": self.run_id,
            "classes": [{"class": name, **asdict(a), **asdict(b)} for name, a, b in rows],
            "macro": {**asdict(self.report.macro), **asdict(self.macro)},
            "weighted": {**asdict(self.report.weighted), **asdict(self.weighted)},
        }


def class_scores(sheet: Sheet) -> tuple[ClassScores, ...]:
    """Returns the scores of every run of a sheet, in its order."""
    return tuple(_class_scores(sheet, row, run_id) for row, run_id in enumerate(sheet.run_ids))


def _class_scores(sheet: Sheet, row: int, run_id: str) -> ClassScores:
    report = per_class_report(sheet.labels, sheet.predicted[row])
    rankings = class_rankings(class_odds(sheet.probabilities[row]), sheet.labels)
    support = [score.support for score in report.classes]
    return ClassScores(
        run_id=run_id,
        report=report,
        rankings=rankings,
        macro=_average(rankings, [1] * len(rankings)),
        weighted=_average(rankings, support),
    )


def _average(rankings: Sequence[ClassRanking], weights: Sequence[int]) -> ClassRanking:
    return ClassRanking(
        _mean([ranking.average_precision for ranking in rankings], weights),
        _mean([ranking.roc_auc for ranking in rankings], weights),
    )


def _mean(values: Sequence[float | None], weights: Sequence[int]) -> float | None:
    known = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None
