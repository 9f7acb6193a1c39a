"""What a training has to do, counted before it starts: the columns that a time estimate fits."""

import functools
import math
from dataclasses import dataclass

from fmnist_core.architectures import Summary, summarize
from fmnist_core.recipes import Recipe, parse_augmentation
from fmnist_core.runs.schema import ImageCounts

# Training passes over the network three times: forward, and backward to inputs and to weights.
TRAINING_PASSES = 3
FLOAT32_BYTES = 4
# Training accuracy in inference mode is read on at most so many training images: a tenth of a
# point is enough there, and the largest networks take 20 ms an image.
TRAIN_SAMPLE = 10_000

# Numbers that an optimizer keeps for every parameter: the moments of Keras' own classes.
OPTIMIZER_SLOTS = {
    "sgd": 0,
    "momentum": 1,
    "nesterov": 1,
    "adam": 2,
    "adamw": 2,
    "rmsprop": 1,
    "adagrad": 1,
    "adadelta": 2,
    "adamax": 2,
    "nadam": 2,
    "lion": 1,
}

# Processor seconds for one image: `augmentation.augment` on batches of 128, AMD EPYC, one thread.
_AUGMENTATION_SECONDS = {"affine": 3e-5, "flip": 1e-6, "erasing": 3e-6, "mixup": 5e-7}
_AFFINE = {"rotation", "shift", "zoom"}
# Keras' own batch normalisation passes over its activations so many times where the fused kernel
# does once (awasthi_enhanced, batch 512: 24.2 s instead of 15.4 s per 48,000 images).
_UNFUSED_PASSES = 6
# What mixed_bfloat16 leaves of float32's time (the same network: 11.2 s instead of 15.4 s).
_BFLOAT16_SHARE = 0.73
# A round of routing reads the predictions of its capsules twice, in products too small to be fast:
# as slow as so many passes over them (chen_capsnet).
_ROUTING_PASSES = 6
# Every step costs something of its own beside its layers: the call, the batch, loss and metrics.
_STEP_LAYERS = 8
# Building, exporting, compressing and projecting at the end, in layers traced (1.4 s for a network
# of three layers, 3 s for one of 139) and in copies of the weights (20 s for 24 million).
_FINISH_LAYERS, _FINISH_SHARE, _FINISH_COPIES = 17, 0.3, 12


@dataclass(frozen=True)
class Work:
    """What one image costs a network, and what a step does.

    Attributes:
        macs: multiply-accumulates of one forward pass.
        traffic: bytes written by one forward pass: the outputs of all layers, and the patches
            that a convolution gathers for its matrix product (one copy of its field a position).
        normalised: bytes written by batch normalisation, part of `traffic`.
        trainable: parameters that a step updates.
        layers: Keras layers that a step runs and a compilation traces.
    """

    macs: float
    traffic: float
    normalised: float
    trainable: int
    layers: int


def training_work(summary: Summary) -> Work:
    """The whole network, auxiliary heads and decoder included."""
    return _work(summary, training=True)


def prediction_work(summary: Summary) -> Work:
    """What a prediction needs: without the branches that only training has."""
    return _work(summary, training=False)


def _work(summary: Summary, *, training: bool) -> Work:
    macs = traffic = normalised = 0.0
    layers = trainable = 0
    for row, tensors in zip(summary.layers, kept_bytes(summary), strict=True):
        if row.training_only and not training:
            continue
        output = sum(tensors)
        macs += row.macs
        traffic += output
        if "Conv2D" in row.type:
            traffic += FLOAT32_BYTES * row.macs / row.output_shape[-1]
        elif row.type == "BatchNormalization":
            normalised += output
        elif row.type == "CapsuleRouting":
            traffic += _ROUTING_PASSES * row.arguments["routing"] * output
        elif row.type == "MultiHeadAttention":  # Keras scales, transposes and copies its tensors
            traffic += output
        trainable += row.trainable_params
        layers += 1
    return Work(macs, traffic, normalised, trainable, layers)


def kept_bytes(summary: Summary) -> list[tuple[int, ...]]:
    """Bytes of the tensors that each layer keeps for one image, as float32, layer by layer.

    Its output; for routed capsules, what every input capsule predicts for every output capsule; for
    attention also the scores between all positions, their softmax, queries, keys, values and sums.
    """
    shapes = {row.name: row.output_shape for row in summary.layers}
    kept = []
    for row in summary.layers:
        values = [math.prod(row.output_shape)]
        if row.type == "CapsuleRouting":
            values[0] *= shapes[row.inputs[0]][0]
        elif row.type == "MultiHeadAttention":
            positions, heads = row.output_shape[0], row.arguments["num_heads"]
            values += 2 * [heads * positions**2]
            values += 4 * [heads * positions * row.arguments["key_dim"]]
        kept.append(tuple(FLOAT32_BYTES * count for count in values))
    return kept


@functools.lru_cache(maxsize=1024)
def text_work(layers: str) -> tuple[Work, Work]:
    """`training_work` and `prediction_work` of a layer text.

    Raises `LayerTextError` as `summarize` does.
    """
    summary = summarize(layers)
    return training_work(summary), prediction_work(summary)


# The columns, and what one unit of each is.
COLUMNS = (
    "macs",  # 10^9 multiply-accumulates
    "traffic",  # 10^9 bytes
    "update",  # 10^9 parameters updated by an optimizer with two slots
    "step",  # 10^3 layers run, whatever the batch
    "augmentation",  # seconds on the processor it was measured on
    "start",  # layers traced by the first batch, or as much work in Python
    "storage",  # 10^9 numbers copied, written and digested
)
Columns = tuple[float, ...]


def epoch_columns(training: Work, prediction: Work, recipe: Recipe, images: ImageCounts) -> Columns:
    """One epoch: training images, validation images and the optimizer's steps."""
    steps = -(-images.train // recipe.batch_size)
    macs = TRAINING_PASSES * images.train * training.macs + images.validation * prediction.macs
    traffic = (
        TRAINING_PASSES * images.train * _traffic(training, recipe)
        + images.validation * prediction.traffic
    )
    share = 1.0 if recipe.precision == "float32" else _BFLOAT16_SHARE
    slots = OPTIMIZER_SLOTS[recipe.optimizer]
    return (
        share * macs / 1e9,
        share * traffic / 1e9,
        steps * training.trainable * (1 + slots) / 3 / 1e9,
        steps * (training.layers + _STEP_LAYERS) / 1e3,
        images.train * _augmentation_seconds(recipe),
        0.0,
        0.0,
    )


def checkpoint_columns(training: Work, recipe: Recipe) -> Columns:
    """What follows every epoch: weights and moments are written. No epoch's time contains it."""
    values = training.trainable * (1 + OPTIMIZER_SLOTS[recipe.optimizer])
    return (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, values / 1e9)


def start_columns(training: Work) -> Columns:
    """What the first batch costs beyond its work: the network is traced once."""
    return (0.0, 0.0, 0.0, 0.0, 0.0, float(training.layers + _STEP_LAYERS), 0.0)


def finish_columns(
    training: Work, prediction: Work, recipe: Recipe, images: ImageCounts
) -> Columns:
    """What `finish.finish_run` does; LiteRT takes about as long for an image as Keras does."""
    passes = 2 * images.validation + min(TRAIN_SAMPLE, images.train)
    if recipe.protocol != "test-as-validation":
        passes += images.test
    return (
        passes * prediction.macs / 1e9,
        passes * prediction.traffic / 1e9,
        0.0,
        0.0,
        0.0,
        _FINISH_LAYERS + training.layers * _FINISH_SHARE,
        training.trainable * _FINISH_COPIES / 1e9,
    )


def _traffic(work: Work, recipe: Recipe) -> float:
    repeated = 0 if recipe.fused_batchnorm else _UNFUSED_PASSES - 1
    return work.traffic + repeated * work.normalised


def _augmentation_seconds(recipe: Recipe) -> float:
    chosen = parse_augmentation(recipe.augmentation).keys()
    kinds = (chosen - _AFFINE) | ({"affine"} if chosen & _AFFINE else set())
    return sum(_AUGMENTATION_SECONDS[kind] for kind in kinds)
