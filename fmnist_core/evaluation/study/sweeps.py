"""A reader's own sweeps: runs of one network that differ in one or two keys of the recipe."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, TypeVar

from fmnist_core.errors import FmnistError, RunError, UnknownNameError
from fmnist_core.evaluation.recipe_words import setting_name
from fmnist_core.evaluation.study.matching import shorter_than_source, source_recipe
from fmnist_core.evaluation.study.result import ReadAnswers, ReadSwing, StudyResult, study_result
from fmnist_core.papers import systems
from fmnist_core.papers.schema import System
from fmnist_core.runs.schema import Run
from fmnist_core.studies.reading import read_studies
from fmnist_core.studies.schema import Level, Series, Study
from fmnist_core.studies.setup import (
    LENGTH,
    SAME_LEVEL,
    canonical_layers,
    catalogue_network,
    settings,
)

Of = TypeVar("Of")

# More levels than this are no sweep that a chart can show.
MOST_LEVELS = 40
# Of the digest in a study's id.
_DIGITS = 6
# Keys whose levels stand on an axis of numbers, and its title.
_AXES = {
    "train_fraction": "Share of the training images (%)",
    "batch_size": "Images in a batch",
}


@dataclass(frozen=True)
class _Point:
    """One setting of a network, with the runs that have it."""

    values: dict[str, Any]
    runs: tuple[Run, ...]

    def without(self, keys: Sequence[str]) -> Hashable:
        return frozenset((key, v) for key, v in self.values.items() if key not in keys)

    def at(self, keys: Sequence[str]) -> tuple[Any, ...]:
        return tuple(self.values[key] for key in keys)


@dataclass(frozen=True)
class _Group:
    """Points that differ in these keys only."""

    keys: tuple[str, ...]
    points: tuple[_Point, ...]

    @property
    def run_ids(self) -> frozenset[str]:
        return frozenset(run.run_id for point in self.points for run in point.runs)


def every_result(
    runs: Sequence[Run], read: ReadAnswers, swing: ReadSwing
) -> tuple[StudyResult, ...]:
    """Returns the studies of the files, then the reader's own sweeps, with their numbers.

    Args:
        read: the answers of a run by its id. What it raises leaves the run out with the reason:
            `RunError` for a damaged one, `UnknownNameError` for one deleted meanwhile.
        swing: how far seeds would move a run, told from its last epochs; raises the same.
    """
    readers = _of_present(read), _of_present(swing)
    results = [study_result(study, runs, *readers) for study in read_studies()]
    known = [
        frozenset(run_id for one in result.levels for run_id in one.matching) for result in results
    ]
    return (*results, *(study_result(study, runs, *readers) for study in sweeps(runs, known)))


def _of_present(read: Callable[[str], Of]) -> Callable[[str], Of]:
    """Returns the reader of one thing of a run, for which a deleted run is one not to be read."""

    def present(run_id: str) -> Of:
        try:
            return read(run_id)
        except UnknownNameError:
            raise RunError("it was deleted since the runs were listed.") from None

    return present


def sweeps(runs: Sequence[Run], known: Sequence[frozenset[str]] = ()) -> tuple[Study, ...]:
    """Returns a study for each set of runs of one network that differ in one or two recipe keys.

    Seed, threads and fused batch normalisation do not count as keys. Two keys make a sweep where
    their values cross (at least two of each, every combination of those trained), or where a run
    differs from the others in both at once and from none in one alone. The length of the training
    (epochs, limit) is no such key: a quick look beside a full training is no sweep. One that lies
    within another is left out, and so is one whose runs one study of `known` has all. The newest
    comes first.

    A run whose layers this catalogue does not have under its architecture counts by its own.

    Args:
        known: the run ids that each study of the files already shows.
    """
    found: list[_Group] = []
    for points in _by_network(runs):
        found += _groups(points)
    found = [one for one in found if not any(one.run_ids <= of_study for of_study in known)]
    found.sort(key=lambda one: max(run.created for p in one.points for run in p.runs), reverse=True)
    return _told_apart([(group, _study(group)) for group in found])


def _by_network(runs: Sequence[Run]) -> list[list[_Point]]:
    networks: dict[Hashable, dict[Hashable, list[Run]]] = defaultdict(lambda: defaultdict(list))
    values: dict[Hashable, dict[str, Any]] = {}
    for run in runs:
        if run.recipe is None or run.status == "stopped":
            continue
        try:
            network = canonical_layers(run.layers)
        except FmnistError:  # a text of another version
            continue
        own = settings(run.recipe)
        point = frozenset(own.items())
        values[point] = own
        networks[run.architecture, run.variant, network][point].append(run)
    return [
        [_Point(values[key], tuple(members)) for key, members in points.items()]
        for points in networks.values()
        if len(points) > 1
    ]


def _groups(points: Sequence[_Point]) -> list[_Group]:
    keys = [
        key
        for key in points[0].values
        if key not in LENGTH and len({point.values[key] for point in points}) > 1
    ]
    singles = [one for key in keys for one in _differing(points, (key,))]
    in_single = {id(point) for one in singles for point in one.points}
    doubles = []
    for pair in combinations(keys, 2):
        for one in _differing(points, pair):
            if any(len({point.values[key] for point in one.points}) < 2 for key in pair):
                continue
            if _crosses(one) or not all(id(point) in in_single for point in one.points):
                doubles.append(one)
    groups = [one for one in (*doubles, *singles) if len(one.points) <= MOST_LEVELS]
    return [one for one in groups if not any(one.run_ids < other.run_ids for other in groups)]


def _differing(points: Sequence[_Point], keys: tuple[str, ...]) -> list[_Group]:
    alike: dict[Hashable, list[_Point]] = defaultdict(list)
    for point in points:
        alike[point.without(keys)].append(point)
    return [_Group(keys, tuple(members)) for members in alike.values() if len(members) > 1]


def _crosses(group: _Group) -> bool:
    """Whether two values of the one key were both trained with two values of the other."""
    columns: dict[Any, set[Any]] = defaultdict(set)
    for point in group.points:
        one, other = point.at(group.keys)
        columns[one].add(other)
    return any(len(a & b) > 1 for a, b in combinations(columns.values(), 2))


def _study(group: _Group) -> Study:
    points = sorted(group.points, key=lambda point: _order(point.at(group.keys)))
    first = points[0].runs[0]
    titles = [setting_name(key) for key in group.keys]
    network = _network_title(first)
    axis = _AXES.get(group.keys[0], "") if len(group.keys) == 1 else ""
    words = {key: _value_words(key, [point.values[key] for point in points]) for key in group.keys}
    levels = tuple(_level(point, words, numeric=bool(axis)) for point in points)
    series = Series(
        id="runs",
        title=network,
        levels=levels,
        architecture="custom" if _has_own_layers(first) else first.architecture,
        reference=levels[_reference(points, first)].label,
    )
    short = {shorter_than_source(point.runs[0], group.keys) for point in points}
    reduced = short.pop() if len(short) == 1 else "reduced"
    return Study(
        id=_sweep_id(group),
        title=f"{network}: {' and '.join(titles)}{f' ({reduced})' if reduced else ''}",
        question=f"How well does {network} do under other settings of {' and '.join(titles)}?",
        factors=group.keys,
        series=(series,),
        axis=axis,
        own=True,
    )


def _told_apart(found: Sequence[tuple[_Group, Study]]) -> tuple[Study, ...]:
    """Adds to titles that come twice what is held fixed in each, as far as it differs."""
    alike: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for group, study in found:
        alike[study.title].append(group.points[0].values)
    return tuple(
        replace(study, title=_with_fixed(group, study, alike[study.title]))
        for group, study in found
    )


def _with_fixed(group: _Group, study: Study, alike: Sequence[Mapping[str, Any]]) -> str:
    """Returns a study's title with what tells it from others of this title.

    Args:
        alike: a setting of each study that has the title.
    """
    if len(alike) == 1:
        return study.title
    own = group.points[0].values
    fixed = [key for key in own if key not in group.keys and len({v[key] for v in alike}) > 1]
    words = [_fixed_word(key, own[key]) for key in fixed]
    same = [values for values in alike if all(values[key] == own[key] for key in fixed)]
    if len(same) > 1:  # other layers under one name
        words.append(study.id[-_DIGITS:])
    return f"{study.title}, {', '.join(words)}"


def _fixed_word(key: str, value: Any) -> str:
    word = _value_word(key, value)
    return word if key == "augmentation" and not value else f"{setting_name(key)} {word}"


def _order(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((isinstance(value, str), value) for value in values)


def _level(point: _Point, words_of: Mapping[str, Mapping[Any, str]], *, numeric: bool) -> Level:
    """Returns the level of a point; `words_of` says how each value of each key is written."""
    run = point.runs[0]
    assert run.recipe is not None  # baselines were left out
    keys = tuple(words_of)
    words = [words_of[key][point.values[key]] for key in keys]
    recipe = {k: v for k, v in run.recipe.to_dict().items() if k not in SAME_LEVEL}
    value = float(point.values[keys[0]]) if numeric else None
    own_layers = _has_own_layers(run)
    if value is not None and keys[0] == "train_fraction":
        value *= 100
    return Level(
        label=" · ".join(words),
        layers=run.layers if own_layers else "",
        variant="" if own_layers else run.variant or "",
        recipe=recipe,
        value=value,
        row=words[0] if len(words) == 2 else "",
        column=words[1] if len(words) == 2 else "",
    )


def _has_own_layers(run: Run) -> bool:
    """Whether the run's text alone says what its network is: "custom", or of a newer catalogue."""
    return canonical_layers(run.layers) != catalogue_network(run.architecture, run.variant)


def _value_words(key: str, values: Sequence[Any]) -> dict[Any, str]:
    """Returns how each value is written: in six digits, or in all where two would look the same."""
    words = {value: _value_word(key, value) for value in values}
    return words if len(set(words.values())) == len(words) else {v: repr(v) for v in words}


def _value_word(key: str, value: Any) -> str:
    if key == "train_fraction":
        return f"{100 * value:g} %"
    if key == "augmentation":
        return value or "not augmented"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _reference(points: Sequence[_Point], first: Run) -> int:
    """Returns the place of what the others are compared with: the source's own setting, if any."""
    source = source_recipe(first)
    if source is None:
        return 0
    own = settings(source)
    agree = [sum(own[key] == v for key, v in point.values.items()) for point in points]
    return agree.index(max(agree))


def _system(run: Run) -> System | None:
    return next((system for system in systems() if system.id == run.architecture), None)


def _network_title(run: Run) -> str:
    system = _system(run)
    return system.reading(run.variant) if system else run.name


def _sweep_id(group: _Group) -> str:
    """Returns an id that stays when runs join: of the network, the keys and what is held fixed."""
    run = group.points[0].runs[0]
    fixed = sorted(
        f"{key}={v}" for key, v in group.points[0].values.items() if key not in group.keys
    )
    content = "\n".join((canonical_layers(run.layers), *group.keys, *fixed))
    digest = hashlib.sha256(content.encode()).hexdigest()[:_DIGITS]
    return f"sweep-{run.architecture}-{'-'.join(group.keys)}-{digest}"
