"""The catalogue as JSON."""

import json

import pytest

from fmnist_core.papers import find_system, papers, systems
from fmnist_core.papers.export import paper_json, system_json


@pytest.mark.parametrize("system", systems(), ids=lambda system: system.id)
def test_every_system_survives_json(system):
    record = json.loads(json.dumps(system_json(system), allow_nan=False))
    assert record["id"] == system.id
    assert record["source"] == system.paper
    assert record["layer_text"] == system.layers
    assert record["layers_given"] == system.source_gives
    assert record["protocol"] == system.recipe["protocol"]
    assert len(record["published"]) == len(system.published)


def test_stated_counts_stand_together():
    assert system_json(find_system("awasthi_enhanced"))["stated_params"] == {
        "total": 422922,
        "trainable": 422474,
        "non_trainable": 448,
        "obtainable": True,
        "note": "",
    }
    assert system_json(find_system("kadam_a1"))["stated_params"] is None


def test_papers_survive_json():
    for record in map(paper_json, papers()):
        assert json.loads(json.dumps(record))["id"] == record["id"]
