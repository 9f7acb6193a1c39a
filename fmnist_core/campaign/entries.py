"""The list of wanted runs: groups in `runs.toml`, in order of value, made into one plan a run."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fmnist_core.campaign.matching import training_key
from fmnist_core.papers.strict_toml import CatalogueError, load_toml, read_record
from fmnist_core.runs.ids import new_run_id
from fmnist_core.training.baselines.definitions import BASELINES, BaselinePlan, plan_baseline
from fmnist_core.training.plan import Plan, plan_run

RUNS = Path(__file__).parent / "runs.toml"


@dataclass(frozen=True)
class Level:
    """One setting of what a group varies.

    Attributes:
        id: part of the entry's id; empty for the catalogue's own setting.
        recipe: changes to the catalogue's recipe.
        layers: a layer text instead of the catalogue's; the run's architecture is then "custom".
            Without one, that of the group.
        variant: another reading of each architecture's layers, by its id in the catalogue.
        name: how a run of other layers is called.
    """

    id: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    layers: str = ""
    variant: str = ""
    name: str = ""


@dataclass(frozen=True)
class Group:
    """Runs that answer one question: every architecture at every level with every seed.

    Attributes:
        why: what they are for, and what was decided about them; kept with own-layer runs.
        architectures: ids of the catalogue, or of baselines.
        layers, name: of every level that has none of its own.
        keep_weights: False for runs that keep their record, history and predictions only.
    """

    id: str
    title: str
    why: str
    architectures: tuple[str, ...]
    layers: str = ""
    name: str = ""
    levels: tuple[Level, ...] = (Level(),)
    seeds: tuple[int, ...] = (0,)
    keep_weights: bool = True


@dataclass(frozen=True)
class Entry:
    """One wanted run.

    Attributes:
        id: unique in the campaign, for instance "ajani_m6-sgd" or "s003_enhanced-s1".
        plan: with a run id that is never used: `new_plan` gives each training its own.
    """

    id: str
    group: str
    keep_weights: bool
    plan: Plan | BaselinePlan

    def new_plan(self) -> Plan | BaselinePlan:
        """The plan under a new run id."""
        return replace(self.plan, run_id=new_run_id(self.plan.architecture))


@dataclass(frozen=True)
class _File:
    groups: tuple[Group, ...]


def read_campaign(path: Path = RUNS) -> tuple[Entry, ...]:
    """All entries, in the order in which they are to be trained.

    Raises `FmnistError` when the file breaks the schema, names what is unknown, or names one
    training twice.
    """
    groups = read_record(_File, load_toml(path), path.name).groups
    entries = tuple(
        _entry(group, architecture, level, seed)
        for group in groups
        for seed in group.seeds
        for level in group.levels
        for architecture in group.architectures
    )
    for what in (lambda entry: entry.id, lambda entry: training_key(entry.plan)):
        seen: dict[Any, Entry] = {}
        for entry in entries:
            twin = seen.setdefault(what(entry), entry)
            if twin is not entry:
                raise CatalogueError(
                    f"{path.name} must name each training once. Received: {entry.id} in "
                    f"{entry.group} and {twin.id} in {twin.group}."
                )
    return entries


def _entry(group: Group, architecture: str, level: Level, seed: int) -> Entry:
    words = (architecture, level.id, f"s{seed}" if seed else "")
    changes = {**level.recipe, "seed": seed}
    layers, name = level.layers or group.layers, level.name or group.name
    variant = level.variant or None
    plan: Plan | BaselinePlan
    if architecture in BASELINES:
        plan = plan_baseline(architecture, changes)
    elif layers:
        notes = f"{architecture} with other layers. {group.why}"
        plan = plan_run(
            architecture, changes, variant=variant, layers=layers, name=name, notes=notes
        )
    else:
        plan = plan_run(architecture, changes, variant=variant)
    return Entry("-".join(filter(None, words)), group.id, group.keep_weights, plan)
