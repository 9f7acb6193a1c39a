"""Everything that can be said of several runs beside each other: numbers and their sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fmnist_core.errors import RunError
from fmnist_core.evaluation.agreement import agreement_matrix, error_overlap, wrong_counts
from fmnist_core.evaluation.calibration_report import CalibrationReport, calibration_report
from fmnist_core.evaluation.class_scores import ClassScores, class_scores
from fmnist_core.evaluation.compare import Comparison, answers, compare_answers
from fmnist_core.evaluation.ensembles import EnsembleResult, Method
from fmnist_core.evaluation.fit import FitVerdict, run_fit
from fmnist_core.evaluation.member_choice import (
    Choice,
    choice_sentence,
    choose_members,
    left_out_sentences,
)
from fmnist_core.evaluation.seeds import SeedGroup, seed_groups
from fmnist_core.evaluation.selective import CoverageRisk, coverage_risk
from fmnist_core.evaluation.sentences import (
    Names,
    agreement_sentences,
    comparison_sentence,
    coverage_sentence,
    ensemble_sentence,
    pair_sentence,
    renamed,
    seed_sentences,
    tie_remark,
    tie_sentences,
    untested_sentence,
)
from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.evaluation.significance_sentences import identical_sentence, leader_sentences
from fmnist_core.evaluation.tie_groups import TieGroup, tie_groups
from fmnist_core.evaluation.together_report import (
    choice_json,
    ensembles,
    ensembles_json,
    equal_budgets_json,
)
from fmnist_core.evaluation.trust_sentences import (
    Risks,
    calibration_sentences,
    confidence_sentences,
    coverage_sentences,
    risks,
)
from fmnist_core.runs.read import read_history, read_predictions, read_run


@dataclass(frozen=True, eq=False)
class CompareReport:
    """Several runs: accuracies and paired tests, and everything that stands beside them.

    Attributes:
        fits: how well each run fits; `None` where it was not measured on both sets.
        calibration: one a run, on its own test images; `coverage` likewise.
        sheet: the answers on the images that all share; `None` where there are none, and then
            `no_sheet` says why.
        classes: how well each run knows each class, on those images; `None` without any.
        together: what all runs do as one, by method; `choice`, members chosen on validation.
        equal_budgets: where they stood at the most that all had spent, by kind of cost.
    """

    comparison: Comparison
    ties: tuple[TieGroup, ...]
    seeds: tuple[SeedGroup, ...]
    fits: tuple[FitVerdict | None, ...]
    calibration: tuple[CalibrationReport, ...]
    coverage: tuple[CoverageRisk, ...]
    sheet: Sheet | None
    no_sheet: str
    classes: tuple[ClassScores, ...] | None
    together: Mapping[Method, EnsembleResult]
    choice: Choice
    equal_budgets: Sequence[Mapping[str, Any]]

    def says(self, names: Names) -> dict[str, list[str]]:
        """Returns the sentences by topic; those of `pairs` in the order of the pairs."""
        runs = [run.run_id for run in self.comparison.runs]
        reports = dict(zip(runs, self.calibration, strict=True))
        remark = tie_remark(self.comparison)
        return {
            "comparison": [
                comparison_sentence(self.comparison, names),
                *leader_sentences(self.comparison, names)[:1],  # the first counts the pairs
                *filter(None, [identical_sentence(self.comparison, names)]),
            ],
            "pairs": [
                f"{pair_sentence(pair, names)} {renamed(pair.remark, names)}".rstrip()
                for pair in self.comparison.pairs
            ],
            "untested": [untested_sentence(pair, names) for pair in self.comparison.untested],
            "tie_groups": [*tie_sentences(self.ties, names), *filter(None, [remark])],
            "seed_groups": seed_sentences(self.seeds, names),
            "fit": [
                f"{names[run_id]}: {fit.verdict}. {fit.reason}"
                for run_id, fit in zip(runs, self.fits, strict=True)
                if fit is not None
            ],
            "calibration": [
                *(f"{names[run_id]}: {report.says}" for run_id, report in reports.items()),
                *confidence_sentences(reports, names),
                *calibration_sentences(reports, names),
            ],
            "coverage": [
                *(coverage_sentence(self.coverage[n], names[run]) for n, run in enumerate(runs)),
                *coverage_sentences(self._risks(), names),
            ],
            "agreement": self._agreement_says(names),
            "ensembles": [
                f"{method}: {ensemble_sentence(result, names)}"
                for method, result in self.together.items()
            ],
            "greedy_choice": [
                *left_out_sentences(self.choice, names),
                choice_sentence(self.choice, names),
            ],
        }

    def to_json(self) -> dict[str, Any]:
        """Returns the documented keys of the comparison, and one key for each thing beside it."""
        runs = [run.run_id for run in self.comparison.runs]
        return {
            **self.comparison.to_json(),
            "tie_groups": [asdict(group) for group in self.ties],
            "seed_groups": [asdict(group) for group in self.seeds],
            "fit": [
                {"run_id": run_id, **asdict(fit)} if fit else {"run_id": run_id, "verdict": None}
                for run_id, fit in zip(runs, self.fits, strict=True)
            ],
            "calibration": [
                {"run_id": run_id, **asdict(report)}
                for run_id, report in zip(runs, self.calibration, strict=True)
            ],
            "coverage": [
                {"run_id": run_id, "aurc": of_run.aurc}
                | {f"risk_at_{share:g}": risk for share, risk in of_run.at.items()}
                for run_id, of_run in self._risks().items()
            ],
            "agreement": _agreement_json(self.sheet),
            "class_scores": None if self.classes is None else [c.to_json() for c in self.classes],
            "ensembles": ensembles_json(self.together),
            "greedy_choice": choice_json(self.choice),
            "equal_budget": list(self.equal_budgets),
            "says": self.says({run_id: run_id for run_id in runs}),
        }

    def _risks(self) -> dict[str, Risks]:
        curves = zip(self.comparison.runs, self.coverage, strict=True)
        return {run.run_id: risks(curve) for run, curve in curves}

    def _agreement_says(self, names: Names) -> list[str]:
        if self.sheet is None:
            return [renamed(self.no_sheet, names)]
        remarks = [renamed(remark, names) for remark in self.sheet.remarks]
        return [*agreement_sentences(self.sheet, names), *remarks]


def compare_report(root: Path, run_ids: Sequence[str]) -> CompareReport:
    """Returns everything about stored runs, from their records and cached predictions.

    Raises:
        RunError: a run is damaged, or comes twice.
        UnknownNameError: there is no such run.
    """
    records = [read_run(root, run_id) for run_id in run_ids]
    stored = [read_predictions(root, run_id) for run_id in run_ids]
    runs = [
        (run.run_id, predictions, run.protocol)
        for run, predictions in zip(records, stored, strict=True)
    ]
    comparison = compare_answers([answers(*run) for run in runs])
    sheet, no_sheet = None, ""
    try:
        sheet = make_sheet(runs)
    except RunError as error:  # they share no image; each is still worth its own numbers
        no_sheet = str(error)
    histories = {run.run_id: read_history(root, run.run_id) for run in records}
    return CompareReport(
        comparison=comparison,
        ties=tie_groups(comparison),
        seeds=seed_groups(records),
        fits=tuple(run_fit(run, histories[run.run_id]) for run in records),
        calibration=tuple(calibration_report(p, protocol) for _, p, protocol in runs),
        coverage=tuple(coverage_risk(p.test_probabilities, p.test_labels) for p in stored),
        sheet=sheet,
        no_sheet=no_sheet,
        classes=None if sheet is None else class_scores(sheet),
        together=ensembles(sheet),
        choice=choose_members(runs, "mean"),
        equal_budgets=equal_budgets_json(records, histories),
    )


def _agreement_json(sheet: Sheet | None) -> dict[str, Any] | None:
    if sheet is None:
        return None
    failed = wrong_counts(sheet)
    return {
        "images": len(sheet.labels),
        "same_class": agreement_matrix(sheet).tolist(),
        "error_overlap": error_overlap(sheet).tolist(),
        "images_wrong_in_all": int((failed == len(sheet.run_ids)).sum()),
        "images_right_in_all": int((failed == 0).sum()),
    }
