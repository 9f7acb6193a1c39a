"""Projections in words: what the pictures show, computed from their numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.separation_measures import Separation
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped

SEPARATION_COLUMNS = {
    "label": Column("Features of", pinned=True),
    "shown_share": Column(
        "Variance in two (%)", "percent", "Share of all variance in the first two components."
    ),
    "knn_accuracy": Column(
        "Neighbours right (%)",
        "percent",
        "Share of images whose nearest others name their class by majority; 50 components.",
    ),
    "silhouette": Column(
        "Silhouette",
        "decimal",
        "From -1 to 1; 0 where classes overlap. Mean over all images; 50 components.",
        digits=3,
    ),
    "clearest": Column("Clearest class", "text", "The class with the largest mean silhouette."),
    "most_mixed": Column(
        "Most mixed class", "text", "The class with the smallest mean silhouette."
    ),
    "similarity": Column(
        "Same picture (%)",
        "percent",
        "Share of the spread of the picture it is laid onto that it explains (Procrustes).",
        digits=1,
    ),
    "similarity_all": Column(
        "Same features (%)", "percent", "The same over all 50 components.", digits=1
    ),
}


@dataclass(frozen=True)
class Measured:
    """One projection's measures.

    Attributes:
        shown_share: 0..1, of the variance in the components drawn.
        similarity: 0..1, to the projection that all are laid onto; `None` for that itself.
        similarity_all: the same over all stored components.
    """

    label: str
    shown_share: float
    separation: Separation
    similarity: float | None
    similarity_all: float | None


def separation_frame(rows: Sequence[Measured]) -> pd.DataFrame:
    """Returns the table of `SEPARATION_COLUMNS`."""
    return pd.DataFrame(
        [
            {
                "label": row.label,
                "shown_share": row.shown_share,
                "knn_accuracy": row.separation.knn_accuracy,
                "silhouette": row.separation.silhouette,
                "clearest": _class(row.separation.class_silhouettes, largest=True),
                "most_mixed": _class(row.separation.class_silhouettes, largest=False),
                "similarity": row.similarity,
                "similarity_all": row.similarity_all,
            }
            for row in rows
        ]
    )


def separation_takeaway(rows: Sequence[Measured]) -> str:
    """Returns in words whose features set the classes apart best, by neighbours and silhouette."""
    measured = [row for row in rows if row.separation.knn_accuracy is not None]
    if not measured:
        return "One image has no neighbours: nothing can be measured."
    best = max(measured, key=_neighbours_right)
    asked = best.separation.neighbours
    text = (
        f"In the features of **{escaped(best.label)}**, the {asked} nearest images name the class "
        f"of **{100 * _neighbours_right(best):.1f} %** of the images"
    )
    others = [row for row in measured if row is not best]
    if others:
        worst = min(others, key=_neighbours_right)
        text += (
            f"; in those of **{escaped(worst.label)}**, of {100 * _neighbours_right(worst):.1f} %"
        )
    text += "."
    silhouettes = [row for row in measured if row.separation.silhouette is not None]
    if silhouettes:
        clear = max(silhouettes, key=lambda row: row.separation.silhouette or 0.0)
        # A label may be a plural: "the pixels".
        whose = f"The classes are tightest in those of **{escaped(clear.label)}**: their"
        if not others:
            whose = "Their"
        mixed = _class(clear.separation.class_silhouettes, largest=False)
        clearest = _class(clear.separation.class_silhouettes, largest=True)
        text += (
            f" {whose} silhouette is {clear.separation.silhouette:.2f}; {clearest} lies most "
            f"apart, {mixed} is the most mixed."
        )
    return text


def neighbour_classes_frame(measured: Separation) -> pd.DataFrame:
    """Returns one row a class: of which classes its images' neighbours are, as fractions."""
    return pd.DataFrame(
        [
            {
                "class": CLASS_NAMES[one],
                **{CLASS_NAMES[other]: share for other, share in of.items()},
            }
            for one, of in measured.neighbour_shares.items()
        ]
    )


def neighbour_classes_columns(measured: Separation) -> dict[str, Column]:
    """Returns the columns of `neighbour_classes_frame`."""
    names = [CLASS_NAMES[label] for label in measured.neighbour_shares]
    return {
        "class": Column("Neighbours of", pinned=True),
        **{name: Column(f"{name} (%)", "percent", digits=1) for name in names},
    }


def neighbour_classes_words(row: Measured) -> str:
    """Returns which class has most neighbours of one other class, and how many the reverse has."""
    shares = row.separation.neighbour_shares
    found = [(of[b], a, b) for a, of in shares.items() for b in of if a != b]
    if not found:
        return f"In the features of **{escaped(row.label)}** there is no other class to mix with."
    most, one, other = max(found)
    return (
        f"In the features of **{escaped(row.label)}**, {100 * most:.1f} % of the "
        f"{row.separation.neighbours} nearest images of **{CLASS_NAMES[one]}** are "
        f"**{CLASS_NAMES[other]}**, the most of any two classes; the other way round "
        f"{100 * shares[other][one]:.1f} %."
    )


def similarity_words(baseline: str, similarities: Mapping[str, float]) -> str:
    """Returns which picture fits best onto the one all are laid onto, and which least."""
    if not similarities:
        return ""
    best = max(similarities, key=lambda label: similarities[label])
    text = (
        f"Laid onto **{escaped(baseline)}**, the picture of **{escaped(best)}** explains "
        f"{100 * similarities[best]:.0f} % of its spread"
    )
    worst = min(similarities, key=lambda label: similarities[label])
    if worst != best:
        text += f", that of **{escaped(worst)}** {100 * similarities[worst]:.0f} %"
    return text + "."


def shown_words(count: int, shares: Mapping[str, float], axes: str = "two") -> str:
    """Returns how many images are drawn, and how much of what varies so many axes show."""
    low, high = min(shares, key=lambda k: shares[k]), max(shares, key=lambda k: shares[k])
    if len(shares) == 1:
        what = f"**{100 * shares[low]:.2f} %** of what varies in {escaped(low)}"
    else:
        what = (
            f"from {100 * shares[low]:.1f} % (**{escaped(low)}**) to {100 * shares[high]:.1f} % "
            f"(**{escaped(high)}**) of what varies"
        )
    return f"{count:,} test images; the {axes} axes show {what}."


def neighbour_words(count: int, measured: Mapping[str, tuple[Separation, Separation]]) -> str:
    """Returns how well neighbours in pictures, and in the features themselves, name a class.

    Args:
        measured: label -> the measures of its picture, and of its features.
    """
    asked = next(iter(measured.values()))[0].neighbours
    where = ["the features themselves", *["those"] * (len(measured) - 1)]
    right = ", ".join(
        f"{100 * (drawn.knn_accuracy or 0):.1f} % in the picture of **{escaped(label)}** "
        f"({100 * (whole.knn_accuracy or 0):.1f} % in {features})"
        for features, (label, (drawn, whole)) in zip(where, measured.items(), strict=True)
    )
    return (
        f"{count:,} test images, neighbours kept together: the {asked} nearest name the class of "
        f"{right}."
    )


def box_words(inside: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Returns which classes lie in a box, and how many each network gets right there.

    Args:
        inside: rows of `linked_frame`.
        labels: column of answers -> the network's label.
    """
    count = len(inside)
    if not count:
        return "No image in the box."
    classes = inside["class"].value_counts()
    named = ", ".join(f"{number} {name}" for name, number in classes.head(3).items())
    more = f" and {len(classes) - 3} more classes" if len(classes) > 3 else ""
    images = "1 image" if count == 1 else f"{count:,} images"
    text = f"**{images}** in the box: {named}{more}."
    right = [
        f"{escaped(label)} {int((inside[column] == inside['class']).sum()):,}"
        for column, label in labels.items()
    ]
    return text + (f" Right: {', '.join(right)}." if right else "")


def _neighbours_right(row: Measured) -> float:
    return row.separation.knn_accuracy or 0.0


def _class(silhouettes: Mapping[int, float], *, largest: bool) -> str:
    if not silhouettes:
        return "–"
    choose = max if largest else min
    return CLASS_NAMES[choose(silhouettes, key=lambda label: silhouettes[label])]
