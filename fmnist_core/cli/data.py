"""`data status`, `data fetch` and `data describe`."""

import argparse
import sys
from dataclasses import asdict
from typing import Any

from fmnist_core.cli.output import print_json, print_table
from fmnist_core.data import CLASS_NAMES, PROTOCOLS, data_status, fetch_data, load_pool
from fmnist_core.data.dataset import DATASET_SHA256
from fmnist_core.data.statistics import (
    PARTS,
    STATISTICS_FILE,
    Part,
    Statistics,
    measure_statistics,
    quantile,
    read_statistics,
    summarise_levels,
    write_statistics,
)


def status(options: argparse.Namespace) -> int:
    """Prints every place of the search; exits with 1 when none holds good data."""
    found = data_status()
    if options.json:
        print_json(found.to_dict())
    else:
        print_table(
            ("place", "folder", "state"), [(p.title, p.folder, p.state) for p in found.places]
        )
        for place in found.places:
            print(*place.problems, sep="\n", end="\n" if place.problems else "")
    return 0 if found.good else 1


def fetch(options: argparse.Namespace) -> int:
    """Finds or downloads the data, with progress on standard error."""
    shown = ""

    def report(phase: str, done: int, total: int) -> None:
        nonlocal shown
        line = f"{phase}: {done / 1e6:.0f} of {total / 1e6:.0f} MB" if done else phase
        # One growing line on a terminal; in a log, one line a phase.
        text = line if sys.stderr.isatty() else phase
        if text != shown:
            start, end = ("\r\x1b[K", "") if sys.stderr.isatty() else ("", "\n")
            print(f"{start}{text}", end=end, file=sys.stderr, flush=True)
            shown = text

    try:
        folder = fetch_data(report)
    finally:
        if sys.stderr.isatty():
            print(file=sys.stderr)
    if options.json:
        print_json({"folder": str(folder)})
    else:
        print(f"Fashion-MNIST is in {folder}, verified.")
    return 0


def describe(options: argparse.Namespace) -> int:
    """Prints what the images are like; with `--measure`, counts them anew and keeps the counts."""
    if options.measure:
        statistics = measure_statistics(load_pool())
        write_statistics(statistics)
        print(f"{STATISTICS_FILE.name} is written.", file=sys.stderr)
    else:
        statistics = read_statistics()
    described = _described(statistics)
    if options.json:
        print_json(described)
        return 0
    columns = ("images", "per_class", "mean", "std", "median", "black", "visible_mean")
    rows = [
        (name, part["images"], part["per_class"][0], *(part["pixels"][key] for key in columns[2:]))
        for name, part in described["parts"].items()
    ]
    print_table(("part", *columns), rows)
    classes = described["classes"]
    print_table(tuple(classes[0]), [tuple(row.values()) for row in classes])
    copies = ", ".join(f"{name} {count}" for name, count in described["copies"].items())
    print(f"exact copies: {copies}")
    return 0


def _described(statistics: Statistics) -> dict[str, Any]:
    """Shares are fractions; grey levels run from 0 to 255; heights and widths are in pixels."""
    within_train, within_test, across = statistics.copies.tolist()
    return {
        "parts": {part: _part(statistics, part) for part in PARTS},
        "classes": [_class(statistics, label) for label in range(len(CLASS_NAMES))],
        "copies": {"train": within_train, "test": within_test, "train_and_test": across},
        "splits": {
            name: dict(zip(("train", "validation", "test"), counts, strict=True))
            for name, counts in zip(PROTOCOLS, statistics.split_counts.tolist(), strict=True)
        },
        "dataset_sha256": DATASET_SHA256,
    }


def _part(statistics: Statistics, part: Part) -> dict[str, Any]:
    per_class = statistics.class_counts(part)
    levels, boxes = statistics.levels(part), statistics.boxes(part)
    return {
        "images": int(per_class.sum()),
        "per_class": per_class.tolist(),
        "pixels": asdict(summarise_levels(levels)),
        "sixteenths": (levels.reshape(16, 16).sum(axis=1) / levels.sum()).tolist(),
        "full_height": float(boxes[-1].sum() / boxes.sum()),
        "full_width": float(boxes[:, -1].sum() / boxes.sum()),
    }


def _class(statistics: Statistics, label: int) -> dict[str, Any]:
    """One class over the training images."""
    boxes = statistics.boxes("train", label)
    return {
        "class": CLASS_NAMES[label],
        "mean": summarise_levels(statistics.levels("train", label)).mean,
        "median_height": quantile(boxes.sum(axis=1), 0.5) + 1,
        "median_width": quantile(boxes.sum(axis=0), 0.5) + 1,
    }
