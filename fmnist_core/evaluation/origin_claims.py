"""Is a run of the network and the source that it names, and does it say how its training departs?

What a newer catalogue may have is not known here and stays unasked: architectures and variants. A
baseline does not state its share of the training images, so only its split is held against what it
says. Of a departure its setting and both values must stand, not where the source's comes from.
"""

from collections.abc import Iterator
from dataclasses import replace

from fmnist_core.data import PROTOCOLS
from fmnist_core.errors import LayerTextError
from fmnist_core.evaluation.recipe_words import departure, differing_keys, setting_name
from fmnist_core.papers import systems
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import Run
from fmnist_core.studies.setup import canonical_layers, catalogue_network


def origin_problems(run: Run) -> Iterator[str]:
    """Yields a sentence for each claim of a run's origin that its layers or recipe contradict."""
    system = next((one for one in systems() if one.id == run.architecture), None)
    if system is None and run.architecture != "custom":
        return
    basis, paper = (system.basis, system.paper) if system else ("custom", "")
    stated = run.provenance
    if (stated.basis, stated.paper) != (basis, paper):
        yield (
            f"run.json: basis and paper must be {basis!r} and {paper!r}, as of every run of "
            f"{run.architecture}. Received: {stated.basis!r} and {stated.paper!r}."
        )
    network = catalogue_network(run.architecture, run.variant)
    if network is not None and _canonical(run.layers) != network:
        reading = f", variant {run.variant}" if run.variant else ""
        yield (
            f"run.json: layers must be the catalogue's of {run.architecture}{reading}. "
            "Received: others."
        )
    yield from _departure_problems(run, system)


def _canonical(layers: str) -> str:
    try:
        return canonical_layers(layers) if layers else ""
    except LayerTextError:
        return layers


def _departure_problems(run: Run, system: System | None) -> Iterator[str]:
    theirs = Recipe.from_dict(system.recipe) if system else run.recipe
    ours = run.recipe
    if ours is None and run.protocol in PROTOCOLS and theirs:
        ours = replace(theirs, protocol=run.protocol)
    if ours is None or theirs is None:
        return
    keys = differing_keys(ours, theirs)
    wanted: list[tuple[str, ...]] = [_beginnings(key, ours, theirs) for key in keys]
    if run.variant is not None:
        wanted.insert(0, ("layers: ",))
    unasked = {"limit", "train_fraction"} if run.recipe is None else {"limit"}
    # A limit that leaves no image out was once said, too.
    free = tuple(f"{name}: " for key in unasked - set(keys) for name in (setting_name(key), key))
    said = [text for text in run.provenance.protocol_differences if not text.startswith(free)]
    if len(said) == len(wanted) and all(map(str.startswith, said, wanted)):
        return
    names = [setting_name(key) for key in keys]
    if run.variant is not None:
        names.insert(0, "layers")
    yield (
        "run.json: protocol_differences must name what sets the recipe apart from the source's: "
        f"{', '.join(names) or 'nothing'}. Received: {' '.join(said)[:200] or 'none.'}"
    )


def _beginnings(key: str, ours: Recipe, theirs: Recipe) -> tuple[str, str]:
    """As a departure is worded, and as runs worded it that were stored before."""
    return (
        departure(key, ours, theirs, "").removesuffix("."),
        f"{key}: {getattr(ours, key)} here, {getattr(theirs, key)} ",
    )
