"""A layer text turned into a compiled Keras model, ready to be trained."""

from dataclasses import dataclass

import keras

from fmnist_core.architectures.graph import LABEL
from fmnist_core.architectures.keras_model import FEATURES, PROBABILITIES, build_model
from fmnist_core.architectures.summary import summarize
from fmnist_core.recipes import Recipe
from fmnist_core.training.batchnorm import FusedBatchNormalization
from fmnist_core.training.objective import Objective, make_objective, needs_soft_targets
from fmnist_core.training.optimizers import make_optimizer


@dataclass(frozen=True)
class Network:
    """One set of weights behind three models.

    Attributes:
        full: every output, as `build_model` gives it.
        trained: the compiled one: the outputs that have a loss.
        classifier: image to probabilities (n, 10), for validation.
        label_input: whether `trained` takes the label as an input as well.
    """

    full: keras.Model
    trained: keras.Model
    classifier: keras.Model
    objective: Objective
    soft_targets: bool
    label_input: bool

    @property
    def accuracy_metric(self) -> str:
        """What Keras calls the accuracy in its logs: with several outputs it says whose."""
        return "accuracy" if len(self.objective.outputs) == 1 else f"{PROBABILITIES}_accuracy"


def set_processor(recipe: Recipe) -> None:
    """Fixes thread count, precision and op order. Call before any Keras object is made.

    The thread count can only be set once per process: TensorFlow refuses afterwards.
    """
    keras.config.set_dtype_policy(recipe.precision)
    keras.utils.set_random_seed(recipe.seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf  # noqa: PLC0415  # other backends do without it

        if tf.config.threading.get_intra_op_parallelism_threads() != recipe.threads:
            tf.config.threading.set_intra_op_parallelism_threads(recipe.threads)
            tf.config.threading.set_inter_op_parallelism_threads(recipe.threads)


def compile_network(layers: str, recipe: Recipe, steps_per_epoch: int) -> Network:
    """Builds and compiles the network of a layer text; initial weights come from `recipe.seed`."""
    summary = summarize(layers)
    fused = recipe.fused_batchnorm and keras.backend.backend() == "tensorflow"
    full = build_model(
        layers,
        batch_normalization=FusedBatchNormalization if fused else None,
        seed=recipe.seed,
    )
    outputs = {name: tensor for name, tensor in full.output.items() if name != FEATURES}
    capsules = any(row.type == "CapsuleLength" for row in summary.layers)
    head_weights = {name: weight for name, (_, weight) in summary.heads.items()}
    objective = make_objective(tuple(outputs), head_weights, recipe, capsules=capsules)
    trained = keras.Model(full.inputs, outputs)
    trained.compile(
        optimizer=make_optimizer(recipe, steps_per_epoch),
        loss=objective.losses,
        loss_weights=objective.weights,
        metrics={PROBABILITIES: ["accuracy"]},
        # "auto" may choose XLA, which was slower on these networks.
        jit_compile=False,
    )
    trained.optimizer.build(trained.trainable_variables)
    return Network(
        full=full,
        trained=trained,
        classifier=keras.Model(full.inputs[0], outputs[PROBABILITIES]),
        objective=objective,
        soft_targets=needs_soft_targets(recipe, capsules=capsules),
        label_input=any(tensor.name == LABEL for tensor in full.inputs),
    )
