"""Which networks answer where nobody chose any: the same on the page and on the command line."""

import pandas as pd


def default_networks(frame: pd.DataFrame) -> list[str]:
    """Returns the best full run of each architecture that has a model; without any, all with one.

    Args:
        frame: `leaderboard_frame`, which is sorted by split first, held-out ones before those that
            saw the test images.
    """
    if frame.empty:
        return []
    ready = frame[frame["has_model"]]
    full = ready[ready["budget"] == "full"].drop_duplicates("architecture")
    return list((full if len(full) else ready)["run_id"])
