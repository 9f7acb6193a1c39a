"""What a study allows to conclude, in sentences computed from its numbers."""

from collections.abc import Sequence

from fmnist_core.evaluation.p_values import p_words
from fmnist_core.evaluation.study.effects import Effect
from fmnist_core.evaluation.study.result import (
    LevelResult,
    SeriesResult,
    StudyResult,
)
from fmnist_core.listing import listed, some


def conclusions(result: StudyResult) -> list[str]:
    """Returns one sentence for each series, and the effects that have a second cause."""
    several = len(result.series) > 1
    sentences = []
    for part in result.series:
        text = _series_sentence(part)
        sentences.append(f"{part.series.title}: {text[0].lower()}{text[1:]}" if several else text)
    return sentences + _second_causes(result)


def headline(result: StudyResult) -> str:
    """Returns the study in a few words: how many effects are more than chance, and the largest.

    Effects with a second cause are counted apart: they are not the factor's.
    """
    if not result.effects:
        return "nothing to compare yet"
    effects = [one for one in result.effects if not one.confounded]
    mixed = with_second_cause(len(result.effects) - len(effects), others=bool(effects))
    return "; ".join(filter(None, (_of_the_factor(result, effects) if effects else "", mixed)))


def with_second_cause(count: int, *, others: bool) -> str:
    """Returns "1 more has a second cause", without "more" where there are no others; or nothing."""
    if not count:
        return ""
    if not others:
        return (
            "the one effect has a second cause"
            if count == 1
            else (f"each of {count} effects has a second cause")
        )
    return f"{count} more {'has' if count == 1 else 'have'} a second cause"


def _of_the_factor(result: StudyResult, effects: Sequence[Effect]) -> str:
    apart = [one for one in effects if one.separated]
    explains = beyond_chance(effects)
    if not apart:
        return f"{_of(0, len(effects))} {explains}"
    largest = max(apart, key=lambda one: abs(one.difference))
    titles = {part.series.id: part.series.title for part in result.series}
    where = f" ({titles[largest.series]})" if len(titles) > 1 else ""
    return (
        f"{_of(len(apart), len(effects))} {explains}"
        f"{'; the largest' if len(effects) > 1 else ''}: {largest.level_label} "
        f"{points(largest.difference)} points against {largest.base_label}{where}"
    )


def _of(part: int, count: int) -> str:
    if count == 1:
        return f"the one effect is{'' if part else ' not'}"
    return (
        f"{part} of {count} effects {'is' if part == 1 else 'are'}"
        if part
        else f"none of {count} effects is"
    )


def beyond_chance(effects: Sequence[Effect]) -> str:
    """Returns "more than chance explains", or of which chance where no seeds tell of theirs."""
    if all(one.seeds_known for one in effects):
        return "more than chance explains"
    return "more than the choice of test images explains"


def effect_sentence(one: Effect) -> str:
    """Returns one effect with its interval and whether it is more than chance."""
    low, high = one.ci95
    verdict = beyond_chance([one]) if one.separated else "which chance alone can explain"
    return (
        f"{one.level_label} against {one.base_label}: {points(one.difference)} points "
        f"(95 % interval {points(low)} to {points(high)}), {verdict} "
        f"(p {p_words(one.p_holm)} after Holm's correction)"
        f"{'; they also differ in ' + listed(one.also_differs) if one.confounded else ''}"
    )


def points(difference: float) -> str:
    """Returns a difference of fractions in percentage points, signed: "+0.42"."""
    return f"{100 * difference:+z.2f}"


def _series_sentence(part: SeriesResult) -> str:
    trained, count = part.trained, len(part.levels)
    if not part.effects:
        if not trained:
            return f"Nothing can be said yet: none of {count} levels has a run to compare."
        if len(trained) == 1:
            return (
                f"Nothing can be compared yet: of {count} levels only "
                f"{_with_accuracy(trained[0])} has a run to compare."
            )
        labels = [one.level.label for one in trained]
        if part.series.reference and part.series.reference not in labels:
            return (
                f"Nothing can be compared yet: {part.series.reference}, which {listed(labels)} "
                "would be compared with, has no run of their length."
            )
        return f"Nothing can be compared: {listed(labels)} share no test image."
    if part.series.against == "previous":
        return f"From {'; from '.join(map(_step, part.effects))}."
    base = next(one for one in part.levels if one.level.label == part.series.reference)
    text = f"Against {_with_accuracy(base)}, {_against_reference(part.effects)}."
    return f"{text} {swing}" if (swing := _grid_sentence(part)) else text


def _step(one: Effect) -> str:
    low, high = one.ci95
    verdict = f"not {beyond_chance([one])}"
    if one.separated and one.confounded:
        verdict = "which has a second cause"
    elif one.separated and one.seeds_known:
        verdict = "a gain" if one.difference > 0 else "a loss"
    elif one.separated:
        verdict = beyond_chance([one])
    return (
        f"{one.base_label} to {one.level_label}: {points(one.difference)} points "
        f"({points(low)} to {points(high)}), {verdict}"
    )


def _against_reference(effects: Sequence[Effect]) -> str:
    apart = sorted((e for e in effects if e.separated), key=_size)
    better = [e for e in apart if e.difference > 0 and not e.confounded]
    worse = [e for e in apart if e.difference < 0 and not e.confounded]
    mixed = [f"{e.level_label} ({points(e.difference)})" for e in apart if e.confounded]
    open_ = [e.level_label for e in effects if not e.separated]
    explains = beyond_chance(effects)
    parts = []
    for chosen, word in ((better, "better"), (worse, "worse")):
        if chosen:
            names = some([f"{e.level_label} ({points(e.difference)})" for e in chosen])
            verb = "is" if len(chosen) == 1 else "are"
            parts.append(f"{names} {verb} {word} by {explains}")
    if mixed:
        verb = "differs" if len(mixed) == 1 else "differ"
        parts.append(f"{some(mixed)} {verb} by {explains}, with a second cause")
    if open_:
        parts.append(f"{some(open_)} cannot be told from it")
    return "; ".join(parts)


def _grid_sentence(part: SeriesResult) -> str:
    """Says which of two factors moves the accuracy further; empty where there is only one."""
    cells = [one for one in part.trained if one.level.row]
    rows = _widest([(one.level.row, one) for one in cells])
    columns = _widest([(one.level.column, one) for one in cells])
    if not rows or not columns:
        return ""
    top = max(one.accuracy or 0 for one in cells)
    best = [one.label for one in cells if one.accuracy == top]
    return (
        f"The most accurate {'is' if len(best) == 1 else 'are'} {listed(best)} "
        f"({100 * top:.2f} %). Along one row ({rows[0]}) accuracies lie up "
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
    """Says of effects that something else may have caused as well."""
    titles = {part.series.id: part.series.title for part in result.series}
    return [
        f"{f'{titles[one.series]}: ' if len(titles) > 1 else ''}{one.level} and {one.base} also "
        f"differ in {listed(one.also_differs)}, so their difference is not the work of one factor."
        for one in result.effects
        if one.also_differs
    ]
