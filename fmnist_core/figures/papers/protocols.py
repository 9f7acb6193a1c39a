"""What a source says of its training, beside what we did: stated, reconstructed, or changed."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.ledger.choice import Choice
from fmnist_core.evaluation.run_names import BUDGET_BADGES
from fmnist_core.figures.table import Column
from fmnist_core.papers import find_paper
from fmnist_core.papers.schema import SourceGives, System
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import Run

Status = Literal["stated", "reconstructed", "changed"]
# A status -> its sign in front of a value, and what it means.
SIGNS: dict[Status, tuple[str, str]] = {
    "stated": ("✓", "the source prints it, or it follows from its numbers"),
    "reconstructed": ("○", "the source is silent, and we chose it"),
    "changed": ("≠", "our training departs from the source's, or from our reading of it"),
}
SIDE_COLUMNS = {
    "setting": Column("Setting", pinned=True),
    "theirs": Column("The source says"),
    "ours": Column("We did"),
    "status": Column("Difference"),
}
_SILENT = "not said"
# Keys of a recipe that say one thing together -> what they are called.
_SETTINGS: dict[str, tuple[str, ...]] = {
    "Optimizer": ("optimizer",),
    "Learning rate": ("learning_rate", "schedule"),
    "Batch size": ("batch_size",),
    "Epochs": ("epochs",),
    "Augmentation": ("augmentation",),
    "Pixels": ("pixel_mean", "pixel_std"),
    "Split": ("protocol",),
    "Share of the images": ("train_fraction", "limit"),
    "Regularisation": ("weight_decay", "label_smoothing"),
    "Weights kept": ("keep", "early_stopping"),
}
# What no source speaks of and every training has alike is not worth a row.
_USUAL = ("Share of the images", "Regularisation", "Weights kept")
_LAYERS: dict[SourceGives, str] = {
    "every layer": "every layer",
    "most layers": "most layers",
    "kinds of layers": "kinds of layers, no sizes",
    "authors' code": _SILENT,
    "name": "its name and kind",
    "other images": "a network for other images",
    "no network": "no network",
}


def side_by_side(system: System, choice: Choice | None) -> pd.DataFrame:
    """Returns one row a setting: the source's words, ours, and how the two stand to each other.

    Args:
        choice: our runs of it; `None` shows the recipe that the catalogue plans for it.
    """
    run = choice.evidence[0].run if choice else None
    if system.basis == "baseline":
        return _of_baseline(system, run)
    layers: Status = "stated" if system.basis == "stated" else "reconstructed"
    rows = [
        {
            "setting": "Layers",
            "theirs": _LAYERS[system.source_gives],
            "ours": "as in the catalogue",
            "status": _signed(layers),
        }
    ]
    catalogue = Recipe.from_dict(system.recipe)
    recipe = run.recipe if run and run.recipe else catalogue
    for setting, keys in _SETTINGS.items():
        theirs, ours = _value(setting, catalogue), _value(setting, recipe)
        status = _status(system, keys, changed=theirs != ours)
        if setting in _USUAL and status == "reconstructed" and ours == _value(setting, Recipe()):
            continue
        rows.append(
            {
                "setting": setting,
                "theirs": _their_words(system, setting, keys, theirs),
                "ours": ours,
                "status": _signed(status),
            }
        )
    # A shorter recipe stands in the rows above.
    if run and choice and choice.budget == "stopped":
        rows.append(
            {
                "setting": "Length of our training",
                "theirs": _SILENT,
                "ours": f"{run.epochs} of {recipe.epochs} epochs: {BUDGET_BADGES['stopped']}",
                "status": _signed("changed"),
            }
        )
    return pd.DataFrame(rows, columns=list(SIDE_COLUMNS))


def _of_baseline(system: System, run: Run | None) -> pd.DataFrame:
    """Returns the settings that a classifier without a network has."""
    planned = Recipe.from_dict(system.recipe)
    stated: Status = "stated" if "protocol" in system.stated_recipe else "reconstructed"
    status: Status = "changed" if run and run.protocol != planned.protocol else stated
    words = _their_words(system, "Split", ("protocol",), _value("Split", planned))
    split = PROTOCOLS[run.protocol if run else planned.protocol].title
    rows = [
        ("Layers", _LAYERS["no network"], "no network", _signed("stated")),
        ("Split", words, split, _signed(status)),
    ]
    if run:
        label = BUDGET_BADGES.get(run.budget)
        learned = f"{run.images.train:,} images" + (f": {label}" if label else "")
        short: Status = "changed" if label else "reconstructed"
        rows.append(("Learned from", _SILENT, learned, _signed(short)))
    return pd.DataFrame(rows, columns=list(SIDE_COLUMNS))


def side_takeaway(frame: pd.DataFrame, choice: Choice | None) -> str:
    """Returns how many settings the source states, we chose, and we changed."""
    stated, changed = (
        frame["status"].str.startswith(SIGNS[status][0]) for status in ("stated", "changed")
    )
    said = int((stated | (changed & (frame["theirs"] != _SILENT))).sum())
    text = f"Of {len(frame)} settings the source states {said}"
    text += f", and {len(frame) - said} are our choice"
    if changed.any():
        return text + f"; our training departs in {int(changed.sum())}."
    return text + ("; our training departs in none." if choice else "; it is not trained yet.")


def matrix(systems: Sequence[System], choices: Mapping[str, Choice]) -> pd.DataFrame:
    """Returns one row a network and one column a setting: our value behind the sign of its status.

    Args:
        choices: system id -> our runs that stand for it.
    """
    rows = []
    for system in systems:
        choice = choices.get(system.id)
        frame = side_by_side(system, choice)
        signs = frame["status"].str[:2] + frame["ours"]
        row = dict(zip(frame["setting"], signs, strict=True))
        trained = "not yet" if choice is None else choice.budget
        rows.append({"system": system.title, "trained": trained} | row)
    return pd.DataFrame(rows).fillna("–")


def matrix_takeaway(systems: Sequence[System], choices: Mapping[str, Choice]) -> str:
    """Returns how many networks are trained at full length, and how many as the source says."""
    full = {name: choice for name, choice in choices.items() if choice.budget == "full"}
    trained = [system for system in systems if system.id in full]
    sign = SIGNS["reconstructed"][0]
    stated = sum(
        not side_by_side(system, full[system.id])["status"].str.startswith(sign).any()
        for system in trained
    )
    are = "are" if len(trained) > 1 else "is"
    networks = "network" if len(systems) == 1 else "networks"
    of = f"{len(trained) or 'None'} of {len(systems)} {networks}"
    text = f"{of} {are} trained here at full length"
    if not trained:
        return f"{text}."
    if len(trained) == 1:
        states = "states" if stated else "does not state"
        return f"{text}; the source {states} every setting of it."
    if not stated:
        return f"{text}; of none of them does the source state every setting."
    how_many = "all" if stated == len(trained) else f"{stated}"
    return f"{text}; of {how_many} of them the source states every setting."


def matrix_columns(frame: pd.DataFrame) -> dict[str, Column]:
    """Returns the columns of `matrix`."""
    first = {"system": Column("Network", pinned=True), "trained": Column("Trained here")}
    return first | {name: Column(name) for name in frame.columns.astype(str) if name not in first}


def legend() -> str:
    """Returns what the signs mean, in a sentence."""
    return "; ".join(f"{sign} {status}: {words}" for status, (sign, words) in SIGNS.items()) + "."


def _signed(status: Status) -> str:
    return f"{SIGNS[status][0]} {status}"


def _status(system: System, keys: Sequence[str], *, changed: bool) -> Status:
    if changed:
        return "changed"
    return "stated" if set(keys) & set(system.stated_recipe) else "reconstructed"


def _their_words(system: System, setting: str, keys: Sequence[str], value: str) -> str:
    if not set(keys) & set(system.stated_recipe):
        return _SILENT
    if setting == "Split" and system.role == "own experiment":
        return find_paper(system.paper).split
    return value


def _value(setting: str, recipe: Recipe) -> str:
    match setting:
        case "Optimizer":
            return recipe.optimizer
        case "Learning rate":
            schedule = "" if recipe.schedule == "constant" else f", {recipe.schedule}"
            return f"{recipe.learning_rate:g}{schedule}"
        case "Batch size":
            return f"{recipe.batch_size}"
        case "Epochs":
            return f"{recipe.epochs}"
        case "Augmentation":
            return recipe.augmentation or "none"
        case "Pixels":
            if (recipe.pixel_mean, recipe.pixel_std) == (0.0, 1.0):
                return "divided by 255"
            mean, deviation = recipe.pixel_mean, recipe.pixel_std
            return f"divided by 255, less {mean:.4f}, divided by {deviation:.4f}"
        case "Split":
            return PROTOCOLS[recipe.protocol].title
        case "Share of the images":
            share = f"{100 * recipe.train_fraction:.0f} %"
            return f"at most {recipe.limit:,}" if recipe.limit else share
        case "Regularisation":
            decay, smoothing = recipe.weight_decay, recipe.label_smoothing
            return f"weight decay {decay:g}, label smoothing {smoothing:g}"
        case _:
            return recipe.keep + (
                f", patience {recipe.early_stopping}" * (recipe.early_stopping > 0)
            )
