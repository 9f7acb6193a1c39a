"""run.json: exactly its keys, each in its range."""

import copy
import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.errors import RunError
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import (
    ImageCounts,
    Machine,
    Metrics,
    Params,
    Provenance,
    Run,
    parse_run,
)

RECORDS = (Run, Metrics, Params, ImageCounts, Machine, Provenance, EpochRow)

WRONG = [
    ("schema_version", 2),
    ("schema_version", True),
    ("run_id", "../x"),
    ("name", "x" * 201),
    ("name", "bell\a"),
    ("name", "line\nbreak"),
    ("name", "\u202egnp.exe"),
    ("name", "\ud800"),
    ("name", None),
    ("architecture", "Kadam A1"),
    ("variant", ""),
    ("layers", ["flatten"]),
    ("protocol", ""),
    ("seed", -1),
    ("seed", 1.0),
    ("seed", "1"),
    ("dataset_sha256", {}),
    ("dataset_sha256", dict.fromkeys("abcd", "0" * 63)),
    ("status", "running"),
    ("epochs", 10**9),
    ("epochs", 4),
    ("budget", "none"),
    ("created", "2025-01-31"),
    ("train_seconds", -0.1),
    ("train_seconds", 1e999),
    ("latency_ms", float("nan")),
    ("macs", 1.5),
    ("weight_digest", "A" * 64),
    ("versions", {}),
    ("recipe.optimizer", "sgdx"),
    ("recipe.batch_size", 0),
    ("recipe.epochs", "20"),
    ("recipe.learning_rate", True),
    ("recipe.seed", 77),
    ("recipe.unknown", 1),
    ("metrics.test_accuracy", 1.01),
    ("metrics.test_accuracy", None),
    ("metrics.test_accuracy_ci95", [0.1]),
    ("metrics.test_accuracy_ci95", [0.1, 0.2]),
    ("metrics.val_loss", float("inf")),
    ("metrics.unknown", 1),
    ("params.total", 51),
    ("images.test", 0),
    ("machine.threads", 0),
    ("provenance.protocol_differences", ["x"] * 51),
    ("provenance.protocol_differences", [1]),
    ("provenance.notes", 1),
]


def _changed(run: Run, key: str, value: object) -> dict:
    record = copy.deepcopy(run.to_json())
    place = record
    *outer, last = key.split(".")
    for name in outer:
        place = place[name]
    place[last] = value
    return record


def test_a_record_reads_back_as_it_was_written(stored):
    text = json.dumps(stored.run.to_json()).encode()
    assert parse_run(text, stored.run.run_id) == stored.run


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_wrong_value_is_refused_and_its_key_named(stored, key, value):
    with pytest.raises(RunError, match=r"must .*Received") as error:
        Run.from_json(_changed(stored.run, key, value))
    assert str(error.value).startswith("run.json")
    assert key.split(".")[-1] in str(error.value)


@pytest.mark.parametrize(
    "created", ["9999-99-99T99:99:99Z", "0000-01-01T00:00:00Z", "2025-02-29T12:00:00Z"]
)
def test_a_moment_that_never_was_is_refused(stored, created):
    with pytest.raises(RunError, match=f"created must be a date .* Received: '{created}'"):
        Run.from_json(_changed(stored.run, "created", created))


def test_a_missing_key_is_refused_at_every_level(stored):
    record = stored.run.to_json()
    for place in (record, record["metrics"], record["params"], record["machine"], record["recipe"]):
        for key in list(place):
            value = place.pop(key)
            with pytest.raises(RunError, match=f"missing: .*{key}"):
                Run.from_json(record)
            place[key] = value
    assert Run.from_json(record) == stored.run


@pytest.mark.parametrize("changes", [{"train_seconds": float("nan")}, {"seed": 5}, {"epochs": -1}])
def test_a_record_that_could_not_be_read_is_not_written(stored, changes):
    with pytest.raises(RunError):
        dataclasses.replace(stored.run, **changes).to_json()


def test_the_record_of_another_run_is_refused(stored):
    with pytest.raises(RunError, match="must belong to other-20250131-235959-00000a"):
        parse_run(json.dumps(stored.run.to_json()).encode(), "other-20250131-235959-00000a")


def test_a_baseline_needs_no_recipe_model_or_validation(stored):
    record = stored.run.to_json()
    record |= {"recipe": None, "macs": None, "latency_ms": None, "size_bytes": None}
    record["metrics"] |= {"val_accuracy": None, "val_loss": None, "train_loss": None}
    assert Run.from_json(record).recipe is None


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_no_json_value_does_more_than_be_refused(value):
    with pytest.raises(RunError):
        Run.from_json(value)


def test_the_documentation_names_every_key():
    text = (Path(__file__).parents[3] / "cached_runs" / "README.md").read_text()
    for record in RECORDS:
        for field in dataclasses.fields(record):
            assert f"`{field.name}`" in text, f"{record.__name__}.{field.name}"
