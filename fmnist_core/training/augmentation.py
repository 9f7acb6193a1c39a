"""Random changes to training images, vectorised over a batch in numpy.

The geometric ones are drawn as Keras' former `ImageDataGenerator` drew them, since that is what
the studies used: each image gets one affine map about its centre, and pixels from outside repeat
the nearest edge.
"""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


def augment(
    images: FloatArray, settings: dict[str, float], generator: np.random.Generator
) -> FloatArray:
    """Applies the changes named in `settings` (see `recipes.AUGMENTATIONS`), in a fixed order.

    Args:
        images: (batch, height, width), pixels 0..255; returned in the same shape and range.
        settings: as `recipes.parse_augmentation` gives them; "mixup" is left to `mix_up`.
        generator: the only source of randomness.
    """
    if settings.keys() & {"rotation", "shift", "zoom"}:
        images = _affine(images, settings, generator)
    if "flip" in settings:
        chosen = generator.random((len(images), 1, 1)) < settings["flip"]
        images = np.where(chosen, images[:, :, ::-1], images)
    if "erasing" in settings:
        images = _erase(images, settings["erasing"], generator)
    return images


def mix_up(
    images: FloatArray, targets: FloatArray, alpha: float, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Blends each image and its one-hot target with another of the batch.

    One weight a batch, drawn from Beta(alpha, alpha). Zhang et al. 2018, arXiv:1710.09412.
    """
    weight = np.float32(generator.beta(alpha, alpha))
    partner = generator.permutation(len(images))
    return (
        weight * images + (1 - weight) * images[partner],
        weight * targets + (1 - weight) * targets[partner],
    )


def _affine(
    images: FloatArray, settings: dict[str, float], generator: np.random.Generator
) -> FloatArray:
    """Rotation, shift and zoom as one bilinear resampling."""
    count, height, width = images.shape

    def draw(key: str, scale: float = 1.0) -> FloatArray:
        reach = settings.get(key, 0.0) * scale
        drawn: npt.NDArray[np.float64] = generator.uniform(-reach, reach, (count, 1, 1))
        return drawn.astype(np.float32)

    angle = draw("rotation", np.pi / 180)
    shift_y, shift_x = draw("shift", height), draw("shift", width)
    zoom_y, zoom_x = 1 + draw("zoom"), 1 + draw("zoom")
    rows, columns = np.meshgrid(
        np.arange(height, dtype=np.float32) - (height - 1) / 2,
        np.arange(width, dtype=np.float32) - (width - 1) / 2,
        indexing="ij",
    )
    cos, sin = np.cos(angle), np.sin(angle)
    # Where each output pixel is read from: zoom, then shift, then rotation, about the centre.
    y = rows * zoom_y + shift_y
    x = columns * zoom_x + shift_x
    source_y = np.clip(cos * y - sin * x + (height - 1) / 2, 0, height - 1)
    source_x = np.clip(sin * y + cos * x + (width - 1) / 2, 0, width - 1)
    return _bilinear(images, source_y, source_x)


def _bilinear(images: FloatArray, y: FloatArray, x: FloatArray) -> FloatArray:
    count, height, width = images.shape
    top = np.minimum(y.astype(np.int32), height - 2)
    left = np.minimum(x.astype(np.int32), width - 2)
    down, right = y - top, x - left
    flat = images.reshape(-1)
    first = np.arange(count, dtype=np.int32)[:, None, None] * (height * width)
    corner = first + top * width + left
    upper = flat[corner] * (1 - right) + flat[corner + 1] * right
    lower = flat[corner + width] * (1 - right) + flat[corner + width + 1] * right
    return (upper * (1 - down) + lower * down).astype(np.float32)


def _erase(images: FloatArray, probability: float, generator: np.random.Generator) -> FloatArray:
    """One rectangle of random values in each chosen image: 2-40 % of the area, aspect 0.3-3.3.

    Zhong et al. 2020, arXiv:1708.04896. A rectangle that would stick out is clipped.
    """
    count, height, width = images.shape
    area = generator.uniform(0.02, 0.4, count) * height * width
    aspect = np.exp(generator.uniform(np.log(0.3), np.log(1 / 0.3), count))
    tall = np.minimum(np.sqrt(area * aspect).round(), height)
    wide = np.minimum(np.sqrt(area / aspect).round(), width)
    top = np.floor(generator.random(count) * (height - tall + 1))
    left = np.floor(generator.random(count) * (width - wide + 1))
    rows, columns = np.arange(height), np.arange(width)
    inside_y = (rows >= top[:, None]) & (rows < (top + tall)[:, None])
    inside_x = (columns >= left[:, None]) & (columns < (left + wide)[:, None])
    chosen = generator.random((count, 1, 1)) < probability
    mask = inside_y[:, :, None] & inside_x[:, None, :] & chosen
    noise = 255 * generator.random(images.shape, dtype=np.float32)
    return np.where(mask, noise, images)
