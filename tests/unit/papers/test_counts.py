"""Parameter counts: of every layer text, against numbers checked with Keras, and as published."""

import pytest

from fmnist_core.architectures.summary import check_classifier, summarize
from fmnist_core.papers import find_system, systems

# system -> total, trainable, non-trainable, each counted once with Keras on a 28x28x1 image.
COUNTS = {
    "awasthi_basic": (1386506, 1386506, 0),
    "awasthi_enhanced": (422922, 422474, 448),
    "vijayaraj_cnn": (1386506, 1386506, 0),
    "kadam_a1": (101770, 101770, 0),
    "kadam_a2": (607306, 607306, 0),
    "kadam_a3": (136330, 136330, 0),
    "kadam_a4": (54474, 54474, 0),
    "kadam_a5_adam": (594922, 594922, 0),
    "kadam_a5_rmsprop": (594922, 594922, 0),
    "mcnn9": (2222538, 2219466, 3072),
    "mcnn12": (974250, 971882, 2368),
    "mcnn15": (2599626, 2595914, 3712),
    "mcnn18": (3009226, 3004362, 4864),
    "tiwari_vgg16": (14982474, 14982474, 0),
    "chen_cnn": (421642, 421642, 0),
    "chen_resnet": (273754, 272186, 1568),
    "chen_densenet": (180778, 175690, 5088),
    "chen_capsnet": (8215568, 8215568, 0),
    "sivakumar_ann": (59850, 59850, 0),
    "sivakumar_m1": (591786, 591786, 0),
    "sivakumar_m2": (591786, 591786, 0),
    "sivakumar_m3": (165866, 165866, 0),
    "henrique_simple": (1199882, 1199882, 0),
    "henrique_dropout1": (1199882, 1199882, 0),
    "henrique_dropout2": (1199882, 1199882, 0),
    "henrique_dropout3": (1199882, 1199882, 0),
    "kayed_lenet5": (61706, 61706, 0),
    "saranya_3conv": (241546, 241546, 0),
    "duan_vgg": (9487114, 9487114, 0),
    "seo_hcnn": (11062546, 11062546, 0),
    "s002_ann": (235146, 235146, 0),
    "s002_cnn": (421642, 421642, 0),
    "sumera_ann_cnn_optimizers": (225034, 225034, 0),
    "s003_basic_a": (225034, 225034, 0),
    "s003_basic_b": (110474, 110474, 0),
    "s003_enhanced": (242442, 241994, 448),
    "ajani_m1": (109386, 109386, 0),
    "ajani_m2": (109386, 109386, 0),
    "ajani_m3": (109386, 109386, 0),
    "ajani_m4a": (241546, 241546, 0),
    "ajani_m4b": (242442, 241994, 448),
    "ajani_m5": (242442, 241994, 448),
    "ajani_m6": (437098, 436202, 896),
}
VARIANTS = {
    ("kadam_a2", "same"): 820298,
    ("kadam_a3", "same"): 234634,
    ("kadam_a4", "same"): 87242,
    ("kadam_a5_adam", "same"): 1676266,
    ("kadam_a5_adam", "same_valid_alternating"): 889834,
    ("kadam_a5_rmsprop", "same"): 1676266,
    ("kadam_a5_rmsprop", "same_valid_alternating"): 889834,
    ("sivakumar_m1", "same"): 804778,
    ("sivakumar_m2", "same"): 804778,
    ("sivakumar_m3", "k4_same"): 436202,
    ("sivakumar_m3", "k3_valid"): 225034,
    ("sivakumar_m3", "k3_same"): 421642,
    ("duan_vgg", "full_head"): 28142858,
    ("s002_cnn", "valid"): 225034,
    ("s002_cnn", "literal_64x14x14_one_pool"): 1625866,
    ("sumera_ann_cnn_optimizers", "ann"): 101770,
    ("s003_basic_b", "same"): 241546,
    ("ajani_m4a", "valid"): 110474,
    ("ajani_m4b", "valid"): 111370,
    ("ajani_m5", "two_dense"): 258954,
}
STATED = [system for system in systems() if system.stated_params is not None]


def test_every_network_of_the_catalogue_is_counted_here():
    assert [system.id for system in systems() if system.layers] == list(COUNTS)
    assert {(s.id, v.id) for s in systems() for v in s.variants} == set(VARIANTS)


@pytest.mark.parametrize(("system_id", "counts"), COUNTS.items(), ids=COUNTS)
def test_the_layers_of_a_system_have_the_checked_counts(system_id, counts):
    summary = summarize(find_system(system_id).layers)
    found = (summary.total_params, summary.trainable_params, summary.non_trainable_params)
    assert found == counts
    check_classifier(summary)


@pytest.mark.parametrize("key", VARIANTS, ids="-".join)
def test_a_variant_has_the_count_that_the_catalogue_gives_it(key):
    variant = next(v for v in find_system(key[0]).variants if v.id == key[1])
    assert variant.params == VARIANTS[key]
    assert summarize(variant.layers).total_params == VARIANTS[key]


def test_seven_systems_have_stated_counts():
    assert [system.id for system in STATED] == [
        "awasthi_basic",
        "awasthi_enhanced",
        "mcnn9",
        "mcnn12",
        "mcnn15",
        "mcnn18",
        "s003_enhanced",
    ]


@pytest.mark.parametrize("system", STATED, ids=lambda system: system.id)
def test_stated_counts_agree_with_the_layers_where_they_can(system):
    stated = system.stated_params
    summary = summarize(system.layers)
    pairs = [
        (stated.total, summary.total_params),
        (stated.trainable, summary.trainable_params),
        (stated.non_trainable, summary.non_trainable_params),
    ]
    agrees = all(said is None or said == counted for said, counted in pairs)
    assert agrees == stated.obtainable
    assert stated.obtainable == (system.id != "mcnn9")


def test_the_count_of_mcnn9_is_marked_as_not_obtainable_and_says_why():
    stated = find_system("mcnn9").stated_params
    assert stated.trainable == 655434
    assert not stated.obtainable
    assert "2,219,466" in stated.note


def test_no_choice_of_kernels_gives_mcnn9_its_stated_count():
    widths = [256, 256, 192, 256, 32, 192, 192, 128, 32]
    per_channel = [0, 2, 4]  # values that batch normalisation may be counted with
    heads = [32, 64, 128, 192, 256, 512, 1024]
    convolutions = {0}
    for before, after in zip([1, *widths], widths, strict=False):
        sizes = [kernel**2 * before * after for kernel in (1, 2, 3)]
        convolutions = {count + size for count in convolutions for size in sizes}
    rest = {
        sum(widths) * (1 + values) + (9 * widths[-1] + 1) * head + (head + 1) * 10
        for values in per_channel
        for head in heads
    }
    assert 655434 not in {a + b for a in convolutions for b in rest}
    # The same sum with 3x3 kernels, trainable values and the head of 64 is our own count.
    threes = sum(9 * a * b for a, b in zip([1, *widths], widths, strict=False))
    assert threes + sum(widths) * 3 + (9 * 32 + 1) * 64 + 65 * 10 == 2219466


def test_no_nine_layers_of_the_allowed_widths_give_mcnn9_its_stated_count():
    widths = [32, 64, 128, 192, 256]
    heads = [32, 64, 128, 192, 256, 512, 1024]
    # Trainable values after nine 3x3 convolutions with batch normalisation, by the last width.
    sums = {width: {9 * width + 3 * width} for width in widths}
    for _ in range(8):
        sums = {
            width: {
                count + 9 * before * width + 3 * width
                for before in widths
                for count in sums[before]
            }
            for width in widths
        }
    reachable = [
        (width, head)
        for width in widths
        for head in heads
        if 655434 - (9 * width + 1) * head - (head + 1) * 10 in sums[width]
    ]
    assert reachable == []


@pytest.mark.parametrize("system_id", ["awasthi_basic", "awasthi_enhanced", "s003_enhanced"])
def test_printed_summaries_agree_with_ours_layer_by_layer(system_id):
    system = find_system(system_id)
    rows = summarize(system.layers).layers
    assert len(rows) == len(system.stated_layers)
    for row, stated in zip(rows, system.stated_layers, strict=True):
        shape = ", ".join(str(side) for side in row.output_shape)
        assert stated.output_shape == f"(None, {shape})"
        assert stated.params in (row.params, None)
        assert stated.printed == ("" if stated.params is None else str(stated.params))


def test_the_count_that_the_document_lost_follows_from_its_total():
    system = find_system("s003_enhanced")
    lost = [layer for layer in system.stated_layers if layer.params is None]
    assert len(lost) == 1
    rest = sum(layer.params for layer in system.stated_layers if layer.params is not None)
    assert system.stated_params.total - rest == 320


def test_a_capsule_network_is_counted_with_and_without_its_decoder():
    layers = find_system("chen_capsnet").layers
    without = "\n".join(line for line in layers.splitlines() if not line.startswith("decoder"))
    assert summarize(without).total_params == 6804224
    assert summarize(layers).total_params - 6804224 == 1411344


def test_the_hierarchical_network_is_the_plain_one_with_two_more_classifiers():
    plain = summarize(find_system("duan_vgg").layers)
    hierarchical = summarize(find_system("seo_hcnn").layers)
    assert set(hierarchical.heads) == {"clothes_goods", "garment_group"}
    assert hierarchical.macs == plain.macs


def test_models_1_and_2_of_sivakumar_are_one_network():
    first, second = (summarize(find_system(f"sivakumar_m{n}").layers) for n in (1, 2))
    assert [(row.type, row.output_shape, row.params) for row in first.layers] == [
        (row.type, row.output_shape, row.params) for row in second.layers
    ]
