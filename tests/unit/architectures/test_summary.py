import ast
import json
import math
import operator

import pytest

from fmnist_core.architectures.graph import LayerRow
from fmnist_core.architectures.summary import Summary, summarize
from tests.unit.architectures.example_networks import (
    AWASTHI_ENHANCED,
    BRANCHES,
    CAPSNET,
    RESNET_20,
    VGG_16,
    densenet_bc,
    from_tokens,
)


def mcnn(*blocks: str, dense: int) -> str:
    """Convolutions with batch normalisation and relu, named by their filters; pools between."""
    tokens = []
    for block in blocks:
        tokens += [f"Cn({filters},3,s) BN R" for filters in block.split("-")] + ["MP"]
    return from_tokens(" ".join([*tokens, "R F", f"Dn({dense}) O"]))


# Total and trainable parameters, as the sources print them or as the layers give them.
PUBLISHED = {
    "awasthi_basic": (from_tokens("C(64,3,v) MP F D(128) O"), 1_386_506, 1_386_506),
    "awasthi_enhanced": (AWASTHI_ENHANCED, 422_922, 422_474),
    "kadam_a1": (from_tokens("F D(128) O"), 101_770, 101_770),
    "kadam_a2": (
        from_tokens("C(64,2,v) MP DO(0.25) C(64,2,v) DO(0.25) F D(64) DO(0.25) O"),
        607_306,
        607_306,
    ),
    "kadam_a4": (
        from_tokens(
            "C(64,2,v) MP DO(0.25) C(64,2,v) MP DO(0.25) C(64,2,v) MP DO(0.25) C(64,2,v) "
            "DO(0.25) F D(64) DO(0.25) O"
        ),
        54_474,
        54_474,
    ),
    "kadam_a5": (
        from_tokens(
            "C(32,3,v) C(32,3,v) MP DO(0.25) C(64,3,v) C(64,3,v) MP DO(0.25) F D(512) DO(0.5) O"
        ),
        594_922,
        594_922,
    ),
    "kadam_a5 alternating": (
        from_tokens(
            "C(32,3,s) C(32,3,v) MP DO(0.25) C(64,3,s) C(64,3,v) MP DO(0.25) F D(512) DO(0.5) O"
        ),
        889_834,
        889_834,
    ),
    "mcnn9": (
        mcnn("256-256-192", "256-32-192", "192-128-32", dense=64),
        2_222_538,
        2_219_466,
    ),
    "mcnn12": (
        mcnn("32-128-32-192", "64-128-32-256", "192-32-64-32", dense=32),
        974_250,
        971_882,
    ),
    "mcnn15": (
        mcnn("32-64-64-32-64", "256-192-128-64-32", "256-256-256-128-32", dense=32),
        2_599_626,
        2_595_914,
    ),
    "mcnn18": (
        mcnn("128-32-32-64-128-128", "256-192-256-128-128-64", "64-256-256-32-256-32", dense=64),
        3_009_226,
        3_004_362,
    ),
    "sivakumar_m1": (from_tokens("C(32,4,v) MP F D(128) O"), 591_786, 591_786),
    "sivakumar_m1 same": (from_tokens("C(32,4,s) MP F D(128) O"), 804_778, 804_778),
    "sivakumar_m3": (
        from_tokens("C(32,4,v) MP C(64,4,v) MP F D(128) DO(0.2) O"),
        165_866,
        165_866,
    ),
    "henrique": (from_tokens("C(32,3,v) C(64,3,v) MP F D(128) O"), 1_199_882, 1_199_882),
    "kayed_lenet5": (from_tokens("C(6,5,s) MP C(16,5,v) MP F D(120) D(84) O"), 61_706, 61_706),
    "s002_ann": (from_tokens("F D(256) DO(0.2) D(128) DO(0.2) O"), 235_146, 235_146),
    "s003_enhanced": (
        from_tokens("C(32,3,v) BN MP C(64,3,v) BN MP C(128,3,v) BN F D(128) DO(0.5) O"),
        242_442,
        241_994,
    ),
    "ajani_m6": (
        from_tokens(
            "C(32,3,s) BN C(32,3,s) BN MP DO(0.25) C(64,3,s) BN C(64,3,s) BN MP DO(0.25) "
            "C(128,3,s) BN C(128,3,s) BN MP DO(0.25) F D(128) DO(0.5) O"
        ),
        437_098,
        436_202,
    ),
    "VGG-16 on 32x32x3": (VGG_16, 14_982_474, 14_982_474),
    "VGG-11 with its published head": (
        "pad 2\n"
        + from_tokens(
            "C(64,3,s) MP C(128,3,s) MP C(256,3,s) C(256,3,s) MP C(512,3,s) C(512,3,s) MP "
            "C(512,3,s) C(512,3,s) MP F D(4096) D(4096) O"
        ),
        28_142_858,
        28_142_858,
    ),
    "ResNet-20": (RESNET_20, 273_754, 272_186),
    # The authors' 769,162 is for three input channels: 3*3*2*24 = 432 weights more.
    "DenseNet-BC-100": (densenet_bc(16), 792_718, 769_162 - 432),
    "CapsNet": (CAPSNET, 8_215_568, 8_215_568),
    "CapsNet without decoder": (CAPSNET.replace("decoder 512 1024\n", ""), 6_804_224, 6_804_224),
}


@pytest.mark.parametrize(("text", "total", "trainable"), PUBLISHED.values(), ids=PUBLISHED)
def test_known_networks_have_their_known_parameter_counts(
    text: str, total: int, trainable: int
) -> None:
    summary = summarize(text)
    assert summary.total_params == total
    assert summary.trainable_params == trainable
    assert summary.non_trainable_params == total - trainable


def rows_of(text: str) -> dict[str, LayerRow]:
    return {row.name: row for row in summarize(text).layers}


def test_a_convolution_shows_its_formulas_in_numbers() -> None:
    row = rows_of("conv 64 3x3")["conv2d"]
    assert row.formula == "(3*3*1 + 1) * 64 = 640"
    assert row.shape_formula == "(28 - 3 + 2*0)/1 + 1 = 26"
    assert row.output_shape == (26, 26, 64)
    assert row.macs == 26 * 26 * 3 * 3 * 1 * 64


@pytest.mark.parametrize(
    ("line", "shape", "formula"),
    [
        ("conv 8 3x3 strides 2", (13, 13, 8), "floor((28 - 3 + 2*0)/2) + 1 = 13"),
        ("conv 8 3x3 same strides 3", (10, 10, 8), "ceil(28/3) = 10"),
        ("conv 8 3x3 dilation 2", (24, 24, 8), "(28 - (2*(3 - 1) + 1) + 2*0)/1 + 1 = 24"),
        (
            "conv 8 3x5",
            (26, 24, 8),
            "(28 - 3 + 2*0)/1 + 1 = 26; (28 - 5 + 2*0)/1 + 1 = 24",
        ),
        ("maxpool 2", (14, 14, 1), "(28 - 2 + 2*0)/2 + 1 = 14"),
        ("avgpool 3 strides 2 same", (14, 14, 1), "ceil(28/2) = 14"),
        ("pad 2", (32, 32, 1), "28 + 2*2 = 32"),
        ("flatten", (784,), "28*28*1 = 784"),
    ],
)
def test_an_output_shape_shows_its_formula(line: str, shape: tuple[int, ...], formula: str) -> None:
    (row,) = summarize(line).layers
    assert (row.output_shape, row.shape_formula) == (shape, formula)


def value(formula: str) -> float:
    """What a formula of the table works out to: numbers, + - * /, brackets, ceil and floor."""
    rounded = {"ceil": math.ceil, "floor": math.floor}
    signs = {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
    }

    def of(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() as number):
                return number
            case ast.BinOp(left, sign, right):
                return signs[type(sign)](of(left), of(right))
            case ast.Call(func=ast.Name(id=name), args=[inner]):
                return rounded[name](of(inner))
        raise AssertionError(f"{formula}: {ast.dump(node)}")

    return of(ast.parse(formula, mode="eval").body)


@pytest.mark.parametrize("text", [AWASTHI_ENHANCED, BRANCHES, CAPSNET, RESNET_20])
def test_every_formula_works_out_to_the_number_beside_it(text: str) -> None:
    for row in summarize(text).layers:
        assert value(row.formula.split(" = ")[0]) == row.params, row
        for part in filter(None, row.shape_formula.split("; ")):
            term, result = part.split(" = ")
            assert value(term) == int(result), row
            assert int(result) in row.output_shape, row


def test_batch_normalisation_counts_half_of_its_parameters_as_not_trainable() -> None:
    row = rows_of("conv 32 3x3\nbatchnorm")["batch_normalization"]
    assert (row.params, row.trainable_params, row.non_trainable_params) == (128, 64, 64)
    assert row.formula == "4 * 32 = 128, of which 2 * 32 = 64 trainable"


def test_multiply_accumulates_count_products_with_weights_and_within_attention() -> None:
    text = "conv 4 1x1\nseparable_conv 8 3x3 same\ndepthwise_conv 3x3 same\nattention 2 3"
    macs = [row.macs for row in summarize(text, (4, 4, 1)).layers if row.macs]
    projections, products = 4 * 16 * 8 * 6, 2 * 16 * 16 * 6
    assert macs == [16 * 4, 16 * (9 * 4 + 4 * 8), 16 * 9 * 8, projections + products]
    assert summarize("batchnorm\nmaxpool 2\nrelu\nflatten\nsoftmax").macs == 0


def test_routing_counts_a_sum_each_round_and_an_agreement_each_round_but_the_last() -> None:
    routing = rows_of(CAPSNET)["capsule_routing"]
    predictions = 1152 * 8 * 10 * 16
    assert routing.macs == predictions + (3 + 2) * 1152 * 10 * 16


def test_cost_leaves_out_what_a_prediction_does_without_but_parameters_count_all() -> None:
    with_decoder, without = summarize(CAPSNET), summarize(CAPSNET.replace("decoder 512 1024", ""))
    assert with_decoder.macs == without.macs
    assert with_decoder.activation_bytes == without.activation_bytes
    assert with_decoder.total_params - without.total_params == 1_411_344
    decoder = [row for row in with_decoder.layers if row.training_only]
    assert sum(row.params for row in decoder) == 1_411_344


def test_activation_memory_is_four_bytes_for_each_output_value() -> None:
    summary = summarize("conv 8 3x3 same\nflatten\ndense 10 softmax")
    assert summary.activation_bytes == 4 * (28 * 28 * 8 + 28 * 28 * 8 + 10)


def features(summary: Summary) -> tuple[str, tuple[int, ...]]:
    return summary.feature_layer, summary.feature_shape


@pytest.mark.parametrize(
    ("text", "layer", "length"),
    [
        (AWASTHI_ENHANCED, "dropout_1", 128),
        ("flatten\ndense 10\nsoftmax", "flatten", 784),
        ("conv 4 3x3 same\nconv 10 1x1\nglobal_avgpool\nsoftmax", "conv2d", 28 * 28 * 4),
        (RESNET_20, "global_average_pooling2d", 64),
        (CAPSNET, "capsule_routing", 160),
        (BRANCHES, "flatten_1", 7 * 7 * 32),
        ("repeat_channels 10\nglobal_avgpool\nsoftmax", "image", 784),
    ],
)
def test_the_features_are_what_the_last_weighted_layer_reads(
    text: str, layer: str, length: int
) -> None:
    assert features(summarize(text)) == (layer, (length,))


def test_a_row_knows_its_line_its_text_and_the_blocks_around_it() -> None:
    rows = rows_of("conv 8 3x3 same   # first\nrepeat 2\n  residual\n    conv 16 3x3 same\n")
    first, nested, shortcut = rows["conv2d"], rows["conv2d_3"], rows["conv2d_2"]
    assert (first.line, first.text, first.blocks) == (1, "conv 8 3x3 same", ())
    assert (nested.line, nested.text) == (4, "conv 16 3x3 same")
    assert (nested.blocks, nested.depth) == (("repeat_1", "residual_1"), 2)
    assert (shortcut.line, shortcut.text) == (3, "residual")
    assert shortcut.blocks == ("repeat", "residual")


def test_a_head_keeps_its_name_its_layer_and_its_weight() -> None:
    assert summarize(BRANCHES).heads == {
        "clothes_goods": ("dense_3", 0.3),
        "garment_group": ("dense_4", 0.5),
    }


def test_a_layer_of_50_gigabytes_is_summarised_without_its_weights() -> None:
    summary = summarize("flatten\ndense 1000000\ndense 12500 softmax")
    assert summary.total_params == 785 * 1_000_000 + 1_000_001 * 12_500
    assert 4 * summary.total_params > 50e9


def test_the_summary_goes_to_json_in_the_words_of_the_field() -> None:
    answer = json.loads(json.dumps(summarize(RESNET_20).to_json()))
    assert answer["total_params"] == 273_754
    assert answer["trainable_params"] + answer["non_trainable_params"] == 273_754
    assert answer["macs"] == sum(layer["macs"] for layer in answer["layers"])
    first = answer["layers"][0]
    assert {key: first[key] for key in ("name", "type", "output_shape", "params", "macs")} == {
        "name": "conv2d",
        "type": "Conv2D",
        "output_shape": [28, 28, 16],
        "params": 144,
        "macs": 28 * 28 * 144,
    }
    assert first["formula"] == "3*3*1 * 16 = 144"
