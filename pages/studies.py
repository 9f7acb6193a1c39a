"""Studies: what does one factor change, all else being equal?"""

import streamlit as st

from fmnist_core.ui.components import (
    empty_state,
    name_unknown_choices,
    next_page,
    one_of,
    page_header,
)
from fmnist_core.ui.router import require_router
from fmnist_core.ui.runs import leaderboard_or_stop, show_damaged_runs
from fmnist_core.ui.studies.loaders import MOST_RUNS, study_results
from fmnist_core.ui.studies.view import show_glance, show_study

GLANCE, OWN = "glance", "own"

require_router()
page_header(
    "What does one factor change?",
    "One setting changed at a time: its effect, how sure that is, what else differed, and what "
    "cannot be concluded.",
    ":material/science:",
)

board = leaderboard_or_stop()
newest = board.frame.sort_values("created", ascending=False)["run_id"].head(MOST_RUNS)
results = study_results(tuple(newest))
of_files = {result.study.id: result for result in results if not result.study.own}
own = {result.study.id: result for result in results if result.study.own}

titles = {study_id: result.study.title for study_id, result in of_files.items()}
chosen = one_of("Study", "study", {GLANCE: "At a glance", **titles, OWN: "Your sweeps"})
if chosen == GLANCE:
    show_glance(results)
elif chosen == OWN and own:
    name_unknown_choices("sweep", [one.study.title for one in own.values()], next(iter(own)))
    sweep = st.selectbox(
        "Sweep",
        list(own),
        format_func=lambda name: own[name].study.title if name in own else str(name),
        key="sweep",
        bind="query-params",
    )
    show_study(own[sweep or next(iter(own))], board.damaged)
elif chosen == OWN:
    empty_state(
        "No sweep of your own yet.",
        "Train one network under several optimizers or learning rates (Train page, *Several at "
        "once*): runs that differ in one setting, or in two, become a study here by themselves.",
        "python -m fmnist_core train kadam_a1 --recipe learning_rate=0.01",
        icon=":material/tune:",
    )
else:
    show_study(of_files[chosen], board.damaged)
show_damaged_runs(board.damaged)
next_page("pages/train.py", "Next: train what is missing, or a sweep of your own")
