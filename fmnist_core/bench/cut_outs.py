"""How well a garment is cut out of its ground, on drawn photographs whose mask is known."""

import time
from collections import defaultdict

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist_core.bench.example_grounds import GROUNDS
from fmnist_core.bench.example_photographs import COLOURS, Photograph, photograph
from fmnist_core.inference.conversion.convert import Conversion, convert
from fmnist_core.inference.files.decode import Picture
from fmnist_core.prediction.samples import samples

SEED = 20_000
BAD = 0.8  # intersection over union; below it the shape is another


def run() -> dict[str, float | str]:
    """Returns the mean intersection over union, and how many masks are bad, doubted or both.

    One photograph for each ground and colour of the garment; `ground_*` and `colour_*` are means.
    """
    by_ground, by_colour = defaultdict(list), defaultdict(list)
    scores, doubted, seconds = [], [], []
    garments = [sample.id for sample in samples()]
    for i, ground in enumerate(GROUNDS):
        for j, colour in enumerate(COLOURS):
            garment = garments[(i + 3 * j) % len(garments)]
            shown = photograph(garment, ground, colour, SEED + 100 * j + i)
            picture = as_picture(shown.pixels)
            started = time.process_time()
            conversion = convert(picture)
            seconds.append(time.process_time() - started)
            score = intersection_over_union(conversion, shown)
            scores.append(score)
            doubted.append(bool(conversion.warnings))
            by_ground[ground].append(score)
            by_colour[colour].append(score)
    bad = np.array(scores) < BAD
    return {
        "photographs": len(scores),
        "mean_intersection_over_union": float(np.mean(scores)),
        "bad_masks": int(bad.sum()),
        "bad_masks_doubted": int((bad & np.array(doubted)).sum()),
        "good_masks_doubted": int((~bad & np.array(doubted)).sum()),
        "convert_cpu_seconds": float(np.median(seconds)),
        **{f"ground_{name}": float(np.mean(some)) for name, some in by_ground.items()},
        **{f"colour_{name}": float(np.mean(some)) for name, some in by_colour.items()},
    }


def as_picture(pixels: npt.NDArray[np.uint8]) -> Picture:
    """Pixels as if they had been decoded."""
    height, width = pixels.shape[:2]
    return Picture(pixels, "drawn", "PNG", (width, height), (), None)


def intersection_over_union(conversion: Conversion, shown: Photograph) -> float:
    """Of the garment that was cut out, or what became darker than white, with the true one."""
    images = {step.name: step.image for step in conversion.steps}
    if "Garment separated" in images:
        found = images["Garment separated"] > 127
    else:
        white = images.get("Background made white", images["Picture"])
        found = white.min(axis=2) < 255 * 0.95
    if found.shape != shown.mask.shape:
        size = (shown.mask.shape[1], shown.mask.shape[0])
        found = np.asarray(Image.fromarray(found).resize(size))
    return float((found & shown.mask).sum() / max(1, (found | shown.mask).sum()))
