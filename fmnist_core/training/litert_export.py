"""A trained network as a LiteRT file that takes pixels/255 and gives probabilities and features."""

from pathlib import Path

import keras

from fmnist_core.recipes import Recipe
from fmnist_core.runs.disk import writing_to


def export_litert(network: keras.Model, recipe: Recipe, path: Path, *, half: bool) -> None:
    """Writes the file; the recipe's standardisation goes inside, so no caller can forget it.

    Args:
        network: one input (n, 28, 28, 1), outputs {"probabilities", "features"}, float32.
        path: must end in ".tflite".
        half: round the weights to float16, which halves the file.
    """
    import tensorflow as tf  # noqa: PLC0415  # other backends do without it

    image = keras.Input((28, 28, 1), name="image")
    standardised = keras.layers.Rescaling(
        1 / recipe.pixel_std, -recipe.pixel_mean / recipe.pixel_std
    )(image)
    rounding = {
        "optimizations": [tf.lite.Optimize.DEFAULT],
        "target_spec": {"supported_types": [tf.float16]},
    }
    with writing_to(path):
        keras.Model(image, network(standardised)).export(
            str(path),
            format="litert",
            verbose=False,
            **(rounding if half else {}),
        )
