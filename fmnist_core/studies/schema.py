"""What a study is: the question, its series, and the levels of the factor that is changed."""

from dataclasses import dataclass, field
from typing import Any, Literal

# What a level is compared with: one level of its series, or the level before it.
Against = Literal["reference", "previous"]

# The factors that are no keys of the recipe: whatever the layers are; and how many convolutions
# there are, so that other layers that come and go with them are second causes.
LAYERS, CONVOLUTIONS = "layers", "convolutions"


@dataclass(frozen=True)
class Level:
    """One setting of the factor, and thereby the runs that belong to it.

    Attributes:
        label: its name on the page; once in its series.
        architecture: catalogue id whose layers and recipe it has; that of the series where empty.
        variant: another reading of that architecture.
        layers: layer text in place of the catalogue's.
        recipe: changes of the recipe, after those of the series.
        value: where the level stands on a numeric axis, in the unit of `Study.axis`.
        row, column: its place in a table of two factors.
        key: of its row in the published table; empty where the source does not have it.
    """

    label: str
    architecture: str = ""
    variant: str = ""
    layers: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    value: float | None = None
    row: str = ""
    column: str = ""
    key: str = ""


@dataclass(frozen=True)
class Series:
    """Levels that are compared with each other; two series never are.

    Attributes:
        architecture, recipe: what its levels have where they say nothing else.
        reference: label of the level that the others are compared with.
        note: what a reader must know about these levels; one sentence.
    """

    id: str
    title: str
    levels: tuple[Level, ...]
    architecture: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    against: Against = "reference"
    reference: str = ""
    note: str = ""


@dataclass(frozen=True)
class Study:
    """A question that is answered by changing one factor, or two; what else differs is named.

    Attributes:
        factors: keys of the recipe, "layers" or "convolutions".
        source: ids of the papers that ask it; `place` is where in the first one.
        published: id of the published table whose rows are the levels' keys.
        axis: title of the numeric axis with its unit; empty where levels have no `value`.
        note: what the sources say of it, in our words.
        own: a sweep of the reader's, found among the runs and not written in a file.
    """

    id: str
    title: str
    question: str
    factors: tuple[str, ...]
    series: tuple[Series, ...]
    source: tuple[str, ...] = ()
    place: str = ""
    published: str = ""
    axis: str = ""
    note: str = ""
    own: bool = False

    @property
    def is_grid(self) -> bool:
        """Whether the levels stand in a table of two factors."""
        return all(level.row and level.column for one in self.series for level in one.levels)
