"""The layer tables of the Architectures page, over the whole catalogue and odd networks."""

import itertools

import pytest

from fmnist_core.architectures import summarize
from fmnist_core.figures.architectures.comparison import (
    text_difference,
    totals_frame,
    totals_takeaway,
)
from fmnist_core.figures.architectures.outline import outline
from fmnist_core.figures.architectures.table import (
    LINE_COLUMNS,
    compared,
    layer_frame,
    line_frame,
    stated_takeaway,
    with_stated,
    without_empty,
)
from fmnist_core.papers import find_system, systems
from fmnist_core.papers.schema import StatedLayer

NETWORKS = {system.id: system.layers for system in systems() if system.layers}
UNEVEN_COPIES = """\
conv 16 3x3
repeat 3
  residual
    conv 32 3x3 same
    squeeze_excite 4
    conv 32 3x3 same
dense_block 3
  conv 8 3x3 same
  squeeze_excite 4
flatten
dense 10 softmax
"""


def lines_of(layers: str):
    summary = summarize(layers)
    return line_frame(summary, outline(summary, layers)), summary


@pytest.mark.parametrize("layers", [*NETWORKS.values(), UNEVEN_COPIES], ids=[*NETWORKS, "uneven"])
def test_lines_and_layers_add_up_to_the_same_totals(layers):
    lines, summary = lines_of(layers)
    layer_rows = layer_frame(summary)
    assert lines["params"].sum() == layer_rows["params"].sum() == summary.total_params
    assert lines["trainable"].sum() == summary.trainable_params
    assert lines["non_trainable"].sum() == summary.non_trainable_params
    assert lines["macs"].sum() == layer_rows["macs"].sum()
    assert lines["share"].sum() == pytest.approx(1)


def test_one_row_stands_for_each_line_of_the_text():
    layers = NETWORKS["chen_densenet"]
    lines, summary = lines_of(layers)
    assert len(lines) == len(layers.strip().splitlines())
    assert len(layer_frame(summary)) == len(summary.layers) > 3 * len(lines)


def test_a_line_in_a_repeated_block_counts_its_copies_and_shows_the_first_and_the_last():
    lines, _ = lines_of(NETWORKS["chen_densenet"])
    line = lines.iloc[4]
    assert line["layer"].strip() == "conv 48 1x1 no_bias"
    assert line["layer"].startswith("\N{EM SPACE}")
    assert line["copies"] == 6
    assert line["params"] == sum(channels * 48 for channels in range(24, 96, 12))
    assert line["formula"] == "1*1*24 * 48 = 1152 … 1*1*84 * 48 = 4032"


def test_copies_of_a_block_may_differ_in_their_layers():
    lines, _ = lines_of(UNEVEN_COPIES)
    residual = lines[lines["layer"].str.strip() == "residual"].iloc[0]
    # Only the first of the three needs a 1x1 convolution in its shortcut.
    assert residual["params"] == 16 * 32 + 4 * 32
    assert residual["formula"] == "1*1*16 * 32 = 512; 4 * 32 = 128, of which 2 * 32 = 64 trainable"
    assert residual["output"] == "26 × 26 × 32"


def test_the_table_of_the_enhanced_cnn_stands_beside_that_of_its_source():
    system = find_system("awasthi_enhanced")
    summary = summarize(system.layers)
    frame = with_stated(layer_frame(summary), summary, system.stated_layers)
    assert list(frame["stated"]) == [str(count) for count in frame["params"]]
    assert frame["formula"].iloc[0] == "(3*3*1 + 1) * 32 = 320"
    batchnorm = frame[frame["type"] == "BatchNormalization"]
    assert batchnorm["stated_how"].iloc[0] == "32 + 32 = 64 + 64 = 128"
    assert batchnorm["stated_verdict"].str.contains("wrong reason").all()
    assert "15 of 15 counts agree; 3 carry a note" in stated_takeaway(frame, system.stated_layers)


def test_one_note_is_one_and_two_differences_are_none():
    summary = summarize("conv 64 3x3\nflatten")
    stated = (
        StatedLayer("conv", "641", 641, "(None, 28, 28, 64)"),
        StatedLayer("flatten", "0", 0, "", note="as printed"),
    )
    frame = with_stated(layer_frame(summary), summary, stated)
    assert "count differs: 640 here; shape differs" in frame["stated_verdict"].iloc[0]
    assert stated_takeaway(frame, stated).endswith(
        "1 of 2 counts agree; 1 carries a note, in the column Compared."
    )


def test_a_count_or_a_shape_that_differs_is_said():
    row = summarize("conv 64 3x3\nflatten\ndense 10 softmax").layers[0]
    wrong_count = StatedLayer("conv", "641", 641, "(None, 26, 26, 64)")
    wrong_shape = StatedLayer("conv", "640", 640, "(None, 28, 28, 64)")
    lost = StatedLayer("conv", "", None, "(None, 26, 26, 64)", note="smudged")
    assert compared(row, wrong_count) == "count differs: 640 here"
    assert compared(row, wrong_shape) == "shape differs: (None, 28, 28, 64) there"
    assert compared(row, lost) == "count lost in the source; smudged"


def test_a_source_with_another_number_of_layers_is_not_matched_by_force():
    summary = summarize(NETWORKS["awasthi_basic"])
    stated = find_system("awasthi_enhanced").stated_layers
    with pytest.raises(ValueError, match="zip"):
        with_stated(layer_frame(summary), summary, stated)


def test_a_column_that_says_nothing_is_left_out():
    plain, _ = lines_of(NETWORKS["awasthi_basic"])
    nested, _ = lines_of(NETWORKS["chen_resnet"])
    assert "copies" not in without_empty(LINE_COLUMNS, plain)
    assert "copies" in without_empty(LINE_COLUMNS, nested)


def test_no_ratio_of_two_networks_is_printed_with_an_exponent():
    counted = [summarize(layers) for layers in {*NETWORKS.values(), "flatten\ndense 10 softmax"}]
    for a, b in itertools.product(counted, repeat=2):
        assert "e+" not in totals_takeaway(a, b, "", "")
        assert "e-" not in totals_takeaway(a, b, "", "")
    small, large = summarize(NETWORKS["kadam_a1"]), summarize(NETWORKS["mcnn9"])
    assert "does 9,367 times the multiply-accumulates" in totals_takeaway(small, large, "", "")
    assert "does 0.000107 times the multiply-" in totals_takeaway(large, small, "", "")


def test_differences_are_signed_and_relative_to_the_first():
    a, b = summarize(NETWORKS["awasthi_basic"]), summarize(NETWORKS["awasthi_enhanced"])
    frame = totals_frame(a, b).set_index("total")
    assert frame.loc["Parameters", "difference"] == "-963,584"
    assert frame.loc["Parameters", "change"] == "-69.5"
    assert frame.loc["Not trainable", "difference"] == "+448"
    assert frame.loc["Not trainable", "change"] == "–", "nothing is relative to none"
    same = totals_frame(a, a)
    assert set(same["difference"]) == {"0"}


def test_the_text_difference_marks_what_only_one_of_them_has():
    a, b = NETWORKS["henrique_simple"], NETWORKS["henrique_dropout1"]
    marked = [line for line in text_difference(a, b).splitlines() if not line.startswith(" ")]
    assert marked == ["+ dropout 0.5"]
    spelled_otherwise = a.replace("conv 32 3x3 relu", "conv 32 3x3 valid relu  # the first")
    assert all(line.startswith(" ") for line in text_difference(a, spelled_otherwise).splitlines())
