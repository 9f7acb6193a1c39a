"""`bench`: what this machine measures."""

import argparse
import importlib
import pkgutil
import sys
import traceback

import fmnist_core.bench
from fmnist_core.cli.output import print_json
from fmnist_core.errors import UnknownNameError


def bench(options: argparse.Namespace) -> int:
    """Runs one benchmark, or all of them one after the other.

    Of all, one that fails costs the others nothing: some need Chromium. The exit code is then 1.
    """
    known = _benchmarks()
    if options.name is not None and options.name not in known:
        raise UnknownNameError("benchmark", options.name, known)
    results, failed = {}, []
    for name in [options.name] if options.name else known:
        try:
            results[name] = importlib.import_module(f"fmnist_core.bench.{name}").run()
        except Exception:
            if options.name:
                raise
            traceback.print_exc()
            failed.append(name)
            continue
        if not options.json:
            print(name)
            for figure, value in results[name].items():
                shown = f"{value:,.4g}" if isinstance(value, float) else value
                print(f"  {figure}: {shown}", flush=True)
    if options.json:
        print_json(results)
    if failed:
        print(f"error: not measured: {', '.join(failed)}; why stands above.", file=sys.stderr)
    return 1 if failed else 0


def _benchmarks() -> list[str]:
    """The modules of `fmnist_core.bench` that measure; the others only help them."""
    names = [module.name for module in pkgutil.iter_modules(fmnist_core.bench.__path__)]
    return [name for name in names if not name.startswith("example_")]
