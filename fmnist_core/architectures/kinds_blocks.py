"""The kinds that hold or stand for several layers: repeats, shortcuts, branches, attention."""

from fmnist_core.architectures.grammar import Kind, Parameter, integer, number, one_of
from fmnist_core.architectures.graph import Graph, Tensor
from fmnist_core.architectures.layers import Layer, Shape, describe_shape
from fmnist_core.architectures.rules import ShapeError, require_map, require_vector

# The coarse levels of the label hierarchy that branch networks learn beside the ten classes.
HEAD_CLASSES = {"clothes_goods": 2, "garment_group": 6}


def _repeat(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    for _ in range(layer.settings["times"]):
        with graph.block("repeat"):
            tensor = graph.run(layer.body, tensor)
    return tensor


def _residual(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    """He et al. (2016): the body's output plus a shortcut that follows its change of shape."""
    with graph.block("residual"):
        output = graph.run(layer.body, tensor)
        if output.shape != tensor.shape:
            if len(output.shape) != 3 or len(tensor.shape) != 3:
                raise ShapeError(
                    "needs a body that gives its input's shape when that is not a height x width x "
                    f"channels map. Received: {_change(tensor.shape, output.shape)}."
                )
            shortcut = _pad_shortcut if layer.settings["projection"] == "pad" else _conv_shortcut
            tensor = shortcut(graph, tensor, output.shape)
        return graph.add("Add", {}, output, tensor)


def _conv_shortcut(graph: Graph, tensor: Tensor, goal: Shape) -> Tensor:
    """A 1x1 convolution with the stride needed, then batch normalisation."""
    strides = _shortcut_strides(tensor.shape, goal)
    arguments = {"filters": goal[2], "kernel_size": (1, 1), "strides": strides, "use_bias": False}
    if strides == (1, 1):
        del arguments["strides"]
    return graph.add("BatchNormalization", {}, graph.add("Conv2D", arguments, tensor))


def _pad_shortcut(graph: Graph, tensor: Tensor, goal: Shape) -> Tensor:
    """Every n-th pixel, with channels of zeros added: no parameters."""
    strides = _shortcut_strides(tensor.shape, goal)
    missing = goal[2] - tensor.shape[2]
    if missing < 0:
        raise ShapeError(
            "projection pad needs a body that keeps or adds channels. "
            f"Received: {_change(tensor.shape, goal)}. Use projection conv."
        )
    if strides != (1, 1):
        tensor = graph.add("MaxPooling2D", {"pool_size": (1, 1), "strides": strides}, tensor)
    return graph.add("ChannelPadding", {"channels": missing}, tensor) if missing else tensor


def _shortcut_strides(shape: Shape, goal: Shape) -> tuple[int, int]:
    """The smallest strides with which a 1x1 window gives the goal's height and width."""
    height, width = (-(-before // after) for before, after in zip(shape[:2], goal[:2], strict=True))
    if (-(-shape[0] // height), -(-shape[1] // width)) != goal[:2]:
        raise ShapeError(
            "needs a body whose change of height and width a strided shortcut can follow. "
            f"Received: {_change(shape, goal)}. Use same padding in the body."
        )
    return height, width


def _dense_block(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    """Huang et al. (2017): each step sees the channels of all steps before it."""
    with graph.block("dense_block"):
        for _ in range(layer.settings["steps"]):
            require_map(tensor.shape)
            grown = graph.run(layer.body, tensor)
            _require_same_positions("needs a body that keeps height and width", tensor, grown)
            tensor = graph.add("Concatenate", {}, tensor, grown)
    return tensor


def _inception(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    """Szegedy et al. (2015): branches side by side, their channels joined."""
    if len(layer.body) < 2:
        raise ShapeError('needs two or more branches. Received: one. Add another "branch" block.')
    with graph.block("inception"):
        outputs = [graph.run((branch,), tensor) for branch in layer.body]
        for output in outputs:
            _require_same_positions(
                "needs branches that give one height and width", outputs[0], output
            )
        return graph.add("Concatenate", {}, *outputs)


def _branch(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    with graph.block("branch"):
        return graph.run(layer.body, tensor)


def _squeeze_excite(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    """Hu et al. (2018): channels weighed by gates computed from their averages."""
    channels = require_map(tensor.shape)[2]
    squeezed = channels // layer.settings["ratio"]
    if squeezed < 1:
        raise ShapeError(
            f"needs a ratio of at most the {channels} channels of its input. "
            f"Received: {layer.settings['ratio']}."
        )
    with graph.block("squeeze_excite"):
        gate = graph.add("GlobalAveragePooling2D", {"keepdims": True}, tensor)
        gate = graph.add("Dense", {"units": squeezed, "activation": "relu"}, gate)
        gate = graph.add("Dense", {"units": channels, "activation": "sigmoid"}, gate)
        return graph.add("Multiply", {}, tensor, gate)


def _attention(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    """Vaswani et al. (2017): every position attends to every other; added to the input."""
    height, width, channels = require_map(tensor.shape)
    arguments = {"num_heads": layer.settings["heads"], "key_dim": layer.settings["key_dim"]}
    with graph.block("attention"):
        positions = graph.add("Reshape", {"target_shape": (height * width, channels)}, tensor)
        attended = graph.add("MultiHeadAttention", arguments, positions)
        output = graph.add("Reshape", {"target_shape": (height, width, channels)}, attended)
        return graph.add("Add", {}, tensor, output)


def _head(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    """An auxiliary classifier that branches off; the main path goes on as if it were not there."""
    name, classes = layer.settings["name"], layer.settings["classes"]
    if classes != HEAD_CLASSES[name]:
        raise ShapeError(f"{name} needs {HEAD_CLASSES[name]} classes. Received: {classes}.")
    if name in graph.heads:
        raise ShapeError(f"{name} may be used once. Received: a second one. Remove it.")
    with graph.block("head", training_only=True):
        output = graph.run(layer.body, tensor)
        require_vector(output.shape)
        output = graph.add("Dense", {"units": classes, "activation": "softmax"}, output)
    graph.heads[name] = (output.name, layer.settings["weight"])
    return tensor


def _require_same_positions(need: str, first: Tensor, second: Tensor) -> None:
    if len(second.shape) != 3 or second.shape[:2] != first.shape[:2]:
        raise ShapeError(
            f"{need}. Received: {describe_shape(first.shape)} and {describe_shape(second.shape)}. "
            "Use same padding and equal strides."
        )


def _change(before: Shape, after: Shape) -> str:
    return f"{describe_shape(before)} to {describe_shape(after)}"


BLOCK_KINDS = (
    Kind(
        "repeat",
        "repeat 3",
        (Parameter("times", "a number of times", integer()),),
        _repeat,
        body="layers",
    ),
    Kind(
        "residual",
        "residual projection pad",
        (Parameter("projection", "a projection", one_of(("conv", "pad")), "projection", "conv"),),
        _residual,
        body="layers",
    ),
    Kind(
        "dense_block",
        "dense_block 6",
        (Parameter("steps", "a number of steps", integer()),),
        _dense_block,
        body="layers",
    ),
    Kind("inception", "inception", (), _inception, body="branches"),
    Kind("branch", "branch", (), _branch, body="layers", place="inception"),
    Kind(
        "squeeze_excite",
        "squeeze_excite 8",
        (Parameter("ratio", "a reduction ratio", integer()),),
        _squeeze_excite,
    ),
    Kind(
        "attention",
        "attention 4 16",
        (
            Parameter("heads", "a number of heads", integer()),
            Parameter("key_dim", "a key dimension", integer()),
        ),
        _attention,
    ),
    Kind(
        "head",
        "head clothes_goods 2 weight 0.3",
        (
            Parameter("name", "a head's name", one_of(HEAD_CLASSES)),
            Parameter("classes", "a number of classes", integer()),
            Parameter("weight", "a loss weight", number(0, 1000), "weight"),
        ),
        _head,
        body="layers",
        place="top",
    ),
)
