"""Training speed with fused and with Keras' own batch normalisation, in one process, in turns.

Beside them a plain `model.fit` of the same network, and a PyTorch loop where PyTorch is installed.
"""

import dataclasses
import importlib.util
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from fmnist_core.data import load_pool
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe

if TYPE_CHECKING:
    from fmnist_core.training.network import Network

IMAGES = 12_288  # 24 batches of 512
REPEATS = 5

Epoch = Callable[[], object]


def run() -> dict[str, float | str]:
    """Seconds for an epoch of 48,000 images (scaled up from 12,288), medians of five turns."""
    system = find_system("awasthi_enhanced")
    recipe = Recipe.from_dict(system.recipe)
    contestants = _keras_contestants(system.layers, recipe)
    if importlib.util.find_spec("torch"):
        contestants["pytorch_seconds"] = _pytorch_epoch(recipe)
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for train_epoch in contestants.values():
        train_epoch()  # tracing and warming up
    for _ in range(REPEATS):
        for name, train_epoch in contestants.items():
            started = time.perf_counter()
            train_epoch()
            times[name].append(time.perf_counter() - started)
    medians = {name: statistics.median(values) * 48_000 / IMAGES for name, values in times.items()}
    ratio = statistics.median(
        plain / fused
        for plain, fused in zip(times["keras_layer_seconds"], times["fused_seconds"], strict=True)
    )
    return {**medians, "keras_layer_over_fused": ratio, "holds": str(ratio >= 1.4)}


def _keras_contestants(layers: str, recipe: Recipe) -> dict[str, Epoch]:
    # Late: asking which benchmarks there are must not load TensorFlow.
    from fmnist_core.training.batches import EpochBatches, Images, network_input  # noqa: PLC0415
    from fmnist_core.training.network import compile_network, set_processor  # noqa: PLC0415

    set_processor(recipe)
    pool = load_pool()
    images = Images(pool.images[:IMAGES], pool.labels[:IMAGES])
    steps = IMAGES // recipe.batch_size
    fused = compile_network(layers, recipe, steps)
    plain = compile_network(layers, dataclasses.replace(recipe, fused_batchnorm=False), steps)
    fitted = compile_network(layers, dataclasses.replace(recipe, fused_batchnorm=False), steps)
    pixels = {"image": network_input(images.images, recipe)}
    labels = {"probabilities": images.labels.astype("int32")}

    def by_batch(network: "Network") -> Epoch:
        def train_epoch() -> None:
            for inputs, targets in EpochBatches(images, recipe, 1, network.objective.targets):
                network.trained.train_on_batch(inputs, targets)

        return train_epoch

    return {
        "fused_seconds": by_batch(fused),
        "keras_layer_seconds": by_batch(plain),
        "keras_fit_seconds": lambda: fitted.trained.fit(
            pixels, labels, batch_size=recipe.batch_size, verbose=0
        ),
    }


def _pytorch_epoch(recipe: Recipe) -> Epoch:
    import torch  # noqa: PLC0415  # no dependency: measured where it happens to be installed
    from torch import nn  # noqa: PLC0415

    torch.set_num_threads(recipe.threads)
    blocks: list[nn.Module] = []
    for channels_in, channels in ((1, 32), (32, 64), (64, 128)):
        blocks += [
            nn.Conv2d(channels_in, channels, 3, padding=1),
            nn.ReLU(),
            nn.BatchNorm2d(channels),
            nn.MaxPool2d(2),
        ]
    head = [nn.Flatten(), nn.Linear(1152, 256), nn.ReLU(), nn.Dropout(), nn.Linear(256, 128)]
    network = nn.Sequential(*blocks, *head, nn.ReLU(), nn.Dropout(), nn.Linear(128, 10))
    network = network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), recipe.learning_rate)
    loss = nn.CrossEntropyLoss()
    pool = load_pool()
    pixels = torch.from_numpy(pool.images[:IMAGES].astype("float32") / 255)[:, None]
    labels = torch.from_numpy(pool.labels[:IMAGES].astype("int64"))

    def train_epoch() -> None:
        for chosen in torch.randperm(IMAGES).split(recipe.batch_size):
            batch = pixels[chosen].contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad()
            loss(network(batch), labels[chosen]).backward()
            optimizer.step()

    return train_epoch
