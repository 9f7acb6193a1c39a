"""Which networks answer, in words, and which do where nobody chose any.

The latter are the same on the page and on the command line.
"""

from collections.abc import Sequence

import pandas as pd

from fmnist_core.figures.words import escaped
from fmnist_core.listing import some

_NAMED = 3


def default_networks(frame: pd.DataFrame, *, stored: bool = False) -> list[str]:
    """Returns the first full run of each architecture; without any, all runs that can answer.

    Args:
        frame: `leaderboard_frame`, which is sorted by split first, held-out ones before those that
            saw the test images, and has first seeds before further ones.
        stored: stored answers will do; else only runs with a model count.
    """
    if frame.empty:
        return []
    ready = frame if stored else frame[frame["has_model"]]
    full = ready[ready["budget"] == "full"].drop_duplicates("architecture")
    return list((full if len(full) else ready)["run_id"])


def networks_words(answering: int, which: str, without_model: Sequence[str] = ()) -> str:
    """Returns how many networks answer, which, and the labels of those that cannot.

    Args:
        answering: how many can.
        which: what they are, such as "the chosen runs".
        without_model: labels of the others.
    """
    count = f"{answering or 'No'} {'network answers' if answering < 2 else 'networks answer'}"
    if not without_model:
        return f"{count}: {which}"
    names = escaped(some(without_model, _NAMED))
    return f"{count}: {which}; stored without a model: {names}"
