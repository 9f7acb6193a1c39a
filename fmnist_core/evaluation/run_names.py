"""What a run is called, and the words that must stand beside its numbers.

Without pandas, so that a terminal has them at once.
"""

from collections.abc import Iterable, Iterator

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.papers import systems
from fmnist_core.recipes import Recipe
from fmnist_core.runs.summary import RunSummary

TEST_SEEN = "test set used for validation"
BUDGET_BADGES = {
    "varied": "varied layers or settings",
    "reduced": "reduced training",
    "stopped": "stopped early",
    "yardstick": "yardstick of no source",
}
UNSETTLED = "batch normalisation not settled"


def run_badges(run: RunSummary) -> list[str]:
    """Returns the words that must stand beside a run's numbers."""
    return badges(run.protocol, budget_of(run), run.unsettled_share)


def badges(protocol: str, budget: str, unsettled_share: float = 0.0) -> list[str]:
    """Returns the words that a training puts beside its numbers.

    Args:
        unsettled_share: that of `RunSummary`.
    """
    words = [TEST_SEEN] if protocol == TEST_SEEN_PROTOCOL else []
    words += [BUDGET_BADGES[name] for name in (budget,) if name in BUDGET_BADGES]
    return [*words, UNSETTLED] if unsettled_share else words


def split_warnings(protocols: Iterable[str]) -> list[str]:
    """Returns what a reader must know of each of these splits before trusting a number of it."""
    known = [PROTOCOLS[name] for name in dict.fromkeys(protocols) if name in PROTOCOLS]
    return [f"{split.title}: {split.warning}" for split in known if split.warning]


def stand_in_words(protocols: Iterable[str]) -> str:
    """Says what validation numbers are where a split has no images for them; empty if all have."""
    if TEST_SEEN_PROTOCOL not in {*protocols}:
        return ""
    return "Where the split has no validation images of its own, the test set stands in."


def standing(run: RunSummary) -> str:
    """Returns what must stand beside a run's numbers in a line of text.

    That is another reading of its layers, its split, its budget and its badges.
    """
    protocol = PROTOCOLS.get(run.protocol)
    words = [protocol.title if protocol else run.protocol, f"{run.train_images:,} training images"]
    if run.variant:
        words.insert(0, _reading(run.variant))
    if run.epochs:
        words.append(f"{run.epochs} epoch{'' if run.epochs == 1 else 's'}")
    return ", ".join([*words, *run_badges(run)])


def budget_of(run: RunSummary) -> str:
    """Returns the `named_budget` of a run, or "yardstick"; only full ones are ranked unasked.

    A yardstick is one of our baselines that no source names: it shows how hard the task is.
    """
    if run.budget == "full" and not run.paper and run.architecture != "custom":
        return "yardstick"
    # Another reading of the layers stands in the run's name, and is no setting.
    settings = run.protocol_differences - (run.variant is not None)
    return named_budget(run.budget, run.architecture, settings)


def named_budget(budget: str, architecture: str, settings: int) -> str:
    """Returns "full", "varied", "reduced" or "stopped".

    A training as long as its source's, but of other layers or under other settings, is varied: a
    level of a study, one of several that the source tried itself, or the reader's own.

    Args:
        budget: as `run.json` has it.
        settings: how many of them are not as in the source.
    """
    varied = architecture == "custom" or settings > 0
    return "varied" if budget == "full" and varied else budget


def run_title(run: RunSummary, titles: dict[str, str]) -> str:
    """Returns a run's name: its network, the reading of its layers, and how it was trained.

    Args:
        titles: those of the catalogue by id.
    """
    variant = f" ({_reading(run.variant)})" if run.variant else ""
    network = titles.get(run.architecture, run.name)
    return " · ".join(filter(None, (f"{network}{variant}", budget_words(run))))


def _reading(variant: str) -> str:
    return f"reading: {variant.replace('_', ' ')}"


def budget_words(run: RunSummary) -> str:
    """Returns what a run's name says of its training wherever it stands; empty for a full one."""
    match budget_of(run):
        case "varied":
            own = "own layers" if run.architecture == "custom" else "other settings"
            return ", ".join(_changed_settings(run)) or own
        case "reduced":
            return ", ".join(["reduced", *_reductions(run)])
        case "stopped":
            return f"stopped after {run.epochs} of {run.epochs_planned} epochs"
    return ""


def _changed_settings(run: RunSummary) -> list[str]:
    """Returns the best known of the settings in which a run departs from its source."""
    source = _source_recipe(run)
    if source is None:
        return []
    known = {
        "optimizer": run.optimizer,
        "learning_rate": f"rate {run.learning_rate:g}" if run.learning_rate else None,
        "batch_size": f"batches of {run.batch_size}",
        "augmentation": run.augmentation or "not augmented",
    }
    changed = [
        str(words) for key, words in known.items() if getattr(run, key) != getattr(source, key)
    ]
    longer = run.epochs_planned > source.epochs
    return [*changed, f"{run.epochs_planned:,} epochs"] if longer else changed


def _reductions(run: RunSummary) -> Iterator[str]:
    source, protocol = _source_recipe(run), PROTOCOLS.get(run.protocol)
    if run.epochs and (source is None or run.epochs < source.epochs):
        yield f"{run.epochs} epoch{'' if run.epochs == 1 else 's'}"
    if protocol is None or run.train_images >= protocol.train:
        return
    if run.train_fraction and run.train_images == round(run.train_fraction * protocol.train):
        yield f"{100 * run.train_fraction:.0f} % of the images"
    else:
        yield f"{run.train_images:,} images"


def _source_recipe(run: RunSummary) -> Recipe | None:
    system = next((system for system in systems() if system.id == run.architecture), None)
    return Recipe.from_dict(system.recipe) if system else None
