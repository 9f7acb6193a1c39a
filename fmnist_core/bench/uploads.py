"""Uploads: what conversion keeps of a network's answers, and what hostile files cost."""

import time
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist_core.bench.example_memory import megabytes_more
from fmnist_core.bench.example_uploads import (
    bombs,
    burdened,
    dataset_png,
    mutations,
    on_ground,
    saved,
    shop_picture,
    small_files,
)
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.data.pool import load_pool
from fmnist_core.errors import UploadError
from fmnist_core.inference.conversion.convert import convert
from fmnist_core.inference.files.decode import decode
from fmnist_core.inference.litert import LiteRTModel
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import find_run

Pixels = npt.NDArray[np.uint8]

SHOP_PICTURES = 1_000
MUTATIONS = 6_000
KINDS: dict[str, Callable[[Pixels], bytes]] = {
    "white": shop_picture,
    "dark": partial(shop_picture, dark=True),
    "turned": partial(shop_picture, turned=True),
}
# A garment as dark as its ground cannot be seen: some labels are lost here.
GROUNDS: dict[str, Callable[[Pixels], bytes]] = {
    "on_dark": on_ground,
    "on_black": partial(on_ground, lightness=10),
}
LEAST_AGREEMENT = 0.95
MOST_BOMB_SECONDS, MOST_BOMB_MEGABYTES, MOST_DAMAGED_SECONDS = 0.2, 60.0, 0.05


def run() -> dict[str, float | str]:
    """Returns shares of unchanged images and labels, and the worst seconds and megabytes.

    `agreement_<kind>_<run>` is the share of 1,000 shop pictures that get the label which the same
    network gives the dataset image they were made of.
    """
    images = load_pool().images[TRAIN_COUNT:]
    figures: dict[str, float | str] = {
        "test_images_unchanged": sum(passes_through(image) for image in images),
        **_agreement(images),
        **_bombs(),
        **_damaged(),
        **_large_photograph(),
    }
    for lowest, kinds in (("lowest_agreement", KINDS), ("lowest_agreement_on_dark", GROUNDS)):
        starts = tuple(f"agreement_{kind}_" for kind in kinds)
        some = [float(value) for name, value in figures.items() if name.startswith(starts)]
        if some:
            figures[lowest] = min(some)
    return figures


def passes_through(image: Pixels) -> bool:
    """Whether a dataset image comes out of its PNG file bit by bit."""
    conversion = convert(decode(dataset_png(image), "image.png"))
    return conversion.passed_through and np.array_equal(conversion.image, image)


def converted(images: Iterable[Pixels], pictured: Callable[[Pixels], bytes]) -> Pixels:
    """Returns what becomes of pictures of the images: uint8 (n, 28, 28)."""
    return np.stack([convert(decode(pictured(image), "shop.jpg")).image for image in images])


def _agreement(images: Pixels) -> dict[str, float | str]:
    chosen = np.random.default_rng(0).choice(len(images), SHOP_PICTURES, replace=False)
    originals = images[chosen]
    pictures = {kind: converted(originals, one) for kind, one in {**KINDS, **GROUNDS}.items()}
    figures: dict[str, float | str] = {}
    root = runs_root()
    for run_id in (run.run_id for run in list_runs(root).runs if run.has_model):
        model = LiteRTModel(find_run(root, run_id) / "model.tflite")
        expected = model(originals).probabilities.argmax(axis=1)
        for kind, uploads in pictures.items():
            same = model(uploads).probabilities.argmax(axis=1) == expected
            figures[f"agreement_{kind}_{run_id}"] = float(same.mean())
    return figures


def refused(data: bytes) -> bool:
    """Whether a file is refused with the sentence for it; any other error surfaces."""
    try:
        decode(data, "file")
    except UploadError:
        return True
    return False


def _bombs() -> dict[str, float | str]:
    worst_seconds, worst_megabytes, as_expected = 0.0, 0.0, True
    for files, to_be_refused in ((bombs(), True), (burdened(), False)):
        for data in files.values():
            started = time.perf_counter()
            more, was_refused = megabytes_more(partial(refused, data))
            worst_seconds = max(worst_seconds, time.perf_counter() - started)
            worst_megabytes = max(worst_megabytes, more)
            as_expected &= was_refused == to_be_refused
    holds = worst_seconds <= MOST_BOMB_SECONDS and worst_megabytes <= MOST_BOMB_MEGABYTES
    return {
        "bombs_refused_and_others_read": str(as_expected),
        "bomb_worst_seconds": worst_seconds,
        "bomb_worst_megabytes": worst_megabytes,
        "bombs_hold": str(holds and as_expected),
    }


def _damaged() -> dict[str, float | str]:
    files = small_files()
    share = MUTATIONS // len(files) + 1
    mutated = max(
        worst_cpu_seconds(mutations(data, share, seed)) for seed, data in enumerate(files.values())
    )
    cut = max(worst_cpu_seconds(data[:end] for end in range(len(data))) for data in files.values())
    holds = max(mutated, cut) <= MOST_DAMAGED_SECONDS
    return {
        "mutations": share * len(files),
        "mutation_worst_cpu_seconds": mutated,
        "truncation_worst_cpu_seconds": cut,
        "damaged_files_hold": str(holds),
    }


def worst_cpu_seconds(files: Iterable[bytes]) -> float:
    """The longest that one of the files takes, refused or not, in processor seconds."""
    return max(cpu_seconds(partial(refused, data)) for data in files)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Processor seconds, which other work on the machine does not lengthen."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _large_photograph() -> dict[str, float | str]:
    """12 megapixels with an uneven background: decoding, then converting."""
    generator = np.random.default_rng(0)
    floor = generator.integers(90, 190, (76, 101, 3), dtype=np.uint8)
    floor[20:60, 35:70] = (30, 40, 120)
    data = saved(Image.fromarray(floor).resize((4_032, 3_024)), "JPEG", quality=85)
    picture = decode(data, "photograph.jpg")
    convert(picture)
    return {
        "photograph_decode_cpu_seconds": cpu_seconds(lambda: decode(data, "photograph.jpg")),
        "photograph_convert_cpu_seconds": cpu_seconds(lambda: convert(picture)),
    }
