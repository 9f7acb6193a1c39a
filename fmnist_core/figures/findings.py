"""What the leaderboard says, in words computed from it, each with what it does not say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fmnist_core.evaluation.fit import WIDE_GAP, fit_verdict
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.evaluation.significance import SEPARATED_BELOW, Pair
from fmnist_core.figures.words import escaped
from fmnist_core.listing import some

# How far below the best a cheaper run may lie to be offered in its place.
NEAR = 0.01
# A saving smaller than this factor is not worth a sentence.
NOTABLY = 1.2
# Runs whose difference to the best is tested; further ones are told apart by their intervals.
TESTED = 8


@dataclass(frozen=True)
class Finding:
    """A few sentences in Markdown with their figure and their caveat.

    Attributes:
        run_id: the run it is about; empty when about several.
    """

    title: str
    figure: str
    text: str
    caveat: str
    run_id: str = ""


def ranked_group(board: pd.DataFrame) -> pd.DataFrame:
    """Returns the ranked runs of one split, best first: a held-out one, with the most runs."""
    ranked = board[board["rank"].notna()]
    if ranked.empty:
        return ranked
    sizes = ranked.groupby("protocol").size()
    held_out = sizes.drop(TEST_SEEN_PROTOCOL, errors="ignore")
    protocol = (held_out if len(held_out) else sizes).idxmax()
    return ranked[ranked["protocol"] == protocol].sort_values("rank", kind="stable")


def near_the_best(group: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs that lie at most `NEAR` below the most accurate of them, itself included."""
    near: pd.DataFrame = group[group["test_accuracy"] >= group["test_accuracy"].max() - NEAR]
    return near


def runs_to_test(group: pd.DataFrame) -> list[str]:
    """Returns the ids whose paired tests `findings` wants.

    They are the best, those close to it, and the cheapest of all that are near.
    """
    near = near_the_best(group)
    cheapest = (near.nsmallest(1, cost) for cost in _SAVINGS)
    return list(pd.concat([near.head(TESTED), *cheapest])["run_id"].drop_duplicates())


def findings(board: pd.DataFrame, pairs: Sequence[Pair]) -> list[Finding]:
    """Returns the findings about the ranked ones of the shown runs, most important first.

    Args:
        board: the leaderboard rows that the reader's filters leave.
        pairs: paired tests among `runs_to_test(ranked_group(board))`.
    """
    group = ranked_group(board)
    found = []
    if len(group):
        found.append(_most_accurate(group, pairs))
    if len(group) > 1:
        found += _cheaper(group, pairs, "params")
        found += _cheaper(group, pairs, "train_cpu_seconds")
    found += _overfitting(board[board["rank"].notna()])
    return found


def _most_accurate(group: pd.DataFrame, pairs: Sequence[Pair]) -> Finding:
    best = group.iloc[0]
    split = best["protocol_title"]
    place = f"most accurate of {len(group)} ranked runs" if len(group) > 1 else "only ranked run"
    text = (
        f"{_name(best)} is the {place} ({split}): 95 % interval "
        f"{best['interval']} % over {best['test_images']:,} test images."
    )
    tests = [(name, pair.mcnemar_p_holm) for name, pair in _others(best["run_id"], pairs)]
    alike = [name for name, p in tests if p >= SEPARATED_BELOW]
    labels = group.set_index("run_id")["label"]
    if alike:
        named = some([f"**{escaped(labels[name])}**" for name in alike], most=3)
        text += f" The paired test does not separate it from {named}."
    elif tests:
        text += " The paired test separates it from every run close to it."
    return Finding(
        "Most accurate",
        f"{100 * best['test_accuracy']:.2f} %",
        text,
        _short_caveat(group) + _seed_caveat(best),
        best["run_id"],
    )


def _short_caveat(group: pd.DataFrame) -> str:
    short = int((group["budget"] != "full").sum())
    if not short:
        return ""
    were = "was" if short == 1 else "were"
    return f"{short} of these {were} not trained in full as a source says. "


def _seed_caveat(best: "pd.Series[Any]") -> str:
    if not best["seed_count"] > 1:
        return "One training run: how far another seed would move it is not in the interval."
    low, high = 100 * best["seed_low"], 100 * best["seed_high"]
    return f"Its {best['seed_count']:.0f} seeds reach {low:.2f} to {high:.2f} %."


# Cost -> title of the finding, what there is less of, its unit, the caveat.
_SAVINGS = {
    "params": ("Fewest parameters near the best", "fewer parameters", "", ""),
    "train_cpu_seconds": (
        "Least training near the best",
        "less processor time",
        "s",
        "Processor time over all threads, on the machine of the run.",
    ),
}


def _cheaper(group: pd.DataFrame, pairs: Sequence[Pair], cost: str) -> list[Finding]:
    """Returns the run near the best that has the least of a cost, or says that none saves much."""
    title, less, unit, caveat = _SAVINGS[cost]
    best = group.iloc[0]
    near = near_the_best(group).dropna(subset=cost)
    if near.empty or not best[cost] > 0:
        return []
    cheap = near.nsmallest(1, cost).iloc[0]
    if best[cost] / cheap[cost] < NOTABLY:
        text = f"No ranked run within {100 * NEAR:g} point of {_name(best)} needs notably {less}."
        return [Finding(title, _amount(best[cost], unit), text, "", best["run_id"])]
    behind = 100 * (best["test_accuracy"] - cheap["test_accuracy"])
    text = (
        f"{_name(cheap)} needs {_times(best[cost] / cheap[cost])} {less} than "
        f"{_name(best)}, for {behind:.2f} points of accuracy"
    )
    pair = dict(_others(best["run_id"], pairs)).get(cheap["run_id"])
    if pair is not None:
        low, high = sorted(100 * end for end in pair.difference_ci95)
        if pair.a == cheap["run_id"]:
            low, high = -high, -low
        text += f" (95 % interval {low:+z.2f} to {high:+z.2f})"
    text += "."
    return [Finding(title, _amount(cheap[cost], unit), text, caveat, cheap["run_id"])]


def _overfitting(ranked: pd.DataFrame) -> list[Finding]:
    known = ranked.dropna(subset=["train_accuracy", "val_accuracy"])
    if known.empty:
        return []
    verdicts = [
        fit_verdict(train, validation)
        for train, validation in zip(known["train_accuracy"], known["val_accuracy"], strict=True)
    ]
    place, widest = max(enumerate(verdicts), key=lambda numbered: numbered[1].gap)
    run = known.iloc[place]
    count = sum(verdict.verdict == "overfit" for verdict in verdicts)
    # A split without validation images of its own validates on its test images.
    seen = run["protocol"] == TEST_SEEN_PROTOCOL
    text = (
        f"{_name(run)} reaches {100 * widest.train_accuracy:.2f} % on its training images and "
        f"{100 * run['val_accuracy']:.2f} % on {'test' if seen else 'validation'} images. "
        f"{_have_wide_gaps(count, len(known))}"
    )
    note = "A wide gap says that more regularisation may help; the test accuracy decides."
    return [Finding("Widest gap", f"{100 * widest.gap:+z.1f} points", text, note, run["run_id"])]


def _have_wide_gaps(count: int, known: int) -> str:
    gap = f"a gap of {100 * WIDE_GAP:g} points"
    if known == 1:
        return f"That is {gap} or more." if count else f"That is less than {gap}."
    which, verb = count or "None", "have" if count > 1 else "has"
    return f"{which} of {known} ranked runs {verb} {gap} or more."


def _others(run_id: str, pairs: Sequence[Pair]) -> list[tuple[str, Pair]]:
    """Returns each pair of this run with the other's id."""
    return [(p.b if p.a == run_id else p.a, p) for p in pairs if run_id in (p.a, p.b)]


def _name(run: "pd.Series[Any]") -> str:
    return f"**{escaped(run['label'])}**"


def _amount(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}".rstrip()


def _times(ratio: float) -> str:
    return f"{ratio:.1f} times" if ratio < 10 else f"{ratio:.0f} times"
