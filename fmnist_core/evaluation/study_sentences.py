"""What a study allows to conclude, and what not, in sentences computed from its numbers."""

from collections.abc import Sequence

from fmnist_core.evaluation.study import (
    LevelResult,
    SeriesResult,
    StudyResult,
    saw_test_images,
)
from fmnist_core.evaluation.study_effects import Effect

_NAMED = 6


def conclusions(result: StudyResult) -> list[str]:
    """Returns one sentence for each series, and the effects that have a second cause."""
    several = len(result.series) > 1
    sentences = []
    for part in result.series:
        text = _series_sentence(part)
        sentences.append(f"{part.series.title}: {text[0].lower()}{text[1:]}" if several else text)
    return sentences + _second_causes(result)


def limits(result: StudyResult) -> list[str]:
    """Returns what keeps the study from saying more; one sentence each, the gravest first."""
    return [
        text
        for text in (
            _missing_sentence(result),
            _reduced_sentence(result),
            _seed_sentence(result),
            _within_seeds_sentence(result),
            _test_seen_sentence(result),
            _family_sentence(result),
        )
        if text
    ]


def headline(result: StudyResult) -> str:
    """Returns the study in a few words: how many effects are more than chance, and the largest."""
    effects = result.effects
    if not effects:
        return "nothing to compare yet"
    apart = [one for one in effects if one.separated]
    if not apart:
        return f"{_of(0, len(effects))} more than chance explains"
    largest = max(apart, key=lambda one: abs(one.difference))
    titles = {part.series.id: part.series.title for part in result.series}
    where = f" ({titles[largest.series]})" if len(titles) > 1 else ""
    return (
        f"{_of(len(apart), len(effects))} more than chance explains"
        f"{'; the largest' if len(effects) > 1 else ''}: {largest.level} "
        f"{points(largest.difference)} points against {largest.base}{where}"
    )


def _of(part: int, count: int) -> str:
    if count == 1:
        return f"the one effect is{'' if part else ' not'}"
    return (
        f"{part} of {count} effects {'is' if part == 1 else 'are'}"
        if part
        else f"none of {count} effects is"
    )


def effect_sentence(one: Effect) -> str:
    """Returns one effect with its interval and whether it is more than chance."""
    low, high = one.ci95
    verdict = "more than chance explains" if one.separated else "which chance alone can explain"
    return (
        f"{one.level} against {one.base}: {points(one.difference)} points "
        f"(95 % interval {points(low)} to {points(high)}), {verdict} "
        f"(p {p_words(one.p_holm)} after Holm's correction)"
    )


def points(difference: float) -> str:
    """Returns a difference of fractions in percentage points, signed: "+0.42"."""
    return f"{100 * difference:+.2f}"


def p_words(p: float) -> str:
    """Returns "< 0.0001" or "= 0.0312"."""
    return "< 0.0001" if p < 1e-4 else f"= {p:.4f}"


def _series_sentence(part: SeriesResult) -> str:
    trained, count = part.trained, len(part.levels)
    if not part.effects:
        if not trained:
            return f"Nothing can be said yet: none of {count} levels is trained."
        if len(trained) == 1:
            return (
                f"Nothing can be compared yet: of {count} levels only "
                f"{_with_accuracy(trained[0])} is trained."
            )
        labels = [one.level.label for one in trained]
        if part.series.reference and part.series.reference not in labels:
            return (
                f"Nothing can be compared yet: {part.series.reference}, which {listed(labels)} "
                "would be compared with, is not trained."
            )
        return f"Nothing can be compared: {listed(labels)} share no test image."
    if part.series.against == "previous":
        return f"From {'; from '.join(map(_step, part.effects))}."
    base = next(one for one in part.levels if one.level.label == part.series.reference)
    text = f"Against {_with_accuracy(base)}, {_against_reference(part.effects)}."
    return f"{text} {swing}" if (swing := _grid_sentence(part)) else text


def _step(one: Effect) -> str:
    low, high = one.ci95
    verdict = "not more than chance explains"
    if one.separated:
        verdict = "a gain" if one.difference > 0 else "a loss"
    return (
        f"{one.base} to {one.level}: {points(one.difference)} points "
        f"({points(low)} to {points(high)}), {verdict}"
    )


def _against_reference(effects: Sequence[Effect]) -> str:
    better = sorted((e for e in effects if e.separated and e.difference > 0), key=_size)
    worse = sorted((e for e in effects if e.separated and e.difference < 0), key=_size)
    open_ = [e.level for e in effects if not e.separated]
    parts = []
    for chosen, word in ((better, "better"), (worse, "worse")):
        if chosen:
            names = _some([f"{e.level} ({points(e.difference)})" for e in chosen])
            verb = "is" if len(chosen) == 1 else "are"
            parts.append(f"{names} {verb} {word} by more than chance explains")
    if open_:
        parts.append(f"{_some(open_)} cannot be told from it")
    return "; ".join(parts)


def _grid_sentence(part: SeriesResult) -> str:
    """Says which of two factors moves the accuracy further; empty where there is only one."""
    cells = [one for one in part.trained if one.level.row]
    rows = _widest([(one.level.row, one) for one in cells])
    columns = _widest([(one.level.column, one) for one in cells])
    if not rows or not columns:
        return ""
    best = max(cells, key=lambda one: one.accuracy or 0)
    return (
        f"The most accurate is {_with_accuracy(best)}. Along one row ({rows[0]}) accuracies lie up "
        f"to {100 * rows[1]:.2f} points apart, along one column ({columns[0]}) up to "
        f"{100 * columns[1]:.2f}."
    )


def _widest(cells: Sequence[tuple[str, LevelResult]]) -> tuple[str, float] | None:
    """Returns the line whose accuracies lie furthest apart, and by how much."""
    lines: dict[str, list[float]] = {}
    for name, one in cells:
        lines.setdefault(name, []).append(one.accuracy or 0)
    spans = {name: max(values) - min(values) for name, values in lines.items() if len(values) > 1}
    return max(spans.items(), key=lambda item: item[1]) if spans else None


def _size(one: Effect) -> float:
    return -abs(one.difference)


def _with_accuracy(one: LevelResult) -> str:
    return f"{one.label} ({100 * (one.accuracy or 0):.2f} %)"


def _second_causes(result: StudyResult) -> list[str]:
    """Says of effects that another setting may have caused as well."""
    return [
        f"{one.level} and {one.base} also differ in {listed(one.also_differs)}, so their "
        "difference is not the work of one factor."
        for one in result.effects
        if one.also_differs
    ]


def _missing_sentence(result: StudyResult) -> str:
    missing = [one for part in result.series for one in part.missing]
    if not missing:
        return ""
    count = len(result.levels)
    if len(missing) == count:
        return ""
    lines = []
    for part in result.series:
        if part.missing:
            labels = [one.level.label for one in part.missing]
            names = "all" if not part.trained else _some(labels)
            lines.append(f"{part.series.title}: {names}" if len(result.series) > 1 else names)
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"{len(missing)} of {count} levels {verb} not trained yet ({'; '.join(lines)}): nothing is "
        "said of them."
    )


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


def _seed_sentence(result: StudyResult) -> str:
    trained = [one for one in result.levels if one.runs]
    if not trained:
        return ""
    single = [one for one in trained if len(one.runs) == 1]
    spread = [one.seed_deviation for one in trained if one.seed_deviation is not None]
    if not spread:
        return (
            "Every level was trained with one seed. The intervals hold which test images were "
            "drawn; how far another seed would move a level is not known."
        )
    low, high = 100 * min(spread), 100 * max(spread)
    by = f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"
    text = (
        f"Seeds alone move a level by {by} points (standard deviation over "
        f"{_counts([len(one.runs) for one in trained if len(one.runs) > 1])} seeds); the intervals "
        "do not hold that."
    )
    if single:
        text += f" {len(single)} of {len(trained)} levels were trained with one seed."
    return text


def _within_seeds_sentence(result: StudyResult) -> str:
    """Names effects that the images tell apart, but that are no larger than what seeds do."""
    small = [
        f"{one.level} against {one.base}"
        for one in result.effects
        if one.separated
        and one.seed_deviation is not None
        and abs(sum(one.seed_differences) / len(one.seed_differences)) < 2 * one.seed_deviation
    ]
    if not small:
        return ""
    verb = "is" if len(small) == 1 else "are"
    return (
        f"{_some(small)} {verb} smaller than twice the deviation between seeds: other seeds may "
        "turn it round."
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
        f"The p-values are adjusted for the {count} comparisons of this study together (Holm); not "
        "being separated is no proof of being equal."
    )


def listed(words: Sequence[str]) -> str:
    """Returns "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _some(words: Sequence[str]) -> str:
    if len(words) > _NAMED:
        return f"{', '.join(words[:_NAMED])} and {len(words) - _NAMED} more"
    return listed(words)


def _counts(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"
