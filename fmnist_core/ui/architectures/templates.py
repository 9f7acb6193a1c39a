"""Layer texts to start a network of one's own from."""

# Name -> layer text; each shows what the catalogue's networks do not.
TEMPLATES = {
    "Small convolutional network": """\
conv 32 3x3 same relu
maxpool 2
conv 64 3x3 same relu
maxpool 2
flatten
dense 128 relu
dropout 0.5
dense 10 softmax""",
    "Residual network": """\
conv 32 3x3 same no_bias
batchnorm
relu
repeat 2
  residual
    conv 32 3x3 same no_bias
    batchnorm
    relu
    conv 32 3x3 same no_bias
    batchnorm
  relu
residual
  conv 64 3x3 strides 2 same no_bias
  batchnorm
  relu
  conv 64 3x3 same no_bias
  batchnorm
relu
global_avgpool
dense 10 softmax""",
    "Inception branches": """\
conv 32 3x3 same relu
maxpool 2
inception
  branch
    conv 16 1x1 relu
  branch
    conv 16 1x1 relu
    conv 24 3x3 same relu
  branch
    maxpool 3 strides 1 same
    conv 16 1x1 relu
global_avgpool
dense 10 softmax""",
    "Separable convolutions with squeeze and excite": """\
conv 32 3x3 same relu
repeat 2
  separable_conv 64 3x3 same relu
  squeeze_excite 8
maxpool 2
separable_conv 128 3x3 same relu
squeeze_excite 8
global_avgpool
dropout 0.2
dense 10 softmax""",
    "Convolutions with attention": """\
conv 32 3x3 strides 2 same relu
conv 64 3x3 strides 2 same relu
repeat 2
  attention 4 16
global_avgpool
dense 10 softmax""",
}
