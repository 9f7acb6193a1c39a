"""Layer text: one layer a line, blocks nested by indentation, read and written in one place.

    conv FILTERS KxK [strides S|SxS] [dilation D] [same|valid] [ACTIVATION] [no_bias]
                     [init NAME] [l1 X] [l2 X]
    depthwise_conv KxK ...                  separable_conv FILTERS KxK ...
    dense UNITS [ACTIVATION] [no_bias] [init NAME] [l1 X] [l2 X]
    batchnorm [momentum X] [epsilon X]      relu, gelu, tanh, softmax, ...  leaky_relu SLOPE
    maxpool P|PxP [strides S] [same|valid]  avgpool ...     global_avgpool  global_maxpool
    dropout RATE    spatial_dropout RATE    flatten         pad PIXELS      repeat_channels TIMES
    squeeze_excite RATIO                    attention HEADS KEY_DIM
    primary_capsules CHANNELS DIM KxK [strides S]   capsules COUNT DIM routing ROUNDS
    decoder UNITS ...   (after capsules, before the lengths)                capsule_length

    repeat TIMES                            the lines below it, so many times
    residual [projection conv|pad]          the lines below it, plus a shortcut
    dense_block STEPS                       each step adds its channels to those before it
    inception                               `branch` blocks side by side, their channels joined
    head NAME CLASSES weight X              an auxiliary classifier that branches off

Options may stand in any order. The padding is valid, the activation linear, and strides and
dilation are 1 (for pools the pool size) where nothing is said.
"""

import difflib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fmnist_core.architectures.grammar import GrammarError, Kind, read_settings, write_line
from fmnist_core.architectures.kinds import KINDS
from fmnist_core.architectures.layers import Architecture, Layer
from fmnist_core.errors import LayerTextError

MAX_CHARACTERS = 20_000
MAX_LINE_CHARACTERS = 200  # messages repeat the line
MAX_NESTING = 12


@dataclass(frozen=True)
class _Line:
    number: int
    indent: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


def parse(text: str) -> Architecture:
    """Read a layer text; comments and blank lines are skipped.

    Raises:
        LayerTextError: with the line, what must hold there, and what was received.
    """
    if len(text) > MAX_CHARACTERS:
        raise LayerTextError(
            0,
            f"a layer text may have at most {MAX_CHARACTERS:,} characters. "
            f"Received: {len(text):,}. Use repeat blocks.",
        )
    lines = deque(_lines(text))
    if not lines:
        raise LayerTextError(
            0, 'a layer text needs at least one layer, e.g. "dense 10 softmax". Received: none.'
        )
    if lines[0].indent:
        raise LayerTextError(
            lines[0].number,
            f"the first layer must not be indented. Received: {lines[0].indent} spaces before "
            f'"{lines[0].text}".',
        )
    return Architecture(_read_level(lines, None, depth=0))


def format_layers(architecture: Architecture) -> str:
    """The canonical text of an architecture: `parse` of it gives an equal architecture."""
    return "\n".join(_write_level(architecture.layers, indent="")) + "\n"


def _write_level(layers: Sequence[Layer], indent: str) -> Iterator[str]:
    for layer in layers:
        yield indent + write_line(KINDS[layer.kind], layer)
        yield from _write_level(layer.body, indent + "  ")


def _lines(text: str) -> Iterator[_Line]:
    for number, raw in enumerate(text.splitlines(), start=1):
        content = raw.partition("#")[0].rstrip()
        words = tuple(content.split())
        if not words:
            continue
        if len(content) > MAX_LINE_CHARACTERS:
            raise LayerTextError(
                number,
                f"a line may have at most {MAX_LINE_CHARACTERS} characters. "
                f"Received: {len(content):,}. Write one layer a line.",
            )
        indent = len(content) - len(content.lstrip())
        if content[:indent].strip(" "):
            raise LayerTextError(
                number,
                f"a line must be indented with spaces only. Received: {content[:indent]!r} "
                f'before "{words[0]}".',
            )
        yield _Line(number, indent, words)


def _read_level(lines: deque[_Line], parent: Kind | None, depth: int) -> tuple[Layer, ...]:
    """Take the layers at the indentation of the first line, with what nests below them."""
    indent = lines[0].indent
    layers: list[Layer] = []
    while lines and lines[0].indent >= indent:
        line = lines.popleft()
        if line.indent > indent:
            raise LayerTextError(
                line.number,
                f"a line must stand at the indentation of a line before it ({indent} spaces here). "
                f'Received: {line.indent} spaces before "{line.text}".',
            )
        kind = _find_kind(line, parent)
        try:
            settings = read_settings(kind, line.words[1:])
        except GrammarError as error:
            message = f'{kind.word} {error}. Received: "{line.text}"'
            raise LayerTextError(line.number, message) from None
        layers.append(Layer(kind.word, settings, _read_body(kind, line, lines, depth), line.number))
    return tuple(layers)


def _read_body(kind: Kind, line: _Line, lines: deque[_Line], depth: int) -> tuple[Layer, ...]:
    nested = lines[0] if lines and lines[0].indent > line.indent else None
    if kind.body == "none":
        if nested:
            raise LayerTextError(
                nested.number,
                f'{kind.word} takes no nested layers. Received: "{nested.text}" indented below it. '
                "Write both at one indentation.",
            )
        return ()
    if nested is None:
        what = "branch" if kind.body == "branches" else "layer"
        raise LayerTextError(
            line.number,
            f"{kind.word} needs at least one {what}, indented by 2 spaces below it. "
            "Received: none.",
        )
    if nested.indent - line.indent < 2:
        raise LayerTextError(
            nested.number,
            "a nested line must be indented by 2 or more spaces. "
            f'Received: 1 before "{nested.text}".',
        )
    if depth == MAX_NESTING:
        raise LayerTextError(
            line.number,
            f"blocks may nest at most {MAX_NESTING} deep. Received: one more, "
            f'"{line.text}". Write its layers out.',
        )
    return _read_level(lines, kind, depth + 1)


def _find_kind(line: _Line, parent: Kind | None) -> Kind:
    word = line.words[0]
    kind = KINDS.get(word)
    if kind is None:
        near = difflib.get_close_matches(word.lower(), KINDS, n=3, cutoff=0.5)
        offer = f"Nearest: {', '.join(near)}." if near else f"The layers are {', '.join(KINDS)}."
        raise LayerTextError(
            line.number, f'a line must start with a known layer. Received: "{word}". {offer}'
        )
    if parent is not None and parent.body == "branches" and kind.place != parent.word:
        raise LayerTextError(
            line.number,
            f'{parent.word} holds only "branch" blocks. Received: "{line.text}". '
            'Put it below a "branch" line.',
        )
    if kind.place == "top" and parent is not None:
        raise LayerTextError(
            line.number,
            f"{kind.word} must stand at the outermost indentation. Received: inside {parent.word}.",
        )
    if kind.place not in ("", "top") and (parent is None or parent.word != kind.place):
        where = f"inside {parent.word}" if parent else "at the outermost indentation"
        raise LayerTextError(
            line.number, f"{kind.word} must stand inside {kind.place}. Received: {where}."
        )
    return kind
