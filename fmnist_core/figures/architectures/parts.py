"""What a diagram of a network shows: its lines gathered into nodes, and its blocks into groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fmnist_core.architectures.grammar import ACTIVATIONS
from fmnist_core.architectures.kinds import KINDS
from fmnist_core.architectures.layers import Shape
from fmnist_core.figures.architectures.outline import Step, leaving_shape

Category = Literal["convolution", "pool", "dense", "block", "other"]

# Drawn as a second line of the node before them, as a reader thinks of them.
_FOLLOWERS = frozenset({*ACTIVATIONS, "batchnorm", "dropout", "spatial_dropout"})
_GROUPS = frozenset({"repeat", "residual", "dense_block", "inception", "branch", "head"})
_TITLES = {
    "avgpool": "Average pool",
    "batchnorm": "Batch norm",
    "elu": "ELU",
    "gelu": "GELU",
    "global_avgpool": "Global average pool",
    "global_maxpool": "Global max pool",
    "maxpool": "Max pool",
    "relu": "ReLU",
    "selu": "SELU",
}
_CATEGORIES: dict[str, Category] = {
    "conv": "convolution",
    "depthwise_conv": "convolution",
    "separable_conv": "convolution",
    "dense": "dense",
    "avgpool": "pool",
    "maxpool": "pool",
    "global_avgpool": "pool",
    "global_maxpool": "pool",
    "squeeze_excite": "block",
    "attention": "block",
    "primary_capsules": "block",
    "capsules": "block",
    "capsule_length": "block",
    "decoder": "dense",
}


@dataclass(frozen=True)
class Node:
    """A layer with the normalisation, activation and dropout that follow it.

    Attributes:
        kind: the first word of its line in the layer text.
        details: what stands below the title.
        times: how often it runs in a row.
        shape: what leaves it.
        training_only: a branch that a prediction does without.
    """

    kind: str
    title: str
    details: tuple[str, ...]
    category: Category
    params: int
    times: int
    shape: Shape
    training_only: bool
    description: str


@dataclass(frozen=True)
class Group:
    """A block: what it holds, and how data gets around it.

    Attributes:
        kind: the block's word in the layer text.
        label: its heading.
        shape: what leaves it.
    """

    kind: str
    label: str
    parts: tuple["Part", ...]
    params: int
    shape: Shape
    training_only: bool


Part = Node | Group


def parts_of(steps: Sequence[Step], entering: Shape) -> tuple[Part, ...]:
    """Gathers lines into nodes and groups, in order; `entering` is the shape before the first."""
    parts: list[Part] = []
    gathered: list[Step] = []
    shape = entering
    for step in steps:
        if gathered and step.layer.kind in _FOLLOWERS:
            gathered.append(step)
            continue
        if gathered:
            parts.append(_node(gathered, shape))
            shape = parts[-1].shape
            gathered = []
        if step.layer.kind in _GROUPS:
            parts.append(_group(step, shape))
            shape = parts[-1].shape
        else:
            gathered = [step]
    if gathered:
        parts.append(_node(gathered, shape))
    return tuple(parts)


def shape_words(shape: Shape) -> str:
    """Returns "28 × 28 × 32", or "128" for a vector."""
    return " × ".join(f"{size:,}" for size in shape)


def title_of(kind: str) -> str:
    """Returns a layer's word as it stands in a diagram: "Max pool" for ``maxpool``."""
    return _TITLES.get(kind, kind.replace("_", " ").capitalize())


def _node(steps: Sequence[Step], entering: Shape) -> Node:
    main, *followers = steps
    title, *details = _heading(main)
    if followers:
        details.append("→ " + " → ".join(_short(step) for step in followers))
    if main.layer.kind == "decoder":
        details.append("only while training")
    rows = [row for step in steps for row in step.all_rows]
    formulas = [f"{row.name}: {row.formula}" for row in rows if row.params]
    macs = sum(row.macs for row in rows)
    description = [step.text for step in steps] + formulas[:6]
    if len(formulas) > 6:
        description.append(f"and {len(formulas) - 6} more layers with parameters")
    if macs:
        description.append(f"{macs:,} multiply-accumulates")
    return Node(
        kind=main.layer.kind,
        title=title,
        details=tuple(details),
        category=_CATEGORIES.get(main.layer.kind, "other"),
        params=sum(row.params for row in rows),
        times=1,
        shape=leaving_shape(main, entering),
        training_only=main.training_only,
        description="\n".join(description),
    )


def _heading(step: Step) -> list[str]:
    """Returns a line as "Conv 64" with "3x3 same relu" below, blocks with named settings."""
    kind, *words = step.text.split()
    if _CATEGORIES.get(kind) == "block" and words:
        settings = step.layer.settings
        named = [
            f"{setting.name.replace('_', ' ')} {_value_words(settings[setting.name])}"
            for setting in KINDS[kind].parameters
        ]
        return [title_of(kind), ", ".join(named)]
    size = 1 if words and words[0].isdigit() else 0
    title, rest = " ".join([title_of(kind), *words[:size]]), " ".join(words[size:])
    return [title, rest] if rest else [title]


def _value_words(value: object) -> str:
    """Returns a setting's value as a reader writes it: "9 × 9" for (9, 9)."""
    return " × ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _group(step: Step, entering: Shape) -> Part:
    parts = parts_of(step.children, entering)
    shape = leaving_shape(step, entering)
    if step.layer.kind == "repeat" and len(parts) == 1 and isinstance(parts[0], Node):
        times = step.layer.settings["times"] * parts[0].times
        return replace(parts[0], times=times, shape=shape, params=step.params)
    if step.layer.kind == "head":
        parts = (*parts, _classifier(step))
    return Group(
        kind=step.layer.kind,
        label=_group_label(step, entering, shape),
        parts=parts,
        params=step.params,
        shape=shape,
        training_only=step.training_only,
    )


def _classifier(head: Step) -> Node:
    """The softmax that ends every head without standing in the text."""
    row = head.rows[-1]
    return Node(
        kind="dense",
        title=f"Dense {row.arguments['units']}",
        details=("softmax",),
        category="dense",
        params=row.params,
        times=1,
        shape=row.output_shape,
        training_only=True,
        description=f"{row.name}: {row.formula}",
    )


def _group_label(step: Step, entering: Shape, shape: Shape) -> str:
    settings = step.layer.settings
    match step.layer.kind:
        case "repeat":
            return f"{settings['times']} ×"
        case "dense_block":
            grown = shape[-1] - entering[-1]
            return f"Dense block, {settings['steps']} × (+{grown // settings['steps']} channels)"
        case "residual":
            types = [row.type for row in step.rows[: len(step.rows) // step.copies]]
            if "Conv2D" in types:
                return "Residual, shortcut by 1×1 conv"
            return "Residual, shortcut padded" if len(types) > 1 else "Residual"
        case "head":
            return f"{settings['name'].replace('_', ' ').capitalize()}, while training"
        case kind:
            return title_of(kind)


def _short(step: Step) -> str:
    return step.text.replace("batchnorm", "batch norm").replace("_", " ")
