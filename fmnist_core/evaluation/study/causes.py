"""What sets two levels apart besides the factor: second causes of an effect."""

from collections.abc import Collection

from fmnist_core.architectures import Summary, summarize
from fmnist_core.evaluation.recipe_words import both_words, setting_name
from fmnist_core.evaluation.study.matching import as_trained
from fmnist_core.evaluation.unsettled_averages import settled_words
from fmnist_core.runs.schema import Run
from fmnist_core.studies.schema import CONVOLUTIONS, LAYERS
from fmnist_core.studies.setup import Setup, settings

# What a deeper network may change beside its convolutions -> part of Keras' names for it.
_KINDS = {
    "poolings": "Pooling",
    "dense layers": "Dense",
    "dropouts": "Dropout",
    "batch normalisations": "BatchNormalization",
}


def second_causes(
    factors: Collection[str], a: tuple[Setup, Run], b: tuple[Setup, Run]
) -> tuple[str, ...]:
    """Returns what sets a from b besides the factors, a's value first: "epochs (10 and 20)".

    Batch normalisation that had not settled is one: its accuracy says little of any factor.

    Args:
        a: what the level asks, and the first of its runs; `b` that of its base.
    """
    layers = []
    if CONVOLUTIONS in factors:
        layers = _other_layers(summarize(a[0].layers), summarize(b[0].layers))
    elif LAYERS not in factors and a[0].network != b[0].network:
        layers = ["layers"]
    ours, theirs = as_trained(a[1]), as_trained(b[1])
    base = settings(theirs)
    return (
        *layers,
        *(
            f"{setting_name(key)} ({' and '.join(both_words(ours, theirs, key))})"
            for key, value in settings(ours).items()
            if key not in factors and value != base[key]
        ),
        *_other_averages(a[1], b[1]),
    )


def _other_averages(a: Run, b: Run) -> list[str]:
    words = [settled_words(run) for run in (a, b)]
    if words[0] == words[1]:
        return []
    return [f"running averages of batch normalisation ({' and '.join(words)})"]


def _other_layers(a: Summary, b: Summary) -> list[str]:
    """What two networks differ in besides the number of their convolutions."""
    counts = {
        name: tuple(sum(kind in row.type for row in network.layers) for network in (a, b))
        for name, kind in _KINDS.items()
    }
    counts["parameters"] = (a.total_params, b.total_params)
    return [
        f"{name} ({ours:,} and {theirs:,})"
        for name, (ours, theirs) in counts.items()
        if ours != theirs
    ]
