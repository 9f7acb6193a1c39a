"""Garments drawn on floors, walls and white, for tests of the conversion."""

import io

import numpy as np
from PIL import Image, ImageDraw

from fmnist_core.inference.files.decode import Picture, decode

T_SHIRT = [(30, 20), (42, 14), (50, 18), (58, 14), (70, 20), (90, 36), (80, 50), (70, 42),
           (70, 90), (30, 90), (30, 42), (20, 50), (10, 36)]  # fmt: skip
TROUSERS = [(35, 8), (65, 8), (72, 95), (57, 95), (50, 35), (43, 95), (28, 95)]
BAG = [(15, 40), (85, 40), (90, 88), (10, 88)]
SHAPES = {"T-shirt": T_SHIRT, "trousers": TROUSERS, "bag": BAG}


def mask_of(shape: str, size: tuple[int, int] = (480, 640), share: float = 0.75) -> np.ndarray:
    """Where the garment is: bool (h, w), in the middle, as wide as a share of the picture."""
    width, height = size
    side = share * min(size)
    left, top = (width - side) / 2, (height - side) / 2
    points = [(left + x * side / 100, top + y * side / 100) for x, y in SHAPES[shape]]
    image = Image.new("1", size)
    ImageDraw.Draw(image).polygon(points, fill=1)
    return np.asarray(image)


def photograph(shape, colour, floor, *, vignette=0.15, shadow=True, seed=0):
    """A JPEG of the garment on a floor (h, w, 3): shading, shadow, vignetting and noise."""
    generator = np.random.default_rng(seed)
    height, width = floor.shape[:2]
    mask = mask_of(shape, (width, height))
    picture = floor.astype(float)
    if shadow:
        cast = Image.fromarray((np.roll(mask, (8, 8), (0, 1)) * 255).astype(np.uint8))
        cast = np.asarray(cast.resize((width // 16, height // 16)).resize((width, height)))
        picture *= 1 - 0.3 * cast[..., None] / 255
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    folds = 14 * np.sin(9 * x + 3 * y)[..., None]
    picture = np.where(mask[..., None], np.array(colour) + folds, picture)
    picture *= 1 - vignette * (x * x + y * y)[..., None]
    picture += generator.normal(0, 4, picture.shape)
    buffer = io.BytesIO()
    Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue(), mask


def floor_of(kind, size=(480, 640), seed=1):
    """A floor (h, w, 3): wood, carpet, plaid, wall or paper."""
    generator = np.random.default_rng(seed)
    width, height = size
    y, x = np.mgrid[:height, :width]
    coarse = generator.normal(0, 1, (height // 40, width // 40)).astype(np.float32)
    blotches = np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC))
    grain = generator.normal(0, 8, (height, width))
    if kind == "wood":
        planks = generator.normal(0, 15, 30)[x // 70]
        shade = planks + 9 * np.sin(x / 3 + 2 * blotches) - 45 * (x % 70 < 2)
        return np.array([165, 120, 80]) + shade[..., None]
    if kind == "carpet":
        return np.array([120, 118, 112]) + (10 * blotches + grain)[..., None]
    if kind == "plaid":
        stripes = 30.0 * (x // 40 % 3 == 0) - 25.0 * (y // 40 % 3 == 0)
        return np.array([190, 175, 165]) + stripes[..., None] * np.array([1, 0.3, -0.8])
    if kind == "wall":
        return np.array([205, 195, 180]) + (x / width * 40 - 20 + grain / 3)[..., None]
    return np.full((height, width, 3), 250.0)


def picture_of(pixels: np.ndarray) -> Picture:
    """An uploaded picture with exactly these pixels."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return decode(buffer.getvalue(), "picture.png")
