"""Results of studies over runs that a test describes."""

import pytest

from fmnist_core.evaluation.compare import read_answers
from fmnist_core.evaluation.study.result import study_result
from fmnist_core.runs.read import read_run, run_ids
from fmnist_core.studies import read_studies
from tests.fixture_studies import setups, write_level_run


@pytest.fixture
def result_of(tmp_path):
    """Writes runs {label: accuracy, or accuracies by seed} of a series; returns the result."""

    def make(study_id, series_id, accuracies, **changes):
        asks = setups(study_id, series_id)
        number = len(run_ids(tmp_path))
        for label, values in accuracies.items():
            for seed, value in enumerate(values if isinstance(values, tuple) else (values,)):
                number += 1
                write_level_run(tmp_path, asks[label], value, number=number, seed=seed, **changes)
        study = next(study for study in read_studies() if study.id == study_id)
        runs = [read_run(tmp_path, run_id) for run_id in run_ids(tmp_path)]
        return study_result(study, runs, lambda run_id: read_answers(tmp_path, run_id))

    return make
