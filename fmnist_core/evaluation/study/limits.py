"""What keeps a study from saying more, in sentences computed from its numbers."""

from collections.abc import Sequence

from fmnist_core.evaluation.seed_spread import SeedSpread, stands_in
from fmnist_core.evaluation.significance import SEPARATED_BELOW, holm
from fmnist_core.evaluation.study.result import LevelResult, StudyResult, saw_test_images
from fmnist_core.evaluation.unsettled_averages import unsettled_note
from fmnist_core.listing import some


def limits(result: StudyResult) -> list[str]:
    """Returns what keeps the study from saying more; one sentence each, the gravest first."""
    return [
        text
        for text in (
            *_missing_sentences(result),
            _reduced_sentence(result),
            _unsettled_sentence(result),
            _seed_sentence(result),
            _within_seeds_sentence(result),
            _test_seen_sentence(result),
            _family_sentence(result),
        )
        if text
    ]


def _missing_sentences(result: StudyResult) -> list[str]:
    """Returns one sentence for each reason that levels have no value; none where no level has."""
    missing = [(part.series.title, one) for part in result.series for one in part.missing]
    count = len(result.levels)
    if len(missing) == count:
        return []
    lost = {run_id for run_id, _ in result.unreadable}
    reasons: dict[tuple[str, str], list[tuple[str, str]]] = {
        ("has no run that can be read", "have no run that can be read"): [],
        ("is trained at another length only", "are trained at another length only"): [],
        ("is not trained yet", "are not trained yet"): [],
    }
    unread, elsewhere, untrained = reasons.values()
    for title, one in missing:
        if lost.intersection(one.matching):
            unread.append((title, one.level.label))
        elif one.matching:
            elsewhere.append((title, one.level.label))
        else:
            untrained.append((title, one.level.label))
    return [
        f"{len(levels)} of {count} levels {verbs[len(levels) > 1]} "
        f"({_names(result, levels)}): nothing is said of {'it' if len(levels) == 1 else 'them'}."
        for verbs, levels in reasons.items()
        if levels
    ]


def _names(result: StudyResult, levels: Sequence[tuple[str, str]]) -> str:
    """Returns the levels by their series, which is named where the study has several."""
    lines = []
    for part in result.series:
        labels = [label for title, label in levels if title == part.series.title]
        if labels:
            names = "all" if len(labels) == len(part.levels) else some(labels)
            lines.append(f"{part.series.title}: {names}" if len(result.series) > 1 else names)
    return "; ".join(lines)


def _reduced_sentence(result: StudyResult) -> str:
    lines = []
    for part in result.series:
        lengths = {one.reduced for one in part.trained}
        if len(lengths) == 1 and "" not in lengths:
            lines.append(f"{part.series.title} ({lengths.pop()})")
        else:
            lines += [one.label for one in part.trained if one.reduced]
    if not lines:
        return ""
    return (
        f"Trained on a reduced budget: {'; '.join(lines)}. A full training may order them "
        "otherwise."
    )


def _trained(result: StudyResult) -> dict[str, LevelResult]:
    """Returns the levels that have runs, by names that tell the series where there are several."""
    several = len(result.series) > 1
    return {
        f"{part.series.title}, {one.label}" if several else one.label: one
        for part in result.series
        for one in part.trained
    }


def _unsettled_sentence(result: StudyResult) -> str:
    return unsettled_note({name: one.runs[0] for name, one in _trained(result).items()})


def _seed_sentence(result: StudyResult) -> str:
    trained = [one for one in result.levels if one.runs]
    if not trained:
        return ""
    single = [one for one in trained if len(one.runs) == 1]
    spread = [one.seed_deviation for one in trained if one.seed_deviation is not None]
    if not spread:
        return (
            f"{_of_one_seed(len(trained))}. The intervals hold which test images were "
            "drawn; how far another seed would move a level is not known."
        )
    low, high = 100 * min(spread), 100 * max(spread)
    by = f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"
    text = (
        f"Seeds alone move a level by {by} points (standard deviation over "
        f"{_counts([len(one.runs) for one in trained if len(one.runs) > 1])} seeds)."
    )
    if result.spread is None:
        text += " That is too few to be in the effects' intervals and p-values."
    elif result.effects:
        text += (
            f" Effects hold that in interval and p-value, {100 * result.spread.deviation:.2f} "
            "points for every level alike."
        ) + _swing_words(result, result.spread)
    if single:
        has = "has" if len(single) == 1 else "have"
        text += f" {len(single)} of the {len(trained)} trained levels {has} one seed only."
    return text


def _swing_words(result: StudyResult, spread: SeedSpread) -> str:
    """Names the single trainings whose last epochs tell more than the seeds of others."""
    swings = {
        name: 100 * one.swing.deviation
        for name, one in _trained(result).items()
        if stands_in(one.swing, spread, len(one.runs))
    }
    if not swings:
        return ""
    furthest = sorted(swings, key=lambda name: -swings[name])
    low, high = (f"{end:.2f}" for end in (min(swings.values()), max(swings.values())))
    by = high if low == high else f"{low} to {high}"
    return (
        " Single trainings that swung from epoch to epoch at their end are taken to move further, "
        f"as such networks with several seeds do: {some(furthest)} ({by} points)."
    )


def _of_one_seed(trained: int) -> str:
    return (
        "The one trained level has one seed"
        if trained == 1
        else (f"Each of the {trained} trained levels has one seed")
    )


def _within_seeds_sentence(result: StudyResult) -> str:
    """Names effects that the images alone tell apart, but not once other seeds are thought of."""
    of_images = holm([one.p_images for one in result.effects])
    titles = {part.series.id: part.series.title for part in result.series}
    small = [
        (f"{titles[one.series]}, " if len(titles) > 1 else "")
        + f"{one.level_label} against {one.base_label}"
        for one, p in zip(result.effects, of_images, strict=True)
        if p < SEPARATED_BELOW and not one.separated and one.seeds_known
    ]
    if not small:
        return ""
    return (
        f"{some(small)}: the test images tell these trainings apart, but other seeds may turn "
        "their order round."
    )


def _test_seen_sentence(result: StudyResult) -> str:
    if not saw_test_images(result):
        return ""
    chosen = any(
        run.recipe and run.recipe.keep == "best" for one in result.levels for run in one.runs
    )
    if chosen:
        return (
            "Some of these runs used their test images for validation and kept the epoch that was "
            "best on them, as their source did: their accuracies are too high."
        )
    return (
        "Some of these runs used their test images for validation, as their source did; nothing "
        "was chosen on them here."
    )


def _family_sentence(result: StudyResult) -> str:
    count = len(result.effects)
    if count < 2:
        return ""
    return (
        f"The p-values are adjusted for the {count} comparisons of this study together (Holm), the "
        "intervals are not: one that leaves out zero may still not be separated. Not being "
        "separated is no proof of being equal."
    )


def _counts(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"
