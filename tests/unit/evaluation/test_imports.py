"""Evaluation is light enough for the web process."""

import pkgutil
import subprocess
import sys

import fmnist_core.evaluation
import fmnist_core.runs


def test_evaluation_and_runs_import_nothing_heavy():
    names = [
        f"{package.__name__}.{module.name}"
        for package in (fmnist_core.evaluation, fmnist_core.runs)
        for module in pkgutil.iter_modules(package.__path__)
    ]
    code = (
        "import sys\n"
        + "".join(f"import {name}\n" for name in names)
        + "heavy = {'scipy', 'sklearn', 'pandas', 'tensorflow', 'keras', 'streamlit'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
