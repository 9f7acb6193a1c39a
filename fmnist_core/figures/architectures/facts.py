"""What can be said of a network in words: its totals, beside those that its source prints."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from fmnist_core.architectures import LayerRow, Summary
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped
from fmnist_core.papers import contradictions, find_paper
from fmnist_core.papers.schema import METRICS, Contradiction, Published, System

# Published metric -> its words, and the total of ours that it is held against.
_COUNTS = {
    "params": ("parameters", "total_params"),
    "trainable_params": ("trainable", "trainable_params"),
    "non_trainable_params": ("non-trainable", "non_trainable_params"),
}
_DATASETS = {"fashion_mnist": "", "mnist": "MNIST", "other": "other images"}

PUBLISHED_COLUMNS = {
    "metric": Column("Published"),
    "printed": Column("As printed"),
    "images": Column("Images", meaning="Which images, in the words of the source."),
    "place": Column("Place in the source"),
    "note": Column("Note"),
}

_FAMILIES = {
    "BatchNormalization": "batch normalisations",
    "CapsuleRouting": "capsules",
    "Conv2D": "convolutions",
    "Dense": "dense layers",
    "DepthwiseConv2D": "convolutions",
    "MultiHeadAttention": "attention layers",
    "SeparableConv2D": "convolutions",
}


@dataclass(frozen=True)
class Agreement:
    """How the parameter counts that a source prints stand to those of its layers.

    Attributes:
        verdict: "silent" where the source prints none.
        text: a sentence or two, without markup.
    """

    verdict: Literal["agrees", "differs", "silent"]
    text: str


def agreement(system: System, summary: Summary) -> Agreement:
    """Holds every parameter count that the source prints against the layers."""
    counts = [entry for entry in system.published if entry.metric in _COUNTS]
    if not counts:
        return Agreement("silent", "The source prints no parameter count for this network.")
    said = ", ".join(_said(entry) for entry in counts)
    place = counts[0].place
    wrong = [entry for entry in counts if entry.value != _ours(entry, summary)]
    if wrong:
        ours = ", ".join(f"{_ours(entry, summary):,} {_COUNTS[entry.metric][0]}" for entry in wrong)
        obtainable = "" if system.params_obtainable else " The printed count is not obtainable."
        note = f" {system.params_note}" if system.params_note else ""
        text = f"{place} prints {said}; these layers give {ours}.{obtainable}{note}"
        return Agreement("differs", text)
    text = f"{place} prints {said}: these layers give exactly that."
    misprints = [entry for entry in counts if entry.note]
    if misprints:
        ours = ", ".join(f"{_ours(entry, summary):,}" for entry in misprints)
        text = f"{place} prints {said}: a digit is lost; these layers give {ours}."
    if summary.non_trainable_params and all(e.metric == "trainable_params" for e in counts):
        text += (
            f" It counts what is trained; with the {summary.non_trainable_params:,} running "
            f"statistics of batch normalisation it is {summary.total_params:,}."
        )
    return Agreement("agrees", text)


def insight(summary: Summary) -> str:
    """Returns in two sentences of Markdown where the parameters and where the work are."""
    layers = f"{len(summary.layers):,} {'layer' if len(summary.layers) == 1 else 'layers'}"
    if not summary.total_params:
        return f"{layers}, none of them with parameters."
    predicting = [row for row in summary.layers if not row.training_only]
    holder, held = _largest_family((row, row.params) for row in summary.layers)
    worker, done = _largest_family((row, row.macs) for row in predicting)
    text = f"{layers}: {holder} hold {_share(held, summary.total_params)} of the parameters"
    if summary.macs:
        text += " and" if worker == holder else f", {worker}"
        text += f" do {_share(done, summary.macs)} of the multiply-accumulates"
    largest = max(summary.layers, key=lambda row: row.params)
    return (
        f"{text}. The largest layer is **{escaped(largest.name)}** ({escaped(largest.text)}), with "
        f"{_share(largest.params, summary.total_params)} of the parameters."
    )


def normalisation_note(summary: Summary) -> str:
    """Returns how batch normalisation is counted here; empty without any."""
    rows = [row for row in summary.layers if row.type == "BatchNormalization"]
    if not rows:
        return ""
    kept = sum(row.non_trainable_params for row in rows)
    return (
        f"Batch normalisation holds four values for each channel: scale and shift are trained, "
        f"running mean and variance are only kept. Here that is 4 × {kept // 2:,} = "
        f"{2 * kept:,} parameters, {kept:,} of them trainable."
    )


def counting_errors(system: System) -> tuple[Contradiction, ...]:
    """Returns the contradictions of a source that are about the parameters of this network."""
    return tuple(
        entry
        for entry in contradictions()
        if entry.id in system.contradictions
        and any("parameters" in words for words in (entry.place, entry.one, entry.other))
    )


def published_frame(system: System) -> tuple[pd.DataFrame, int]:
    """Returns the numbers that stand for a whole training, and how many more are in tables."""
    main = [entry for entry in system.published if _stands_for_training(entry)]
    rows = [
        {
            "metric": METRICS[entry.metric][0],
            "printed": f"{entry.qualifier} {entry.printed}".strip(),
            "images": _images(entry),
            "place": _place(entry, system),
            "note": entry.note,
        }
        for entry in main
    ]
    frame = pd.DataFrame(rows, columns=list(PUBLISHED_COLUMNS))
    return frame, len(system.published) - len(main)


def _stands_for_training(entry: Published) -> bool:
    return not (entry.epoch or entry.class_name or entry.optimizer)


def _images(entry: Published) -> str:
    share = f"{100 * entry.train_fraction:.0f} % of the data" if entry.train_fraction < 1 else ""
    return ", ".join(word for word in (entry.split, _DATASETS[entry.dataset], share) if word)


def _place(entry: Published, system: System) -> str:
    if entry.paper == system.paper:
        return entry.place
    return f"{find_paper(entry.paper).title}, {entry.place}"


def _said(entry: Published) -> str:
    return f"{entry.printed} {_COUNTS[entry.metric][0]}"


def _ours(entry: Published, summary: Summary) -> int:
    return int(getattr(summary, _COUNTS[entry.metric][1]))


def _largest_family(amounts: Iterable[tuple[LayerRow, int]]) -> tuple[str, int]:
    """Returns the family of layers with the largest sum, and that sum."""
    sums: Counter[str] = Counter()
    for row, amount in amounts:
        sums[_FAMILIES.get(row.type, "other layers")] += amount
    return sums.most_common(1)[0]


def _share(part: int, whole: int) -> str:
    percent = 100 * part / whole
    if part == whole:
        return "all"
    return "over 99 %" if percent >= 99.5 else f"{percent:.0f} %"
