"""Everything that can be said of several runs beside each other: numbers and their sentences."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fmnist_core.errors import RunError
from fmnist_core.evaluation.agreement import agreement_matrix, error_overlap, wrong_counts
from fmnist_core.evaluation.calibration_report import CalibrationReport, calibration_report
from fmnist_core.evaluation.compare import Comparison, answers, compare_answers
from fmnist_core.evaluation.fit import FitVerdict, run_fit
from fmnist_core.evaluation.seeds import SeedGroup, seed_groups
from fmnist_core.evaluation.selective import CoverageRisk, coverage_risk, risk_at
from fmnist_core.evaluation.sentences import (
    MOST_SURE,
    Names,
    agreement_sentences,
    comparison_sentence,
    coverage_sentence,
    pair_sentence,
    renamed,
    seed_sentences,
    tie_remark,
    tie_sentences,
    untested_sentence,
)
from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.evaluation.tie_groups import TieGroup, tie_groups
from fmnist_core.runs.read import read_history, read_predictions, read_run


@dataclass(frozen=True, eq=False)
class CompareReport:
    """Several runs: accuracies and paired tests, and everything that stands beside them.

    Attributes:
        fits: how well each run fits; `None` where it was not measured on both sets.
        calibration: one a run, on its own test images; `coverage` likewise.
        sheet: the answers on the images that all share; `None` where there are none, and then
            `no_sheet` says why.
    """

    comparison: Comparison
    ties: tuple[TieGroup, ...]
    seeds: tuple[SeedGroup, ...]
    fits: tuple[FitVerdict | None, ...]
    calibration: tuple[CalibrationReport, ...]
    coverage: tuple[CoverageRisk, ...]
    sheet: Sheet | None
    no_sheet: str

    def says(self, names: Names) -> dict[str, list[str]]:
        """Returns the sentences by topic; those of `pairs` in the order of the pairs."""
        runs = [run.run_id for run in self.comparison.runs]
        together = zip(runs, self.calibration, strict=True)
        remark = tie_remark(self.comparison)
        return {
            "comparison": [comparison_sentence(self.comparison, names)],
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
            "calibration": [f"{names[run_id]}: {report.says}" for run_id, report in together],
            "coverage": [
                coverage_sentence(curve, names[run_id])
                for run_id, curve in zip(runs, self.coverage, strict=True)
            ],
            "agreement": self._agreement_says(names),
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
                {
                    "run_id": run_id,
                    "aurc": curve.aurc,
                    f"risk_at_{MOST_SURE:g}": risk_at(curve, MOST_SURE),
                    "risk_at_1": risk_at(curve, 1),
                }
                for run_id, curve in zip(runs, self.coverage, strict=True)
            ],
            "agreement": _agreement_json(self.sheet),
            "says": self.says({run_id: run_id for run_id in runs}),
        }

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
    return CompareReport(
        comparison=comparison,
        ties=tie_groups(comparison),
        seeds=seed_groups(records),
        fits=tuple(run_fit(run, read_history(root, run.run_id)) for run in records),
        calibration=tuple(calibration_report(p, protocol) for _, p, protocol in runs),
        coverage=tuple(coverage_risk(p.test_probabilities, p.test_labels) for p in stored),
        sheet=sheet,
        no_sheet=no_sheet,
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
