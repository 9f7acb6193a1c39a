"""How far another seed moves an accuracy, for networks with too few seeds of their own."""

from collections.abc import Mapping, Sequence

from fmnist_core.evaluation.ledger.choice import choose_runs, needed_recipe
from fmnist_core.evaluation.ledger.evidence import Evidence
from fmnist_core.evaluation.seed_spread import SeedSpread, pooled_spread
from fmnist_core.papers import systems


def spread_over_networks(evidence: Mapping[str, Sequence[Evidence]]) -> SeedSpread | None:
    """Returns the deviation of the test accuracy over seeds, pooled over all networks.

    Of each network the runs count that the ledger holds against its numbers, if they had its
    source's whole recipe. `None` where too few have several seeds.

    Args:
        evidence: by the id of the system.
    """
    chosen = (
        choose_runs(system, needed_recipe(system), evidence.get(system.id, ()))
        for system in systems()
    )
    return pooled_spread(
        [item.run.metrics.test_accuracy for item in choice.evidence]
        for choice in chosen
        if choice and choice.budget == "full"
    )
