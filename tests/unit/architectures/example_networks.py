"""Layer texts that the tests share: one for each way in which layers can be put together."""

RESNET_20 = (
    """\
conv 16 3x3 same no_bias init he_normal l2 0.0001
batchnorm
relu
"""
    + "".join(
        f"""\
residual
  conv {filters} 3x3 strides {strides} same no_bias init he_normal
  batchnorm
  relu
  conv {filters} 3x3 same no_bias
  batchnorm
relu
repeat 2
  residual
    conv {filters} 3x3 same no_bias
    batchnorm
    relu
    conv {filters} 3x3 same no_bias
    batchnorm
  relu
"""
        for filters, strides in ((16, 1), (32, 2), (64, 2))
    )
    + """\
global_avgpool
dense 10 softmax
"""
)

CAPSNET = """\
conv 256 9x9 relu
primary_capsules 32 8 9x9 strides 2
capsules 10 16 routing 3
decoder 512 1024
capsule_length
"""

VGG_16 = (
    """\
pad 2
repeat_channels 3
"""
    + "".join(
        f"repeat {times}\n  conv {filters} 3x3 same relu\nmaxpool 2\n"
        for times, filters in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
    )
    + """\
flatten
dense 512 relu
dropout 0.5
dense 10 softmax
"""
)

BRANCHES = """\
conv 8 3x3 same relu
batchnorm
inception
  branch
    conv 4 1x1 relu
  branch
    separable_conv 6 3x3 same gelu
    spatial_dropout 0.1
  branch
    maxpool 3 strides 1 same
    depthwise_conv 5x5 same
squeeze_excite 3
head clothes_goods 2 weight 0.3
  maxpool 4
  flatten
  dense 8 relu
residual projection pad
  conv 24 3x3 strides 2 same
  leaky_relu 0.1
attention 2 5
head garment_group 6 weight 0.5
  global_maxpool
dense_block 2
  batchnorm
  relu
  conv 4 3x3 same l1 0.001
avgpool 2
dropout 0.2
flatten
dense 10
softmax
"""

SMALL_CAPSNET = """\
conv 8 9x9 relu
primary_capsules 4 4 9x9 strides 2
capsules 10 6 routing 3
decoder 16
capsule_length
"""


def densenet_bc(steps: int, growth: int = 12) -> str:
    """DenseNet-BC of depth 6 * steps + 4: bottlenecks, and half the channels between blocks."""
    lines = [f"conv {2 * growth} 3x3 same no_bias"]
    channels = 2 * growth
    for block in range(3):
        if block:
            channels //= 2
            lines += ["batchnorm", "relu", f"conv {channels} 1x1 no_bias", "avgpool 2"]
        lines += [f"dense_block {steps}", "  batchnorm", "  relu"]
        lines += [f"  conv {4 * growth} 1x1 no_bias", "  batchnorm", "  relu"]
        lines += [f"  conv {growth} 3x3 same no_bias"]
        channels += steps * growth
    lines += ["batchnorm", "relu", "global_avgpool", "dense 10 softmax"]
    return "\n".join(lines) + "\n"


def from_tokens(tokens: str) -> str:
    """Layer text of a network in the short notation of the literature tables.

    C(64,3,v) is a 3x3 convolution with relu and valid (v) or same (s) padding, Cn without relu,
    D(128) a dense layer with relu, Dn without, O the ten-class output.
    """
    words = {"BN": "batchnorm", "R": "relu", "MP": "maxpool 2", "F": "flatten"}
    words["O"] = "dense 10 softmax"
    lines = []
    for token in tokens.split():
        name, _, inside = token.rstrip(")").partition("(")
        if name in ("C", "Cn"):
            filters, kernel, padding = inside.split(",")
            padded = " same" if padding == "s" else ""
            activation = " relu" if name == "C" else ""
            lines.append(f"conv {filters} {kernel}x{kernel}{padded}{activation}")
        elif name in ("D", "Dn"):
            lines.append(f"dense {inside}{' relu' if name == 'D' else ''}")
        elif name == "DO":
            lines.append(f"dropout {inside}")
        else:
            lines.append(words[name])
    return "\n".join(lines) + "\n"


AWASTHI_ENHANCED = from_tokens(
    "C(32,3,s) BN MP C(64,3,s) BN MP C(128,3,s) BN MP F D(256) DO(0.5) D(128) DO(0.5) O"
)
