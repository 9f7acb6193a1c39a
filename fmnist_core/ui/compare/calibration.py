"""The part of the Compare page that says how far each run's confidence can be believed."""

from collections.abc import Iterable, Mapping

import pandas as pd
import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.trust_sentences import (
    When,
    calibration_sentences,
    confidence_sentences,
    coverage_sentences,
)
from fmnist_core.figures.calibration_charts import (
    BIN_COLUMNS,
    CALIBRATION_COLUMNS,
    FEW_IMAGES,
    calibration_table,
    not_scaled,
    not_scaled_caveat,
    reliability_chart,
    reliability_frame,
    scores_limits,
)
from fmnist_core.figures.comparison import bold_names
from fmnist_core.figures.coverage_risk import (
    COVERAGE_COLUMNS,
    RISK_COLUMNS,
    coverage_chart,
    risk_table,
)
from fmnist_core.figures.palette import run_colors
from fmnist_core.ui.compare.loaders import Trust, trust
from fmnist_core.ui.components import (
    caveat,
    empty_state,
    error_line,
    one_of,
    show_chart,
    show_table,
    takeaway,
)
from fmnist_core.ui.runs import split_caveats

_WHEN = {"before": "As the networks answer", "after": "After temperature scaling"}


def show_calibration(rows: pd.DataFrame) -> None:
    """Draws reliability, scores and coverage-risk of the chosen runs, each on its own test images.

    Args:
        rows: leaderboard rows of the chosen runs.
    """
    labels: dict[str, str] = dict(zip(rows["run_id"], rows["label"], strict=True))
    known = _readable(labels)
    if not known:
        return
    colors, _ = run_colors(rows["label"], rows["architecture"])
    st.header("Is it as often right as it is sure?", anchor=False)
    _show_reliability(known, colors)
    st.header("Scores", anchor=False)
    _show_scores(known)
    for limit in scores_limits(rows["protocol"]):
        caveat(limit)
    split_caveats(rows)
    st.header("What if it may stay silent?", anchor=False)
    _show_coverage(known, colors)


def _readable(labels: Mapping[str, str]) -> dict[str, Trust]:
    """Reads each run by its label; one that was deleted meanwhile hides no other."""
    known = {}
    for run_id, label in labels.items():
        try:
            known[label] = trust(run_id)
        except FmnistError as error:
            error_line(f"{label} is left out: {error}")
    return known


def _show_reliability(known: dict[str, Trust], colors: dict[str, str]) -> None:
    name = one_of("Probabilities", "probabilities", dict(_WHEN))
    when: When = "after" if name == "after" else "before"
    reports = {label: run.report for label, run in known.items()}
    bins = reliability_frame(reports, when)
    if bins.empty:
        empty_state(
            "No temperature for any of these runs.",
            "It is fitted on validation images apart from the test images, which none of them has: "
            "choose a run of another split, or the probabilities as the networks answer.",
        )
        return
    drawn = {label: colors[label] for label in dict.fromkeys(bins["label"])}
    show_chart(
        reliability_chart(bins, drawn),
        says=" ".join(confidence_sentences(reports, _bold(reports), when)),
        data=bins,
        columns=BIN_COLUMNS,
        name=f"reliability_{when}",
        limits=(
            "15 bins of equal width by the largest probability. Below the dashed line a network "
            f"is too sure. Hollow points hold fewer than {FEW_IMAGES} images and say little. "
            "Those outside the picture stand in the table."
        ),
    )


def _show_scores(known: dict[str, Trust]) -> None:
    reports = {label: run.report for label, run in known.items()}
    table = calibration_table(reports)
    takeaway(" ".join(calibration_sentences(reports, _bold(reports))))
    show_table(
        table,
        CALIBRATION_COLUMNS,
        name="calibration",
        alt="Calibration of the chosen runs on their test images, before and after scaling",
    )
    if text := not_scaled_caveat(not_scaled(reports), len(known)):
        caveat(text)


def _show_coverage(known: dict[str, Trust], colors: dict[str, str]) -> None:
    curves = pd.concat(
        [run.coverage.assign(label=label) for label, run in known.items()], ignore_index=True
    )
    known_risks = {label: run.risks for label, run in known.items()}
    table = risk_table(known_risks)
    show_chart(
        coverage_chart(curves, colors),
        says=" ".join(coverage_sentences(known_risks, _bold(known))),
        data=curves,
        columns=COVERAGE_COLUMNS,
        name="coverage_risk",
        limits=(
            "Images in order of the largest probability, the surest first; where that is 1, in "
            "order of what is left for all other classes. A curve that stays low for long belongs "
            "to a network that knows where it may be wrong."
        ),
    )
    show_table(
        table,
        RISK_COLUMNS,
        name="risk",
        alt="Share of wrong answers among the images each run is surest of",
    )


def _bold(labels: Iterable[str]) -> dict[str, str]:
    """Returns label -> the name that a sentence prints."""
    return bold_names({label: label for label in labels})
