"""The catalogue as plain dictionaries, for JSON."""

import dataclasses
from typing import Any

from fmnist_core.papers.schema import Paper, System


def system_json(system: System) -> dict[str, Any]:
    """What the sources say of a system; `layer_text` is its layers, `source` the id of its paper.

    Counts and shapes are not in it: they come from `fmnist_core.architectures`.
    """
    record = dataclasses.asdict(system)
    record["source"] = record.pop("paper")
    record["layer_text"] = record.pop("layers")
    record["layers_given"] = system.source_gives
    record["protocol"] = system.protocol
    stated = system.stated_params
    record["stated_params"] = None if stated is None else dataclasses.asdict(stated)
    del record["params_obtainable"], record["params_note"]  # both stand in stated_params
    return record


def paper_json(paper: Paper) -> dict[str, Any]:
    """A source document."""
    return dataclasses.asdict(paper)
