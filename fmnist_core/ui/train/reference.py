"""The run that a training is held against: a full one of the same network."""

import pandas as pd

from fmnist_core.errors import FmnistError
from fmnist_core.training.plan import Plan
from fmnist_core.ui import loaders


def reference_run(plan: Plan, *, same_split: bool = False) -> str:
    """Returns the id of the best full run of the same layers; empty where there is none.

    Args:
        same_split: only of the plan's own split, where numbers of other images would mislead.
    """
    try:
        board = loaders.leaderboard().frame
    except FmnistError:
        return ""
    if board.empty:
        return ""
    alike = board[(board["architecture"] == plan.architecture) & (board["budget"] == "full")]
    own = alike["protocol"] == plan.recipe.protocol
    # Of its own split first; the leaderboard's order does the rest.
    alike = pd.concat([alike[own]] if same_split else [alike[own], alike[~own]])
    return next((name for name in alike["run_id"] if _same_layers(name, plan)), "")


def _same_layers(run_id: str, plan: Plan) -> bool:
    if run_id == plan.run_id:
        return False
    try:
        return loaders.run_record(run_id).layers == plan.layers
    except FmnistError:
        return False
