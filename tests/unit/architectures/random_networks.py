"""Random layer texts for property tests: every kind of layer, nested, always buildable."""

from hypothesis import strategies as st

from fmnist_core.architectures.grammar import ACTIVATIONS, INITIALIZERS
from fmnist_core.architectures.summary import summarize
from fmnist_core.errors import LayerTextError

# Building 300 models must stay a matter of seconds.
MOST_LAYERS = 40
MOST_ACTIVATION_BYTES = 4_000_000

SMALL = st.integers(1, 6)
SIDE = st.integers(1, 5)
SIZE = st.tuples(SIDE, SIDE).map(lambda sides: "{}x{}".format(*sides))


def _option(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), words)


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda words: " ".join(word for word in words if word))


PADDING = st.sampled_from(["same", "same", "valid", ""])
ACTIVATION = _option(st.sampled_from(ACTIVATIONS))
KERNEL_OPTIONS = _joined(
    _option(st.just("no_bias")),
    _option(st.sampled_from(INITIALIZERS).map("init {}".format)),
    _option(st.just("l1 0.001")),
    _option(st.just("l2 1e-4")),
)
SLIDING = st.one_of(
    st.just(""), SIDE.map("strides {}".format), st.integers(2, 3).map("dilation {}".format)
)
UNEVEN_SLIDING = st.one_of(SIZE.map("strides {}".format), SIZE.map("dilation {}".format))
CONVOLUTION = _joined(
    SMALL.map("conv {}".format), SIZE, SLIDING, PADDING, ACTIVATION, KERNEL_OPTIONS
)
UNEVEN_CONVOLUTION = _joined(SMALL.map("conv {}".format), SIZE, UNEVEN_SLIDING, PADDING)
DEPTHWISE = _joined(st.just("depthwise_conv"), SIZE, SLIDING, PADDING, ACTIVATION, KERNEL_OPTIONS)
SEPARABLE = _joined(
    SMALL.map("separable_conv {}".format), SIZE, SLIDING, PADDING, ACTIVATION, KERNEL_OPTIONS
)
POOL = _joined(
    st.sampled_from(["maxpool", "avgpool"]),
    st.one_of(SIDE.map(str), SIZE),
    _option(st.one_of(SIDE.map(str), SIZE).map("strides {}".format)),
    PADDING,
)
BARE_ACTIVATION = st.sampled_from([*ACTIVATIONS, "leaky_relu 0.1"]).filter(
    lambda line: line != "leaky_relu"
)
REST = st.sampled_from(
    [
        *("batchnorm momentum 0.9", "batchnorm epsilon 1e-5"),
        *("dropout 0.25", "spatial_dropout 0.5", "pad 1", "repeat_channels 2"),
        *("squeeze_excite 1", "squeeze_excite 2", "attention 1 3", "attention 3 2"),
    ]
)
# How often each is drawn: convolutions are what networks are made of.
PLAIN = [CONVOLUTION] * 6 + [UNEVEN_CONVOLUTION, DEPTHWISE, SEPARABLE, POOL, POOL]
PLAIN += [BARE_ACTIVATION] + [REST] * 3
BLOCKS = ["repeat 2", "residual", "residual projection pad", "dense_block 2", "inception"]
HEAD = st.tuples(
    st.sampled_from(["head clothes_goods 2 weight 0.3", "head garment_group 6 weight 1"]),
    st.sampled_from(["  flatten", "  global_avgpool\n  dense 4 relu", "  global_maxpool"]),
).map("\n".join)


def _indented(*blocks: str) -> str:
    return "\n".join("  " + line for block in blocks for line in block.splitlines())


@st.composite
def map_layers(draw: st.DrawFn, depth: int = 0) -> str:
    """A layer or block that takes and gives a height x width x channels map."""
    if depth == 0 and draw(st.integers(0, 9)) == 0:
        return draw(HEAD)
    if depth == 2 or draw(st.sampled_from([True, False] if depth == 0 else [True] * 3 + [False])):
        return draw(draw(st.sampled_from(PLAIN)))
    body = st.lists(map_layers(depth + 1), min_size=1, max_size=3).map(
        lambda layers: _indented(*layers)
    )
    opening = draw(st.sampled_from(BLOCKS))
    if opening == "inception":
        bodies = draw(st.lists(body, min_size=2, max_size=3))
        return "\n".join([opening, *(_indented("branch\n" + layers) for layers in bodies)])
    return f"{opening}\n{draw(body)}"


HIDDEN = st.one_of(
    _joined(SMALL.map("dense {}".format), ACTIVATION, KERNEL_OPTIONS),
    st.sampled_from(["dropout 0.5", "batchnorm", "leaky_relu 0.2"]),
)
CLASSIFIER = st.tuples(
    st.sampled_from(["flatten", "flatten", "global_avgpool", "global_maxpool"]),
    st.lists(HIDDEN, max_size=2).map("\n".join),
    st.sampled_from(["dense 10 softmax", "dense 10\nsoftmax"]),
).map(lambda parts: "\n".join(part for part in parts if part))
CAPSULES = st.tuples(
    st.tuples(SMALL, SMALL, SIZE, st.integers(1, 3)).map(
        lambda values: "primary_capsules {} {} {} strides {}".format(*values)
    ),
    _option(st.tuples(SMALL, SMALL).map(lambda pair: "capsules {} {} routing 2".format(*pair))),
    st.tuples(SMALL, st.integers(1, 3)).map(lambda pair: "capsules 10 {} routing {}".format(*pair)),
    st.sampled_from(["", "decoder 5", "decoder 4 6"]),
    st.just("capsule_length"),
).map(lambda parts: "\n".join(part for part in parts if part))

InputShape = tuple[int, int, int]


@st.composite
def networks(draw: st.DrawFn) -> tuple[str, InputShape]:
    """A layer text that ends in ten probabilities, and an input shape that it can take."""
    side = st.integers(8, 20)
    input_shape = (draw(side), draw(side), draw(st.sampled_from([1, 3])))
    lines: list[str] = []
    for candidate in draw(st.lists(map_layers(), min_size=4, max_size=8)):
        if _fits([*lines, candidate], input_shape):
            lines.append(candidate)
    capsules = draw(st.one_of(st.none(), st.none(), CAPSULES))
    if capsules and _fits([*lines, capsules], input_shape):
        return "\n".join([*lines, capsules]), input_shape
    return "\n".join([*lines, draw(CLASSIFIER)]), input_shape


def _fits(lines: list[str], input_shape: InputShape) -> bool:
    try:
        summary = summarize("\n".join(lines), input_shape)
    except LayerTextError:
        return False
    few = len(summary.layers) <= MOST_LAYERS
    return few and summary.activation_bytes <= MOST_ACTIVATION_BYTES
