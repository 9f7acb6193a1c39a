"""What checks of claims are made with, over the runs of a test's folder."""

from collections import defaultdict
from pathlib import Path

from fmnist_core.evaluation.compare import read_answers
from fmnist_core.evaluation.fit import run_fit
from fmnist_core.evaluation.ledger.rows import read_ledger
from fmnist_core.evaluation.study.result import StudyResult, study_result
from fmnist_core.figures.papers.facts import Facts
from fmnist_core.runs.read import read_history, read_run
from fmnist_core.studies import read_studies


def facts_of(root: Path, **f1: tuple[float, ...]) -> Facts:
    """Facts of the runs in a folder, whatever their budget."""
    runs = defaultdict(list)
    for path in sorted(root.glob("*-*")):
        run = read_run(root, path.name)
        runs[run.architecture].append(run)
    return Facts(
        read_ledger(root),
        dict(runs),
        lambda run_id: read_answers(root, run_id),
        lambda run_id: run_fit(read_run(root, run_id), read_history(root, run_id)),
        lambda run_id: f1[run_id.partition("-")[0]],
        lambda run_id: [row.val_loss for row in read_history(root, run_id)],
        lambda study_id: _study_of(root, study_id),
    )


def _study_of(root: Path, study_id: str) -> StudyResult:
    (study,) = (study for study in read_studies() if study.id == study_id)
    runs = [read_run(root, path.name) for path in sorted(root.glob("*-*"))]
    return study_result(study, runs, lambda run_id: read_answers(root, run_id))
