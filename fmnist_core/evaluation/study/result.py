"""A study's levels matched with the runs there are, and what the factor did."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from fmnist_core.errors import RunError
from fmnist_core.evaluation.seed_spread import Interval, SeedSpread, pooled_spread
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.evaluation.significance import Answers
from fmnist_core.evaluation.study.causes import second_causes
from fmnist_core.evaluation.study.effects import (
    Effect,
    Scores,
    accuracy_interval,
    adjusted,
    effect,
    scores,
    with_budget,
    with_seed_spread,
    with_seeds,
)
from fmnist_core.evaluation.study.matching import (
    as_trained,
    by_length,
    by_network,
    common_lengths,
    reduced_words,
    runs_of,
    shorter_than_source,
    wanted_length,
)
from fmnist_core.runs.schema import Run
from fmnist_core.studies.schema import Level, Series, Study
from fmnist_core.studies.setup import LENGTH, Setup, setup_of

ReadAnswers = Callable[[str], Answers]
ReadSwing = Callable[[str], SeedSpread | None]


@dataclass(frozen=True)
class LevelResult:
    """One level and its runs, by seed; `accuracy` is None where there is none yet.

    Attributes:
        accuracy: mean over seeds on the test images; `ci95` holds which images were drawn only.
        seed_deviation: standard deviation of the seeds' accuracies (n - 1); None for one seed.
        swing: how far seeds would move it, told from its last epochs; of a level with one seed.
        reduced: how much shorter the training was than the level asks, or in a reader's sweep than
            the source asks; empty for all of it.
        matching: ids of all runs of the level, those of other lengths and repeats of a seed too.
        command: the command line that trains the level.
    """

    level: Level
    setup: Setup
    runs: tuple[Run, ...]
    accuracy: float | None
    ci95: Interval | None
    seed_deviation: float | None
    swing: SeedSpread | None
    reduced: str
    matching: tuple[str, ...]

    @property
    def label(self) -> str:
        """The level's name, with the length of its training where that is reduced."""
        return with_budget(self.level.label, self.reduced)

    @property
    def run_ids(self) -> tuple[str, ...]:
        """Ids of the runs, in the order of their seeds."""
        return tuple(run.run_id for run in self.runs)

    @property
    def command(self) -> str:
        """The command line that trains it."""
        return self.setup.command


@dataclass(frozen=True)
class SeriesResult:
    """The levels of a series in order, and their effects: of each on its base, where both exist."""

    series: Series
    levels: tuple[LevelResult, ...]
    effects: tuple[Effect, ...]

    @property
    def trained(self) -> tuple[LevelResult, ...]:
        """The levels that have runs."""
        return tuple(one for one in self.levels if one.runs)

    @property
    def missing(self) -> tuple[LevelResult, ...]:
        """The levels that have none."""
        return tuple(one for one in self.levels if not one.runs)


@dataclass(frozen=True)
class StudyResult:
    """A study with what was measured.

    Attributes:
        unreadable: ids of matching runs whose predictions cannot be read, each with the reason.
        spread: how far a seed moves a level, over all with several; None where too few have.
    """

    study: Study
    series: tuple[SeriesResult, ...]
    unreadable: tuple[tuple[str, str], ...]
    spread: SeedSpread | None

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Every effect; the p-values are adjusted for all of them together."""
        return tuple(one for series in self.series for one in series.effects)

    @property
    def levels(self) -> tuple[LevelResult, ...]:
        """Every level of every series."""
        return tuple(level for series in self.series for level in series.levels)


def study_result(
    study: Study,
    runs: Sequence[Run],
    read: ReadAnswers,
    swing: ReadSwing = lambda _run_id: None,
) -> StudyResult:
    """Returns the study with the runs that belong to its levels.

    A run belongs to a level when its layers and its recipe are the level's, whatever it is called;
    seed, threads and fused batch normalisation may differ. Levels of a series are compared at one
    length of training: the full one where at least two levels have it, else that which most levels
    have, and of those the longest; where no two levels share one, each at its own longest, and the
    effects say so. None is longer than its level asks. Of runs with one and the same seed the
    newest counts.

    The chance of other seeds is one deviation for all levels of the study, as in an analysis of
    variance: most levels have one seed only. One whose last epochs swung is taken to move further.

    Args:
        read: the answers of a run by its id; may raise `RunError` for a damaged one.
        swing: how far seeds would move a run, told from its last epochs; may raise the same.
    """
    networks = by_network(runs)
    answers = _Answers(read, swing)
    parts = [_series_result(study, series, networks, answers) for series in study.series]
    spread = pooled_spread(_accuracies(one) for part in parts for one in part.levels)
    tested = adjusted([one for part in parts for one in _effects_with(spread, part)])
    return StudyResult(
        study,
        tuple(
            replace(part, effects=tuple(one for one in tested if one.series == part.series.id))
            for part in parts
        ),
        tuple(answers.failed.items()),
        spread,
    )


def _effects_with(spread: SeedSpread | None, part: SeriesResult) -> Sequence[Effect]:
    if spread is None:
        return part.effects
    of = {one.level.label: (len(one.runs), one.swing) for one in part.levels}
    effects = []
    for one in part.effects:
        (runs, swing), (base_runs, base_swing) = of[one.level], of[one.base]
        effects.append(with_seed_spread(one, spread, (runs, base_runs), (swing, base_swing)))
    return effects


def _accuracies(level: LevelResult) -> list[float]:
    return [run.metrics.test_accuracy for run in level.runs]


class _Answers:
    """Answers by run id; what cannot be read is kept with its reason."""

    def __init__(self, read: ReadAnswers, swing: ReadSwing) -> None:
        self._read, self._swing, self.failed = read, swing, dict[str, str]()

    def __call__(self, run: Run) -> Answers | None:
        try:
            return self._read(run.run_id)
        except RunError as error:
            self.failed[run.run_id] = str(error)
            return None

    def swing(self, runs: Sequence[Run]) -> SeedSpread | None:
        """Returns how far seeds would move a single run, told from its last epochs."""
        if len(runs) != 1:
            return None
        try:
            return self._swing(runs[0].run_id)
        except RunError as error:
            self.failed[runs[0].run_id] = str(error)
            return None


def _series_result(
    study: Study, series: Series, networks: Mapping[str, list[Run]], answers: _Answers
) -> SeriesResult:
    setups = {level.label: setup_of(series, level) for level in series.levels}
    assert len(setups) == len(series.levels)  # labels come once, or one level would hide another
    lengths = LENGTH - set(study.factors)
    own = {
        label: runs_of(setup, networks.get(setup.network, []), lengths)
        for label, setup in setups.items()
    }
    found = {label: by_length(runs) for label, runs in own.items()}
    full = {label: wanted_length(setup) for label, setup in setups.items()}
    length = common_lengths(found, full)
    levels: list[LevelResult] = []
    measured: dict[str, Scores] = {}
    for level in series.levels:
        label = level.label
        here = found[label].get(length[label], {})
        matching = tuple(sorted(run.run_id for run in own[label]))
        result, answered = _level_result(study, level, setups[label], here, matching, answers)
        levels.append(result)
        if answered:
            measured[label] = answered
    return SeriesResult(series, tuple(levels), tuple(_effects(study, series, levels, measured)))


def _level_result(
    study: Study,
    level: Level,
    setup: Setup,
    here: Mapping[int, Run],
    matching: tuple[str, ...],
    answers: _Answers,
) -> tuple[LevelResult, Scores | None]:
    """Returns the level with its readable runs, and their scores where there are any."""
    read = {run.run_id: (run, own) for _, run in sorted(here.items()) if (own := answers(run))}
    runs = tuple(run for run, _ in read.values())
    if not runs:
        return LevelResult(level, setup, (), None, None, None, None, "", matching), None
    measured = scores([own for _, own in read.values()])
    accuracy, interval = accuracy_interval(measured)
    if study.own:
        reduced = shorter_than_source(runs[0], study.factors)
    else:
        reduced = reduced_words(as_trained(runs[0]), setup.recipe)
    each = [run.metrics.test_accuracy for run in runs]
    result = LevelResult(
        level=level,
        setup=setup,
        runs=runs,
        accuracy=accuracy,
        ci95=interval,
        seed_deviation=statistics.stdev(each) if len(each) > 1 else None,
        swing=answers.swing(runs),
        reduced=reduced,
        matching=matching,
    )
    return result, measured


def _effects(
    study: Study, series: Series, levels: Sequence[LevelResult], measured: Mapping[str, Scores]
) -> list[Effect]:
    """Returns every level against its base, as far as both were measured."""
    by_label = {one.level.label: one for one in levels}
    effects = []
    for label, base in pairs_of(series, list(measured)):
        one = effect(series.id, label, base, measured[label], measured[base])
        if one is None:
            continue
        a, b = by_label[label], by_label[base]
        one = with_seeds(one, _of_seeds(a.runs), _of_seeds(b.runs))
        causes = second_causes(study.factors, (a.setup, a.runs[0]), (b.setup, b.runs[0]))
        effects.append(replace(one, also_differs=causes, reduced=(a.reduced, b.reduced)))
    return effects


def pairs_of(series: Series, trained: Sequence[str]) -> list[tuple[str, str]]:
    """Returns which level is compared with which: label, and label of its base.

    Against the reference, or against the nearest earlier level that is there.

    Args:
        trained: labels of the levels that have runs.
    """
    labels = [level.label for level in series.levels if level.label in trained]
    if series.against == "previous":
        return list(zip(labels[1:], labels, strict=False))
    if series.reference not in trained:
        return []
    return [(label, series.reference) for label in labels if label != series.reference]


def _of_seeds(runs: Sequence[Run]) -> dict[int, float]:
    return {run.seed: run.metrics.test_accuracy for run in runs}


def saw_test_images(result: StudyResult) -> bool:
    """Whether runs of the study used their test images for validation."""
    return any(run.protocol == TEST_SEEN_PROTOCOL for one in result.levels for run in one.runs)
