"""What the search for wrong labels found, in sentences computed from its numbers."""

from collections.abc import Mapping, Sequence

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.label_errors import (
    ConfidentLearning,
    PublishedExample,
    RankingMove,
)


def suspects_sentence(learned: ConfidentLearning, runs: int) -> str:
    """Returns how many labels are suspected, and how far to believe that."""
    images, found = len(learned.ranks), len(learned.positions)
    if not found:
        return f"Of {images:,} images, no label is suspected."
    return (
        f"Of {images:,} images, {found:,} ({100 * found / images:.1f} %) look more like another "
        f"class than their label to the mean of {runs} run{'' if runs == 1 else 's'}. Classes that "
        "overlap, such as Shirt and T-shirt/top, look like wrong labels too: the first of the list "
        "deserve a look, the last mostly do not."
    )


def published_sentences(examples: Sequence[PublishedExample]) -> list[str]:
    """Returns where the published examples stand in our list; those it cannot judge come last."""
    known = [example for example in examples if example.runs]
    flagged = sum(example.suspected for example in known)
    sentences = []
    if known:
        were, are = _were(len(known)), "is" if flagged == 1 else "are"
        sentences.append(
            f"Of {len(examples)} published examples, {len(known)} {were} held out by a run, and "
            f"{flagged} of those {are} suspected here too."
        )
    sentences += [_standing(example) for example in known]
    unknown = [f"{example.index:,}" for example in examples if not example.runs]
    if unknown:
        sentences.append(
            f"Nothing can be said of {', '.join(unknown)}: every run here was trained on "
            f"{'it' if len(unknown) == 1 else 'them'}."
        )
    return sentences


def ranking_sentence(move: RankingMove, names: Mapping[str, str]) -> str:
    """Returns how the ranking moves when images are left out."""
    left_out = move.images_before - move.images_after
    if not left_out:
        return "No image is left out, so nothing moves."
    gains = 100 * (move.after - move.before)
    text = "Without this image" if left_out == 1 else f"Without these {left_out:,} images"
    if len(move.run_ids) == 1:
        return f"{text}, {names[move.run_ids[0]]} moves by {gains[0]:+z.2f} points."
    moved = int((move.ranks_before != move.ranks_after).sum())
    text += f", accuracies move by {gains.min():+z.2f} to {gains.max():+z.2f} points"
    if not moved:
        return f"{text}, and all {len(move.run_ids)} runs keep their ranks."
    most = int(abs(move.ranks_before - move.ranks_after).argmax())
    who = f"{names[move.run_ids[most]]}: from {move.ranks_before[most]} to {move.ranks_after[most]}"
    if moved == 1:
        return f"{text}, and 1 of {len(move.run_ids)} runs changes its rank, {who}."
    return f"{text}, and {moved} of {len(move.run_ids)} runs change their rank, most of all {who}."


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _standing(example: PublishedExample) -> str:
    label, suggested = CLASS_NAMES[example.label or 0], CLASS_NAMES[example.suggested or 0]
    verb = "suspected" if example.suspected else "not suspected"
    return (
        f"Image {example.index:,}, labelled {label}, is {verb}: place {example.rank:,} of "
        f"{example.of:,} by margin and {example.self_confidence_rank:,} by self-confidence, "
        f"{100 * (example.self_confidence or 0):.1f} % for its label, "
        f"rather {suggested}."
    )
