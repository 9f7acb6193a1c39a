"""Photographs of garments with the mask that is right: drawn, each differently for each seed."""

import functools
import io
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist_core.bench.example_grounds import HEIGHT, WIDTH, Generator, blotches, ground
from fmnist_core.prediction.samples import sample_picture

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[Any]

# How the garment is coloured: as drawn, as its own ground but for so many levels, or as said.
COLOURS: dict[str, float | tuple[int, int, int] | None] = {
    "as drawn": None,
    "darker than its ground": -45.0,
    "lighter than its ground": 35.0,
    "white": (238, 237, 233),
    "black": (36, 36, 40),
    "grey": (128, 128, 131),
    "striped": None,
}
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, eq=False)
class Photograph:
    """A drawn photograph: uint8 (640, 480, 3), and where its garment is: bool (640, 480)."""

    pixels: Pixels
    mask: npt.NDArray[np.bool_]


def photograph(sample_id: str, ground_name: str, colour: str, seed: int) -> Photograph:
    """Draws a garment with folds, turned a little, its shadow, a lamp's light and noise."""
    generator = np.random.default_rng(seed)
    behind = ground(ground_name, generator)
    garment, alpha = _placed(sample_id, generator)
    garment = _coloured(garment, alpha, behind, colour)
    garment *= (1 + blotches(generator, 45, 0.06) + blotches(generator, 90, 0.05))[..., None]
    reach = int(generator.integers(3, 12))
    cast = cv2.GaussianBlur(np.roll(alpha, (reach, reach // 2), (0, 1)), (0, 0), reach / 1.5)
    behind = behind * (1 - generator.uniform(0.1, 0.4) * cast[..., None])
    picture = behind * (1 - alpha[..., None]) + garment * alpha[..., None]
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    picture *= 1 - generator.uniform(0, 0.2) * ((x * x + y * y) / 2)[..., None]
    picture = picture + generator.normal(0, 3, picture.shape)
    return Photograph(picture.clip(0, 255).astype(np.uint8), alpha > 0.5)


@functools.cache
def cut_sample(sample_id: str) -> tuple[Floats, Floats]:
    """Returns a drawing's colours (600, 400, 3) and where it is (600, 400), 0..1."""
    drawn = np.asarray(Image.open(io.BytesIO(sample_picture(sample_id))).convert("RGB"))
    solid = (255 - drawn.min(axis=2) > 12).astype(np.uint8)
    # Buttons are as white as the page.
    solid = np.asarray(cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)))
    alpha = cv2.GaussianBlur(solid.astype(np.float32), (0, 0), 0.7)
    # Edges are mixed with the page: the nearest colour inside goes on to there.
    inside = np.asarray(cv2.erode(solid, np.ones((3, 3), np.uint8)))
    filled = cv2.inpaint(drawn, 1 - inside, 3, cv2.INPAINT_TELEA) if inside.any() else drawn
    return np.where(inside[..., None] > 0, drawn, filled).astype(np.float32), alpha


def _placed(sample_id: str, generator: Generator) -> tuple[Floats, Floats]:
    colours, alpha = cut_sample(sample_id)
    rows, columns = np.flatnonzero(alpha.max(1) > 0.5), np.flatnonzero(alpha.max(0) > 0.5)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    share = generator.uniform(0.6, 0.88)
    scale = min(share * HEIGHT / height, share * WIDTH / width)
    middle = (float(columns.mean()), float(rows.mean()))
    turn = float(generator.uniform(-12, 12))
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, turn, float(scale)), np.float64)
    at = np.array([WIDTH, HEIGHT]) * generator.uniform(0.47, 0.53, 2)
    matrix[:, 2] += at - middle
    size = (WIDTH, HEIGHT)
    moved = cv2.warpAffine(colours, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.float32), cv2.warpAffine(alpha, matrix, size).astype(np.float32)


def _coloured(garment: Floats, alpha: Floats, behind: Floats, colour: str) -> Floats:
    """Gives the garment another colour, its own light and dark kept."""
    light = garment @ LUMA
    relative = np.clip(light / np.median(light[alpha > 0.5]), 0.4, 1.3)[..., None]
    wanted = COLOURS[colour]
    if colour == "striped":
        stripe = (np.arange(HEIGHT) // 14 % 2 == 0)[:, None, None]
        return np.where(stripe, garment, 255 - (255 - garment) * 0.2)
    if wanted is None:
        return garment
    if isinstance(wanted, float):
        # Nothing is darker than black: there it is lighter.
        target = np.abs(np.median(behind[alpha > 0.5], axis=0) + wanted).clip(0, 250)
    else:
        target = np.array(wanted, np.float32)
    return np.asarray(target * relative, np.float32)
