"""A network folded back onto the lines of its layer text: repeats counted, not written out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from fmnist_core.architectures import LayerRow, Summary, parse
from fmnist_core.architectures.grammar import write_line
from fmnist_core.architectures.kinds import KINDS
from fmnist_core.architectures.layers import Layer, Shape

# Blocks whose body is built several times: kind -> the setting that says how often.
REPEATING = {"repeat": "times", "dense_block": "steps"}
# Lines that branch off from the main path and that a prediction does without.
TRAINING_BRANCHES = frozenset({"head", "decoder"})


@dataclass(frozen=True)
class Step:
    """One line of a layer text with everything it stands for.

    Attributes:
        layer: the line, read.
        text: the line in canonical form.
        depth: how many blocks surround it.
        copies: how often it is built, for the repeats around it.
        rows: its own Keras layers over all copies, nested lines left out, in building order.
        all_rows: the same with those of the nested lines.
        children: the nested lines.
    """

    layer: Layer
    text: str
    depth: int
    copies: int
    rows: tuple[LayerRow, ...]
    all_rows: tuple[LayerRow, ...]
    children: tuple["Step", ...]

    @property
    def params(self) -> int:
        """Parameters of all copies, nested lines included."""
        return sum(row.params for row in self.all_rows)

    @property
    def own_params(self) -> int:
        """Parameters of all copies, nested lines left out."""
        return sum(row.params for row in self.rows)

    @property
    def own_macs(self) -> int:
        """Multiply-accumulates of all copies, nested lines left out."""
        return sum(row.macs for row in self.rows)

    @property
    def copies_rows(self) -> tuple[tuple[LayerRow, ...], ...]:
        """Its own Keras layers, copy by copy; one copy of a block may have more than another."""
        own_block = self.rows and self.rows[0].blocks[-1:] and self.layer.kind != "dense_block"

        def copy_of(row: LayerRow) -> object:
            named_for_it = own_block and row.blocks[-1].startswith(self.layer.kind)
            return row.blocks if named_for_it else row.name

        return tuple(tuple(rows) for _, rows in groupby(self.rows, key=copy_of))

    @property
    def training_only(self) -> bool:
        """Whether a prediction does without it."""
        return bool(self.all_rows) and all(row.training_only for row in self.all_rows)


def outline(summary: Summary, layers: str) -> tuple[Step, ...]:
    """Returns the outermost lines of a layer text with the Keras layers that they stand for.

    Args:
        summary: `summarize(layers)`.
        layers: the layer text itself.
    """
    return _steps(parse(layers).layers, summary.layers, depth=0, copies=1)


def walk(steps: Sequence[Step]) -> Iterator[Step]:
    """Yields every line in the order of the text: a block, then the lines that it holds."""
    for step in steps:
        yield step
        yield from walk(step.children)


def leaving_shape(step: Step, entering: Shape) -> Shape:
    """Returns the shape after the last copy of a line; a branch for training hands on what enters.

    Within such a branch, it is the shape in the branch.
    """
    if step.layer.kind in TRAINING_BRANCHES or not step.all_rows:
        return entering
    rows = [row for row in step.all_rows if row.training_only == step.training_only]
    return rows[-1].output_shape


def _steps(
    layers: Sequence[Layer], rows: Sequence[LayerRow], depth: int, copies: int
) -> tuple[Step, ...]:
    return tuple(_step(layer, rows, depth, copies) for layer in layers)


def _step(layer: Layer, rows: Sequence[LayerRow], depth: int, copies: int) -> Step:
    last = _last_line(layer)
    inside = tuple(row for row in rows if layer.line <= row.line <= last)
    times = layer.settings[REPEATING[layer.kind]] if layer.kind in REPEATING else 1
    return Step(
        layer=layer,
        text=write_line(KINDS[layer.kind], layer),
        depth=depth,
        copies=copies,
        rows=tuple(row for row in inside if row.line == layer.line),
        all_rows=inside,
        children=_steps(layer.body, inside, depth + 1, copies * times),
    )


def _last_line(layer: Layer) -> int:
    return _last_line(layer.body[-1]) if layer.body else layer.line
