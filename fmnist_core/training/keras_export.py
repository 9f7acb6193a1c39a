"""A stored run as a `.keras` file for other programs; this one never reads such a file."""

from pathlib import Path

import keras

from fmnist_core.architectures.keras_model import PROBABILITIES
from fmnist_core.errors import RunError
from fmnist_core.runs.read import find_run, read_file, read_run
from fmnist_core.training.finish import restore_network


def export_keras(root: Path, run_id: str, path: Path) -> tuple[str, ...]:
    """Writes the network of a run, rebuilt from its layer text, with its stored weights.

    The model takes pixels divided by 255, (n, 28, 28, 1), and gives probabilities, (n, 10); the
    recipe's standardisation is inside.

    Args:
        path: must end in ".keras".

    Returns:
        the layer classes that are not Keras' own: who loads the file must pass them as
        `custom_objects`. The run's Keras source defines them.

    Raises:
        RunError: the run is damaged or was stored without weights, or the file cannot be written.
        UnknownNameError: there is no such run.
    """
    run = read_run(root, run_id)
    read_file(root, run_id, "weights.safetensors")  # compares them with the manifest
    network = restore_network(run.layers, find_run(root, run_id) / "weights.safetensors")
    recipe = run.recipe
    # The flat graph of the network itself where nothing must be put before it.
    model = keras.Model(network.inputs[0], network.output[PROBABILITIES], name=run.architecture)
    if recipe and (recipe.pixel_mean, recipe.pixel_std) != (0, 1):
        image = keras.Input((28, 28, 1), name="image")
        standardised = keras.layers.Rescaling(
            1 / recipe.pixel_std, -recipe.pixel_mean / recipe.pixel_std
        )(image)
        model = keras.Model(image, model(standardised), name=run.architecture)
    try:
        model.save(path)
    except OSError as error:
        raise RunError(f"{path} must be writable. Received: {error.strerror or error}.") from error
    own = {type(layer).__name__ for layer in network.layers} - set(dir(keras.layers))
    return tuple(sorted(own))
