"""What the catalogue holds: the sources, their networks, their numbers and their contradictions.

Every record is frozen and plain data. `reading.py` makes them from the TOML files beside this one.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Basis = Literal["stated", "partly reconstructed", "reconstruction", "adaptation", "baseline"]
SourceGives = Literal[
    "every layer",
    "most layers",
    "kinds of layers",
    "authors' code",
    "name",
    "other images",
    "no network",
]
Role = Literal["own experiment", "cited result", "bibliography only"]
Dataset = Literal["fashion_mnist", "mnist", "other"]
Qualifier = Literal["", "about", "over"]
RowKey = Literal["system", "epoch", "optimizer", "class_name"]

# Where `System.layers_given` does not say it more closely.
_GIVES: dict[Basis, SourceGives] = {
    "stated": "every layer",
    "partly reconstructed": "most layers",
    "reconstruction": "name",
    "adaptation": "other images",
    "baseline": "no network",
}

# Metric name -> (title, unit). A fraction lies in 0..1 however the source prints it.
METRICS: dict[str, tuple[str, str]] = {
    "train_accuracy": ("Training accuracy", "fraction"),
    "val_accuracy": ("Validation accuracy", "fraction"),
    "test_accuracy": ("Test accuracy", "fraction"),
    "accuracy": ("Accuracy, split not said", "fraction"),
    "train_loss": ("Training loss", "loss"),
    "val_loss": ("Validation loss", "loss"),
    "test_loss": ("Test loss", "loss"),
    "precision": ("Precision", "fraction"),
    "recall": ("Recall", "fraction"),
    "f1": ("F1, averaging not said", "fraction"),
    "support": ("Support", "count"),
    "macro_precision": ("Precision, macro average", "fraction"),
    "macro_recall": ("Recall, macro average", "fraction"),
    "macro_f1": ("F1, macro average", "fraction"),
    "weighted_precision": ("Precision, weighted average", "fraction"),
    "weighted_recall": ("Recall, weighted average", "fraction"),
    "weighted_f1": ("F1, weighted average", "fraction"),
    "params": ("Parameters", "count"),
    "trainable_params": ("Trainable parameters", "count"),
    "non_trainable_params": ("Non-trainable parameters", "count"),
    "seconds_per_epoch": ("Time for one epoch", "seconds"),
    "train_seconds": ("Training time", "seconds"),
    "steps_per_epoch": ("Batches in one epoch", "count"),
}


@dataclass(frozen=True)
class Published:
    """One number that a source prints.

    Attributes:
        value: accuracies, precision, recall and F1 as fractions; counts and seconds as they are.
        printed: the characters of the source, misprints included.
        split: which images the number was taken on, as the source uses the word.
        qualifier: "about" or "over" where the source says so of its number.
        class_name: the class that a per-class number belongs to; empty otherwise.
        epoch: counted from 1; 0 for a number that stands for the whole training.
        optimizer: set where the source trains the system with several optimizers.
        train_fraction: the share of the training images; 1.0 for all.
        table: id of the table that the number belongs to; empty when it stands in the text.
        paper: id of the source that prints it; `place` is a place in that source, or says that the
            number stands in the original that it cites.
        contradictions: ids in the register that concern this very number; for a cell of a table the
            register names it.
        impossible: why it cannot be what the source says it is, as a sentence; empty otherwise.
    """

    metric: str
    value: float
    printed: str
    place: str
    dataset: Dataset = "fashion_mnist"
    split: str = ""
    qualifier: Qualifier = ""
    class_name: str = ""
    epoch: int = 0
    optimizer: str = ""
    train_fraction: float = 1.0
    table: str = ""
    paper: str = ""
    note: str = ""
    contradictions: tuple[str, ...] = ()
    impossible: str = ""


@dataclass(frozen=True)
class StatedParams:
    """The parameter totals that a source states; None where it is silent.

    Attributes:
        obtainable: False where no reading of the stated layers gives the count.
        note: what the comparison with our count needs to know.
    """

    total: int | None
    trainable: int | None
    non_trainable: int | None
    obtainable: bool
    note: str


@dataclass(frozen=True)
class StatedLayer:
    """One row of a parameter table or model summary in a source; `params` is None where silent."""

    name: str
    printed: str
    params: int | None = None
    output_shape: str = ""
    description: str = ""
    note: str = ""


@dataclass(frozen=True)
class Variant:
    """Another reading of the same system, as layer text with its own total parameter count."""

    id: str
    layers: str
    params: int
    note: str


@dataclass(frozen=True)
class System:
    """One network (or baseline) of a source.

    Attributes:
        place: where in the source the system is described.
        cites: the publication behind it, where the source reports someone else's work.
        basis: how the network comes from the source, in one word; every run of it carries it.
        layers: layer text; empty for a baseline that is not a neural network.
        layers_given: where `basis` is too coarse: "kinds of layers" when the source gives no size
            of any, in the network's own description or by naming another; "authors' code" when it
            gives no layer, and those who made the network published them elsewhere.
        reconstruction: what we chose where the source is silent, and why; one sentence each.
        recipe: values for `fmnist_core.recipes.Recipe.from_dict`.
        stated_recipe: keys of `recipe` that the source prints, or that follow from its numbers.
        published: every number the sources print for the system, tables included.
        params_obtainable: False where no reading of the stated layers gives the stated count.
        silences: what the source does not say.
        contradictions: ids in the contradictions register.
    """

    id: str
    paper: str
    title: str
    place: str
    role: Role
    basis: Basis
    layers: str
    recipe: dict[str, Any]
    cites: str = ""
    layers_given: Literal["", "kinds of layers", "authors' code"] = ""
    stated_recipe: tuple[str, ...] = ()
    reconstruction: tuple[str, ...] = ()
    params_obtainable: bool = True
    params_note: str = ""
    stated_layers: tuple[StatedLayer, ...] = ()
    published: tuple[Published, ...] = ()
    silences: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()

    @property
    def protocol(self) -> str:
        """Name of the split protocol, as in `Recipe.protocol`."""
        return str(self.recipe["protocol"])

    @property
    def source_gives(self) -> SourceGives:
        """How far the source states the layers."""
        return self.layers_given or _GIVES[self.basis]

    def reading(self, variant: str | None) -> str:
        """Its title, with the reading of its layers where that is not the first one."""
        return f"{self.title}, {variant.replace('_', ' ')}" if variant else self.title

    @property
    def stated_params(self) -> StatedParams | None:
        """The parameter totals among the published numbers; None when there are none."""
        counts = {p.metric: int(p.value) for p in self.published if p.metric.endswith("params")}
        if not counts:
            return None
        return StatedParams(
            total=counts.get("params"),
            trainable=counts.get("trainable_params"),
            non_trainable=counts.get("non_trainable_params"),
            obtainable=self.params_obtainable,
            note=self.params_note,
        )


@dataclass(frozen=True)
class Column:
    """A column of a published table: what its numbers are."""

    metric: str
    label: str
    dataset: Dataset = "fashion_mnist"
    split: str = ""
    epoch: int = 0
    train_fraction: float = 1.0


@dataclass(frozen=True)
class Row:
    """A row of a published table.

    Attributes:
        key: a system id, an epoch, an optimizer or a class name, as `Table.key` says.
        cells: the printed characters, one for each column; empty where the source lost them.
    """

    key: str
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of numbers as a source prints it; its cells also stand in `System.published`.

    Attributes:
        key: what the rows are told apart by.
        system: the system all cells belong to; empty when `key` is "system".
        percent: True where the cells are percentages printed without a sign.
        misprints: printed text -> the value it must stand for.
        impossible: why none of its numbers can be what the source says; empty otherwise.
    """

    id: str
    paper: str
    title: str
    place: str
    key: RowKey
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    system: str = ""
    percent: bool = False
    misprints: dict[str, float] = field(default_factory=dict)
    note: str = ""
    impossible: str = ""


@dataclass(frozen=True)
class Paper:
    """One of the source documents.

    Attributes:
        split: how the source divides the images, in our words.
        claims: what it says it found, in our words.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    published: str
    summary: str
    split: str
    framework: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cells:
    """A block of cells of a published table.

    Attributes:
        columns: their labels, as the source prints them.
        rows: their keys; empty for every row.
    """

    columns: tuple[str, ...]
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contradiction:
    """A place where a source disagrees with itself, with another source, or with the data.

    Attributes:
        papers: ids of the sources concerned.
        one, other: the two sayings, in our words.
        resolution: what this project takes as true, and why.
        tables: ids of the published tables that show it.
        cells: which of their cells it is about; empty for all. It concerns a number where the
            number's network names the entry, too.
    """

    id: str
    papers: tuple[str, ...]
    place: str
    one: str
    other: str
    resolution: str
    tables: tuple[str, ...] = ()
    cells: tuple[Cells, ...] = ()
