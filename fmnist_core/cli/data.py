"""`data status` and `data fetch`."""

import argparse
import sys

from fmnist_core.cli.output import print_json, print_table
from fmnist_core.data import data_status, fetch_data


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
