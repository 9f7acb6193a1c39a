"""Metrics and tests on the predictions of real networks equal scikit-learn's and SciPy's.

Where statsmodels is the reference, its values (0.15.0) are written down instead of installed.
"""

import itertools

import numpy as np
import pytest
import sklearn.metrics
from scipy.stats import binomtest

from fmnist_core.evaluation.compare import compare_runs
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.metrics import confusion_matrix, per_class_report
from fmnist_core.evaluation.sheet import read_sheet
from fmnist_core.evaluation.significance import holm, mcnemar_exact
from tests.unit.evaluation.example_sheets import (
    SHIPPED,
    needs_runs,
    random_answers,
    shipped,
    shipped_predictions,
)


@pytest.mark.parametrize(
    ("a_only", "b_only", "p"),
    [
        # A. Agresti, Categorical Data Analysis, 2nd ed., table 10.1 (ratings of a prime minister).
        (86, 150, 3.7159361395713866e-05),
        # Fagerland, Lydersen, Laake, BMC Medical Research Methodology 13:91, 2013: complete
        # response before and after a transplantation, printed as 0.0525.
        (6, 16, 0.052478790283203125),
        # Hypothetical disease before and after a treatment, in many textbooks.
        (121, 59, 4.4344492637551645e-06),
        (376, 330, 0.09027078239469356),
    ],
)
def test_mcnemar_equals_statsmodels(a_only, b_only, p):
    """`statsmodels.stats.contingency_tables.mcnemar(table, exact=True)`."""
    assert mcnemar_exact(a_only, b_only) == pytest.approx(p, rel=1e-9)


def test_holm_equals_statsmodels():
    """`statsmodels.stats.multitest.multipletests(p, method="holm")`."""
    found = holm([0.01, 0.04, 0.03, 0.005, 0.2, 0.04, 0.0009, 0.6])
    assert found == pytest.approx([0.06, 0.16, 0.15, 0.035, 0.4, 0.16, 0.0072, 0.6], abs=1e-12)


@pytest.mark.parametrize(
    ("hits", "images", "low", "high"),
    [
        (9165, 10_000, 0.9109167713416663, 0.9217633580155601),
        (12_684, 14_000, 0.9010539476820082, 0.9107233088249599),
        (10_000, 10_000, 0.9996160016293234, 1),
        (0, 10_000, 0, 0.0003839983706765959),
    ],
)
def test_wilson_equals_statsmodels(hits, images, low, high):
    """`statsmodels.stats.proportion.proportion_confint(hits, images, method="wilson")`."""
    assert wilson_interval(hits, images) == pytest.approx((low, high), abs=1e-12)


def _check_classes(labels, predicted):
    report = per_class_report(labels, predicted)
    expected = sklearn.metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(10), zero_division=0
    )
    found = [(row.precision, row.recall, row.f1, row.support) for row in report.classes]
    assert np.allclose(found, np.transpose(expected), rtol=0, atol=1e-9)
    for average in ("macro", "weighted"):
        expected = sklearn.metrics.precision_recall_fscore_support(
            labels, predicted, labels=range(10), zero_division=0, average=average
        )[:3]
        found = getattr(report, average)
        assert (found.precision, found.recall, found.f1) == pytest.approx(expected, abs=1e-9)
    matrix = sklearn.metrics.confusion_matrix(labels, predicted, labels=range(10))
    assert np.array_equal(confusion_matrix(labels, predicted), matrix)


@needs_runs
def test_scores_of_every_class_of_real_networks_equal_scikit_learn():
    for run_id in shipped()[:4]:
        stored = shipped_predictions(run_id)
        _check_classes(stored.test_labels, stored.test_probabilities.argmax(axis=1))


def test_a_class_that_is_never_predicted_has_a_precision_of_0():
    probabilities, labels = random_answers(0)
    predicted = probabilities.argmax(axis=1)
    never = set(range(10)) - set(predicted.tolist())
    assert never
    _check_classes(labels, predicted)
    for label in never:
        row = per_class_report(labels, predicted).classes[label]
        assert (row.precision, row.f1, row.predicted) == (0, 0, 0)


@needs_runs
def test_pairs_of_real_networks_equal_scipy():
    ids = shipped()[:6]
    comparison = compare_runs(SHIPPED, ids)
    sheet = read_sheet(SHIPPED, ids)
    for pair, (i, j) in zip(
        comparison.pairs, itertools.combinations(range(len(ids)), 2), strict=True
    ):
        a_only = int((sheet.correct[i] & ~sheet.correct[j]).sum())
        b_only = int((~sheet.correct[i] & sheet.correct[j]).sum())
        assert (pair.a_only_correct, pair.b_only_correct) == (a_only, b_only)
        expected = binomtest(a_only, a_only + b_only).pvalue
        assert pair.mcnemar_p == pytest.approx(expected, abs=1e-9)
        assert pair.accuracy_difference == pytest.approx(
            sheet.accuracies[i] - sheet.accuracies[j], abs=1e-12
        )
    for run, right in zip(comparison.runs, sheet.correct, strict=True):
        expected = binomtest(int(right.sum()), right.size).proportion_ci(0.95, method="wilson")
        assert run.test_accuracy_ci95 == pytest.approx((expected.low, expected.high), abs=1e-9)
