"""How far the confidence of several runs can be believed, beside each other, in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fmnist_core.evaluation.calibration_report import Calibration, CalibrationReport
from fmnist_core.evaluation.selective import CoverageRisk, risk_at

Names = Mapping[str, str]
Reports = Mapping[str, CalibrationReport]
When = Literal["before", "after"]

# Shares of the images, surest first, at which errors are stated.
COVERAGES = (0.5, 0.8, 0.9, 1.0)
# A smaller gap prints as 0.0 points.
_NO_GAP = 0.0005


@dataclass(frozen=True)
class Risks:
    """What a run gets wrong if it may stay silent.

    Attributes:
        aurc: mean risk over all coverages.
        at: share of wrong answers at each of `COVERAGES`.
    """

    aurc: float
    at: Mapping[float, float]


def risks(curve: CoverageRisk) -> Risks:
    """Returns the risks of a curve; 0 without images."""
    return Risks(curve.aurc, {share: risk_at(curve, share) or 0.0 for share in COVERAGES})


def scores_of(report: CalibrationReport, when: When) -> Calibration | None:
    """Returns the scores as the network answers, or those with its temperature if it has one."""
    return report.before if when == "before" else report.after


def confidence_gap(scores: Calibration) -> float:
    """Returns mean confidence minus accuracy over all images; above 0 the network is too sure."""
    gaps = (
        part.images * (part.confidence - part.accuracy)
        for part in scores.bins
        if part.confidence is not None and part.accuracy is not None
    )
    return sum(gaps) / max(1, scores.images)


def confidence_sentences(reports: Reports, names: Names, when: When = "before") -> list[str]:
    """Returns who is too sure and who not sure enough, and how full the fullest bin is."""
    known = {run_id: scores for run_id, r in reports.items() if (scores := scores_of(r, when))}
    if not known:
        return []
    shares = [
        max(part.images for part in scores.bins) / max(1, scores.images)
        for scores in known.values()
    ]
    fullest = f"{100 * sum(shares) / len(shares):.0f} %"
    gaps = {run_id: confidence_gap(scores) for run_id, scores in known.items()}
    if len(known) == 1:
        ((run_id, gap),) = gaps.items()
        return [_own_gap(names[run_id], gap), f"Its fullest bin holds {fullest} of its images."]
    return [
        _gaps(gaps, names),
        f"The fullest bin holds {fullest} of a run's images on average.",
    ]


def _own_gap(name: str, gap: float) -> str:
    if abs(gap) < _NO_GAP:
        return f"{name} is on average as sure as it is right."
    side = "more" if gap > 0 else "less"
    return f"{name} is on average {side} sure than right, by {100 * abs(gap):.1f} points."


def _gaps(gaps: Mapping[str, float], names: Names) -> str:
    over = sum(gap >= _NO_GAP for gap in gaps.values())
    most, least = max(gaps, key=lambda run: gaps[run]), min(gaps, key=lambda run: gaps[run])
    text = f"{_who(over, len(gaps))} more sure than right on average"
    if over:
        most_of_all = " most," if over > 1 else ""
        text += f", {names[most]}{most_of_all} by {100 * gaps[most]:.1f} points"
    if gaps[least] <= -_NO_GAP:
        text += (
            f"; {names[least]} is the least sure of itself, {100 * -gaps[least]:.1f} points below "
            "its accuracy"
        )
    return f"{text}."


def _who(part: int, whole: int) -> str:
    if part == whole:
        return "Both runs are" if whole == 2 else f"All {whole} runs are"
    if not part:
        return "Neither run is" if whole == 2 else f"None of the {whole} runs is"
    return f"{part} of {whole} runs {'is' if part == 1 else 'are'}"


def calibration_sentences(reports: Reports, names: Names) -> list[str]:
    """Returns who is calibrated best as it answers, and what the temperatures change."""
    ece = {run_id: report.before.ece for run_id, report in reports.items()}
    best, worst = min(ece, key=lambda run: ece[run]), max(ece, key=lambda run: ece[run])
    low, high = f"{100 * ece[best]:.1f} %", f"{100 * ece[worst]:.1f} %"
    if len(reports) == 1:
        text = f"{names[best]} has an expected calibration error (ECE) of {low}."
    elif low == high:
        count = "both" if len(reports) == 2 else f"all {len(reports)}"
        text = f"As they answer, {count} runs have an expected calibration error (ECE) of {low}."
    else:
        text = (
            f"By the expected calibration error (ECE), as they answer, {names[best]} is "
            f"calibrated best ({low}), {names[worst]} worst ({high})."
        )
    return [text, *filter(None, [_temperatures(reports, names)])]


def _temperatures(reports: Reports, names: Names) -> str:
    scaled = [
        (run_id, report.temperature, report.before.ece, report.after.ece)
        for run_id, report in reports.items()
        if report.temperature is not None and report.after is not None
    ]
    if not scaled:
        return ""
    if len(scaled) == 1:
        ((run_id, temperature, before, after),) = scaled
        whose = "its error" if len(reports) == 1 else f"the error of {names[run_id]}"
        return (
            f"A temperature of {temperature:.2f} turns {whose} of {100 * before:.1f} % into "
            f"{100 * after:.1f} %."
        )
    better = sum(after < before for _, _, before, after in scaled)
    low, high = (f"{end(row[1] for row in scaled):.2f}" for end in (min, max))
    span = f"A temperature of {low} each" if low == high else f"Temperatures from {low} to {high}"
    verb = "makes" if low == high else "make"
    return (
        f"{span} {verb} it smaller for {better} of {len(scaled)} runs, then "
        f"{100 * max(row[3] for row in scaled):.1f} % at most."
    )


def coverage_sentences(known: Mapping[str, Risks], names: Names) -> list[str]:
    """Returns who knows best where it is wrong, and whether it is also wrong least."""
    best = min(known, key=lambda run: known[run].aurc)
    halves = (
        f"wrong in {100 * known[best].at[0.5]:.2f} % of the half it is surest of, and in "
        f"{100 * known[best].at[1.0]:.2f} % of all"
    )
    if len(known) == 1:
        return [f"{names[best]} is {halves}."]
    text = (
        f"{names[best]} errs least on average over all coverages ({100 * known[best].aurc:.2f} %): "
        f"{halves}."
    )
    whole = min(known, key=lambda run: known[run].at[1.0])
    if known[whole].at[1.0] == known[best].at[1.0]:
        return [text]
    return [
        text,
        f"On all images {names[whole]} errs least ({100 * known[whole].at[1.0]:.2f} %), but it "
        "knows less well where.",
    ]
