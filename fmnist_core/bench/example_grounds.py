"""Grounds that a garment may lie on or hang before: drawn, each differently for each seed."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Generator = np.random.Generator

HEIGHT, WIDTH = 640, 480  # as much of a photograph as conversion works with


def ground(name: str, generator: Generator) -> Floats:
    """Returns float32 (640, 480, 3), 0..255. Raises `KeyError` for a name not in `GROUNDS`."""
    return np.asarray(GROUNDS[name](generator), np.float32)


def blotches(generator: Generator, cell: float, amplitude: float) -> Floats:
    """Smooth noise (640, 480) that changes about every `cell` pixels."""
    coarse = (max(2, round(HEIGHT / cell)), max(2, round(WIDTH / cell)))
    noise = generator.normal(0, amplitude, coarse).astype(np.float32)
    smooth: Floats = cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return smooth


def _parquet(generator: Generator) -> Floats:
    """Blocks of five staves, each block across its neighbours."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    block, stave = 80, 16
    across = (x // block + y // block) % 2 == 0
    along, over = np.where(across, x, y), np.where(across, y, x)
    tones = generator.normal(1, 0.09, (HEIGHT, 8, 8)).astype(np.float32)
    tone = tones[over // stave, x // block, y // block]
    grain = 0.05 * np.sin(over / 2.1 + 3 * blotches(generator, 60, 1))
    joints = 1 - 0.35 * ((over % stave < 1) | (along % block < 1))
    colour = generator.uniform((130, 95, 60), (190, 145, 105))
    return np.asarray(colour * ((tone + grain) * joints)[..., None])


def _concrete(generator: Generator) -> Floats:
    shade = blotches(generator, 90, 7) + blotches(generator, 25, 4) + blotches(generator, 3, 4)
    light = np.linspace(0, generator.uniform(-30, 30), WIDTH)
    return np.asarray(
        generator.uniform(125, 175) + (shade + light)[..., None] * np.array([1, 0.99, 0.97])
    )


def _striped_bedding(generator: Generator) -> Floats:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    turn = generator.uniform(0, np.pi)
    place = x * np.cos(turn) + y * np.sin(turn) + 6 * blotches(generator, 120, 1)
    stripe = (np.sin(2 * np.pi * place / generator.uniform(28, 60)) > 0.3)[..., None]
    light, dark = generator.uniform(200, 240, 3), generator.uniform(90, 200, 3)
    return np.asarray(
        np.where(stripe, dark, light) * (1 + blotches(generator, 70, 0.05))[..., None]
    )


def _linen(generator: Generator) -> Floats:
    """A light cloth in folds."""
    folds = np.abs(blotches(generator, 55, 0.09)) + np.abs(blotches(generator, 20, 0.05))
    light = np.linspace(1.03, generator.uniform(0.85, 1.0), HEIGHT)[:, None]
    return generator.uniform(205, 232) * ((1 - folds) * light)[..., None] * [1, 0.99, 0.97]


def _rug(generator: Generator) -> Floats:
    colour = generator.uniform(60, 180, 3)
    return np.asarray(
        colour + (blotches(generator, 2.5, 12) + blotches(generator, 40, 8))[..., None]
    )


def _terrazzo(generator: Generator) -> Floats:
    picture = np.full((HEIGHT, WIDTH, 3), generator.uniform(185, 220), np.float32)
    for _ in range(900):
        centre = (int(generator.integers(WIDTH)), int(generator.integers(HEIGHT)))
        axes = (int(generator.integers(2, 9)), int(generator.integers(2, 7)))
        chip = tuple(float(part) for part in generator.uniform(80, 230, 3))
        cv2.ellipse(picture, centre, axes, float(generator.uniform(0, 180)), 0, 360, chip, -1)
    return picture


def _bricks(generator: Generator) -> Floats:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    row = y // 34
    place = x + 40 * (row % 2)
    tone = generator.normal(1, 0.1, (40, 20))[row, place // 80]
    mortar = ((y % 34 < 4) | (place % 80 < 4))[..., None]
    wall = (
        generator.uniform((130, 60, 45), (175, 105, 85))
        * (tone + blotches(generator, 3, 0.05))[..., None]
    )
    return np.where(mortar, 170.0, wall)


def _bed_before_floor(generator: Generator) -> Floats:
    """Two surfaces that meet in a slanting edge behind the garment."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    edge = HEIGHT * generator.uniform(0.35, 0.7) + generator.uniform(-0.4, 0.4) * (x - WIDTH / 2)
    above, below = _linen(generator), _parquet(generator)
    return np.where((y < edge)[..., None], above, below)


def _door(generator: Generator) -> Floats:
    """Painted wood with four raised panels."""
    picture = np.full((HEIGHT, WIDTH, 3), generator.uniform(200, 235), np.float32)
    for top in (30, 330):
        for left in (40, 260):
            for inset, tone in ((0, 0.86), (6, 1.04), (12, 0.97)):
                corners = (left + inset, top + inset), (left + 180 - inset, top + 280 - inset)
                colour = tuple(float(part) for part in picture[0, 0] * tone)
                cv2.rectangle(picture, *corners, colour, -1)
    return np.asarray(picture + blotches(generator, 200, 6)[..., None])


def _plain(low: float, high: float, spread: float) -> Callable[[Generator], Floats]:
    """One colour, nearly grey, under a lamp from somewhere."""

    def draw(generator: Generator) -> Floats:
        colour = generator.uniform(low, high) + generator.uniform(-spread, spread, 3)
        y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
        slope = generator.uniform(-0.08, 0.08, 2)
        return np.asarray(colour * (1 + slope[0] * x + slope[1] * y)[..., None])

    return draw


GROUNDS: dict[str, Callable[[Generator], Floats]] = {
    "parquet": _parquet,
    "concrete": _concrete,
    "striped bedding": _striped_bedding,
    "linen": _linen,
    "rug": _rug,
    "terrazzo": _terrazzo,
    "bricks": _bricks,
    "bed before a floor": _bed_before_floor,
    "door": _door,
    "white paper": _plain(225, 245, 3),
    "grey card": _plain(110, 170, 5),
    "coloured card": _plain(90, 170, 70),
    "dark cloth": _plain(28, 70, 8),
    "black velvet": _plain(6, 18, 2),
}
