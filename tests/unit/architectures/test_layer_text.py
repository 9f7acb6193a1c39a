import pytest

from fmnist_core.architectures.kinds import KINDS
from fmnist_core.architectures.spec import MAX_CHARACTERS, MAX_NESTING, format_layers, parse
from fmnist_core.architectures.summary import check_buildable, check_classifier, summarize
from fmnist_core.errors import LayerTextError

END = "\nflatten\ndense 10 softmax"

UNREADABLE = {
    "no pool size": (
        "conv 8 3x3\nrelu\nmaxpool",
        'line 3: maxpool needs a pool size, e.g. "maxpool 2". Received: "maxpool"',
    ),
    "empty": (
        "\n  # only a comment\n",
        'a layer text needs at least one layer, e.g. "dense 10 softmax". Received: none.',
    ),
    "unknown layer": (
        "convv 8 3x3",
        'line 1: a line must start with a known layer. Received: "convv". Nearest: conv.',
    ),
    "capital letters": (
        "Flatten",
        "line 1: a line must start with a known layer. "
        'Received: "Flatten". Nearest: flatten, attention.',
    ),
    "nothing near": ("zzz", 'line 1: a line must start with a known layer. Received: "zzz". The'),
    "a word for a number": (
        "dense many",
        'line 1: dense needs a number of units, e.g. "dense 128 relu"; "many" is not a whole '
        'number from 1 to 1,000,000. Received: "dense many"',
    ),
    "zero filters": ("conv 0 3x3", '"0" is not a whole number from 1 to 1,000,000'),
    "too many filters": ("conv 1000001 3x3", '"1000001" is not a whole number from 1'),
    "a negative number": ("conv -3 3x3", '"-3" is not a whole number'),
    "a foreign digit": ("dense ٣", '"٣" is not a whole number'),
    "a fraction of units": ("dense 2.5", '"2.5" is not a whole number'),
    "a kernel without sense": ("conv 8 3by3", '"3by3" is not a size such as "3x3"'),
    "an empty kernel": ("conv 8 0x3", '"0x3" is not a size such as "3x3"'),
    "a huge kernel": ("conv 8 3x9999999", '"3x9999999" is not a size'),
    "kernel forgotten": (
        "conv 8",
        'line 1: conv needs a kernel size, e.g. "conv 32 3x3 same relu"',
    ),
    "rate of one": ("dropout 1", '"1" is not a number from 0 below 1'),
    "rate not a number": ("dropout nan", '"nan" is not a number from 0 below 1'),
    "rate infinite": ("leaky_relu 1e999", '"1e999" is not a number from 0 to 100'),
    "unknown option": (
        "conv 8 3x3 sane",
        'line 1: conv does not know "sane"; the nearest is "same". Received: "conv 8 3x3 sane"',
    ),
    "unknown activation": ("dense 8 rellu", 'dense does not know "rellu"; the nearest is "relu"'),
    "option of another layer": ("maxpool 2 dilation 3", 'maxpool does not know "dilation"; its'),
    "too many values": (
        "flatten 3",
        'line 1: flatten takes nothing more than "flatten", but "3" follows',
    ),
    "two activations": (
        "dense 8 relu tanh",
        'dense takes an activation only once, but "tanh" is a second. '
        'Received: "dense 8 relu tanh"',
    ),
    "both paddings": ("conv 8 3x3 same valid", 'conv takes a padding only once, but "valid"'),
    "option without its value": ("conv 8 3x3 strides", "line 1: conv needs strides, e.g."),
    "unknown initializer": ("dense 8 init he", '"he" is not one of glorot_normal, glorot_uniform'),
    "routing forgotten": ("capsules 10 16", "capsules needs a number of routing rounds, e.g."),
    "unknown head": ("head sleeves 2 weight 1\n  flatten", '"sleeves" is not one of clothes_goods'),
    "decoder without units": (
        "decoder",
        'decoder needs the units of its layers, e.g. "decoder 512',
    ),
    "first line indented": (
        "  flatten",
        "line 1: the first layer must not be indented. Received: 2",
    ),
    "nested below a plain layer": (
        "conv 8 3x3\n  relu",
        'line 2: conv takes no nested layers. Received: "relu" indented below it.',
    ),
    "indented by a tab": (
        "residual\n\trelu",
        "line 2: a line must be indented with spaces only. Received: '\\t' before \"relu\".",
    ),
    "indented by one space": (
        "residual\n relu",
        "line 2: a nested line must be indented by 2 or more spaces. Received: 1 before",
    ),
    "indented unevenly": (
        "residual\n    relu\n  elu",
        "line 3: a line must stand at the indentation of a line before it (0 spaces here). "
        'Received: 2 spaces before "elu".',
    ),
    "indented further within a block": (
        "residual\n  relu\n    elu",
        "line 3: relu takes no nested layers.",
    ),
    "empty block": (
        "residual\nflatten",
        "line 1: residual needs at least one layer, indented by 2 spaces below it. Received: none.",
    ),
    "no branch": ("inception", "line 1: inception needs at least one branch, indented"),
    "layer in place of a branch": (
        "inception\n  relu",
        'line 2: inception holds only "branch" blocks. Received: "relu".',
    ),
    "branch alone": (
        "branch\n  relu",
        "line 1: branch must stand inside inception. Received: at the outermost indentation.",
    ),
    "branch in another block": (
        "residual\n  branch\n    relu",
        "line 2: branch must stand inside inception. Received: inside residual.",
    ),
    "head in a block": (
        "repeat 2\n  head clothes_goods 2 weight 1\n    flatten",
        "line 2: head must stand at the outermost indentation. Received: inside repeat.",
    ),
    "a line too long": ("relu\ndense 1" + "0" * 200, "line 2: a line may have at most 200"),
    "too long": ("relu\n" * 5000, f"at most {MAX_CHARACTERS:,} characters. Received: 25,000."),
    "too deep": (
        "".join("  " * depth + "repeat 1\n" for depth in range(20)) + "  " * 20 + "relu",
        f"line {MAX_NESTING + 1}: blocks may nest at most {MAX_NESTING} deep.",
    ),
}

UNBUILDABLE = {
    "convolution below 1x1": (
        "maxpool 7\nconv 8 5x5" + END,
        "line 2: conv needs an input of at least 5x5, or its output falls below 1x1. "
        "Received: 4x4x1. Use same padding, a smaller window, or less pooling before it.",
    ),
    "dilated below 1x1": (
        "maxpool 7\nconv 8 3x3 dilation 2" + END,
        "line 2: conv needs an input of at least 5x5",
    ),
    "pool below 1x1": (
        "conv 8 28x28\nmaxpool 2",
        "line 2: maxpool needs an input of at least 2x2, or its output falls below 1x1. "
        "Received: 1x1x8.",
    ),
    "capsules below 1x1": (
        "maxpool 7\nprimary_capsules 2 4 9x9 strides 2",
        "line 2: primary_capsules needs an input of at least 9x9",
    ),
    "flatten forgotten": (
        "conv 8 3x3\ndense 10 softmax",
        "line 2: dense needs a flat input. Received: 26x26x8. "
        'Put "flatten" or "global_avgpool" before it.',
    ),
    "convolution of a vector": (
        "flatten\nconv 8 3x3",
        "line 2: conv needs a height x width x channels input. Received: 784.",
    ),
    "pool of a vector": ("flatten\navgpool 2", "avgpool needs a height x width x channels input."),
    "global pool of a vector": ("flatten\nglobal_avgpool", "line 2: global_avgpool needs a height"),
    "spatial dropout of a vector": ("flatten\nspatial_dropout 0.5", "spatial_dropout needs a"),
    "pad of a vector": ("flatten\npad 1", "line 2: pad needs a height"),
    "channels of a vector": (
        "flatten\nrepeat_channels 2",
        "line 2: repeat_channels needs a height",
    ),
    "gates of a vector": ("flatten\nsqueeze_excite 2", "line 2: squeeze_excite needs a height"),
    "attention of a vector": ("flatten\nattention 2 4", "line 2: attention needs a height"),
    "strides and dilation": (
        "conv 8 3x3 strides 2 dilation 2",
        "line 1: conv needs strides 1 or dilation 1. Received: both larger. Drop one of them.",
    ),
    "uneven depthwise strides": (
        "depthwise_conv 3x3 strides 2x1",
        "line 1: depthwise_conv needs equal strides, e.g. strides 2. Received: 2x1.",
    ),
    "uneven separable strides": ("separable_conv 8 3x3 strides 1x2", "needs equal strides"),
    "shortcut cannot follow": (
        "residual\n  conv 8 9x9",
        "line 1: residual needs a body whose change of height and width a strided shortcut can "
        "follow. Received: 28x28x1 to 20x20x8. Use same padding in the body.",
    ),
    "shortcut of fewer channels": (
        "conv 8 3x3\nresidual projection pad\n  conv 4 3x3 same",
        "line 2: residual projection pad needs a body that keeps or adds channels. "
        "Received: 26x26x8 to 26x26x4. Use projection conv.",
    ),
    "shortcut to a vector": (
        "residual\n  flatten",
        "line 1: residual needs a body that gives its input's shape when",
    ),
    "dense block that shrinks": (
        "dense_block 2\n  conv 8 3x3",
        "line 1: dense_block needs a body that keeps height and width. "
        "Received: 28x28x1 and 26x26x8.",
    ),
    "dense block of vectors": (
        "flatten\ndense_block 2\n  dense 4",
        "line 2: dense_block needs a height x width x channels input. Received: 784.",
    ),
    "branches that differ": (
        "inception\n  branch\n    conv 8 3x3\n  branch\n    conv 8 5x5",
        "line 1: inception needs branches that give one height and width. "
        "Received: 26x26x8 and 24x24x8.",
    ),
    "branches that flatten": (
        "inception\n  branch\n    flatten\n  branch\n    flatten",
        "line 1: inception needs branches that give one height and width. Received: 784 and 784.",
    ),
    "one branch": (
        "inception\n  branch\n    relu",
        "line 1: inception needs two or more branches. Received: one.",
    ),
    "gates of too few channels": (
        "conv 4 3x3\nsqueeze_excite 8",
        "line 2: squeeze_excite needs a ratio of at most the 4 channels of its input. Received: 8.",
    ),
    "head with other classes": (
        "head clothes_goods 6 weight 1\n  flatten",
        "line 1: head clothes_goods needs 2 classes. Received: 6.",
    ),
    "head twice": (
        2 * "head clothes_goods 2 weight 1\n  flatten\n" + "flatten",
        "line 3: head clothes_goods may be used once. Received: a second one. Remove it.",
    ),
    "head without flatten": (
        "head clothes_goods 2 weight 1\n  relu\nflatten",
        "line 1: head needs a flat input. Received: 28x28x1.",
    ),
    "capsules of a map": (
        "conv 8 3x3\ncapsules 10 16 routing 3",
        "line 2: capsules needs capsules. Received: 26x26x8. "
        'Put "primary_capsules 32 8 9x9 strides 2" before it.',
    ),
    "length of a vector": ("flatten\ncapsule_length", "line 2: capsule_length needs capsules."),
    "decoder after the lengths": (
        "primary_capsules 2 4 9x9 strides 2\ncapsules 10 4 routing 1\ncapsule_length\ndecoder 8",
        "line 4: decoder needs capsules. Received: 10.",
    ),
    "decoder twice": (
        "primary_capsules 2 4 9x9 strides 2\ncapsules 10 4 routing 1\ndecoder 8\ndecoder 8",
        "line 4: decoder may be used once.",
    ),
    "repeated without end": (
        "repeat 1000000\n  relu",
        "line 2: a network may have at most 2,000 layers once its blocks are written out.",
    ),
    "repeated without end in layers": (
        "repeat 1000\n  repeat 1000\n    repeat 1000\n      relu",
        "line 4: a network may have at most 2,000 layers once its blocks are written out.",
    ),
    "beyond all measure": (
        "pad 1000000\nconv 1000000 1x1",
        "line 2: conv needs an output of at most 1,000,000,000,000,000 values. "
        "Received: 2000028x2000028x1000000.",
    ),
}

NOT_A_CLASSIFIER = {
    "eleven classes": (
        "flatten\ndense 11 softmax",
        'line 2: the last layer must give 10 class probabilities, e.g. "dense 10 softmax". '
        'Received: "dense 11 softmax" with output 11.',
    ),
    "no softmax": (
        "flatten\ndense 10 relu",
        'line 2: the last layer must give 10 class probabilities, e.g. "dense 10 softmax". '
        'Received: "dense 10 relu" with output 10.',
    ),
    "softmax over a map": ("conv 10 3x3 softmax", "with output 26x26x10."),
    "nine capsules": (
        "primary_capsules 2 4 9x9 strides 2\ncapsules 9 4 routing 1\ncapsule_length",
        'Received: "capsule_length" with output 9.',
    ),
    "dropout after the probabilities": (
        "flatten\ndense 10 softmax\ndropout 0.5",
        'Received: "dropout 0.5" with output 10.',
    ),
    "only a head": (
        "head clothes_goods 2 weight 1\n  flatten",
        "Received: nothing but an auxiliary head.",
    ),
}


TOO_LARGE = {
    "too many parameters": (
        "flatten\ndense 1000000\ndense 10 softmax",
        "a network to build may have at most 250,000,000 parameters. Received: 795,000,010.",
    ),
    "too large outputs": (
        "conv 1000000 1x1\nglobal_avgpool\ndense 10 softmax",
        "a network to build may hold at most 1,000,000,000 bytes of outputs for one image. "
        "Received: 3,140,000,040.",
    ),
}


@pytest.mark.parametrize(("text", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_text_that_cannot_be_read_says_where_and_why(text: str, message: str) -> None:
    with pytest.raises(LayerTextError) as caught:
        parse(text)
    assert message in str(caught.value)
    assert "Received: " in str(caught.value)


@pytest.mark.parametrize(("text", "message"), UNBUILDABLE.values(), ids=UNBUILDABLE)
def test_a_layer_that_cannot_follow_its_input_says_where_and_why(text: str, message: str) -> None:
    architecture = parse(text)
    with pytest.raises(LayerTextError) as caught:
        summarize(architecture)
    assert message in str(caught.value)
    assert "Received: " in str(caught.value)


@pytest.mark.parametrize(("text", "message"), NOT_A_CLASSIFIER.values(), ids=NOT_A_CLASSIFIER)
def test_a_network_without_ten_probabilities_is_refused(text: str, message: str) -> None:
    summary = summarize(text)
    with pytest.raises(LayerTextError) as caught:
        check_classifier(summary)
    assert message in str(caught.value)


@pytest.mark.parametrize(("text", "message"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_network_too_large_to_build_is_counted_but_not_built(text: str, message: str) -> None:
    summary = check_classifier(text)
    with pytest.raises(LayerTextError) as caught:
        check_buildable(summary)
    assert message in str(caught.value)


@pytest.mark.parametrize("ending", ["dense 10 softmax", "dense 10\nsoftmax"])
def test_a_network_that_gives_ten_probabilities_passes(ending: str) -> None:
    assert check_classifier("flatten\n" + ending).output_layer in ("dense", "activation")


def test_the_error_carries_its_line_for_an_editor_to_mark() -> None:
    with pytest.raises(LayerTextError) as caught:
        parse("# a comment\n\nflatten\ndens 10")
    assert caught.value.line == 4


def test_comments_blank_lines_and_any_even_indentation_are_read() -> None:
    text = "\n# a network\r\nresidual   # of one layer\n     conv  8   3x3 same\n\nflatten"
    assert parse(text) == parse("residual\n  conv 8 3x3 same\nflatten")


def test_options_may_stand_in_any_order() -> None:
    written = parse("conv 8 3x5 relu l2 1e-3 no_bias same init he_normal strides 2")
    assert written == parse("conv 8 3x5 strides 2 same relu no_bias init he_normal l2 0.001")


def test_a_setting_that_differs_makes_another_architecture() -> None:
    assert parse("conv 8 3x3 same") != parse("conv 8 3x3 valid")
    assert parse("repeat 2\n  relu") != parse("repeat 2\n  elu")


def test_the_canonical_text_leaves_defaults_out_and_indents_by_two() -> None:
    text = "residual projection conv\n     conv 8 3 strides 1x1 valid linear l1 0\n     maxpool 2x2"
    canonical = "residual\n  conv 8 3x3\n  maxpool 2\n"
    assert format_layers(parse(text)) == canonical
    uneven = "maxpool 2x3 strides 1x2 same\nbatchnorm momentum 0.9 epsilon 1e-05\n"
    assert format_layers(parse(uneven)) == uneven


def test_every_example_in_the_messages_is_itself_correct() -> None:
    nested = {"none": "", "layers": "\n  relu", "branches": "\n  branch\n    relu"}
    for kind in KINDS.values():
        text = kind.example + nested[kind.body]
        if kind.place not in ("", "top"):
            text = kind.place + "\n" + "\n".join("  " + line for line in text.splitlines())
        assert format_layers(parse(text)).rstrip() == text
