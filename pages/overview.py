"""Overview: which architecture is best, and for what cost?"""

import streamlit as st

from fmnist_core.figures.cost_chart import (
    COSTS,
    cost_chart,
    cost_takeaway,
    drawn_runs,
    unranked_note,
    with_frontier,
)
from fmnist_core.figures.leaderboard import COLUMNS
from fmnist_core.figures.table import Column
from fmnist_core.ui.archive import run_exchange
from fmnist_core.ui.components import (
    caveat,
    empty_state,
    next_page,
    one_of,
    page_header,
    show_chart,
)
from fmnist_core.ui.cost_parallel import show_all_costs
from fmnist_core.ui.leaderboard import (
    draw_unranked,
    filter_runs,
    show_findings,
    show_leaderboard,
)
from fmnist_core.ui.router import require_router
from fmnist_core.ui.runs import leaderboard_or_stop, show_damaged_runs, split_caveats

require_router()
page_header(
    "Which architecture is best, and for what cost?",
    "Every run of this folder, trained here under a stated split and tested on images it never "
    "trained on.",
    ":material/leaderboard:",
)

board = leaderboard_or_stop(offer=lambda: run_exchange({}))

shown = filter_runs(board.frame)
if shown.empty:
    count = len(board.frame)
    empty_state(
        "No run passes these filters.",
        f"{'The only run is' if count == 1 else f'All {count:,} runs are'} left out: choose more "
        "above, or empty the fields there.",
        icon=":material/filter_alt_off:",
    )
    run_exchange(board.labels)
    show_damaged_runs(board.damaged)
    st.stop()

show_findings(shown)

st.header("What accuracy costs", anchor=False)
cost = one_of(
    "Cost", "cost", {name: short for name, (short, _) in COSTS.items()} | {"all": "All at once"}
)
if cost == "all":
    show_all_costs(shown)
elif (points := with_frontier(shown, cost)).empty:
    empty_state(f"No shown run states its {COSTS[cost][1].lower()}.", "Choose another cost above.")
else:
    points = drawn_runs(points, unranked=draw_unranked(points))
    show_chart(
        cost_chart(points, cost),
        says=cost_takeaway(points, cost),
        data=points,
        columns={**COLUMNS, "on_frontier": Column("On the frontier")},
        name=f"accuracy_against_{cost}",
        limits="Bars are 95 % intervals over test images. The line joins the runs of one split "
        "that no other ranked run of it beats at their cost." + unranked_note(points),
    )

st.header("All runs", anchor=False)
show_leaderboard(shown)
caveat(
    "Ranks count within one split, among runs trained in full as their source says unless you ask "
    "for all; numbers of unlike splits are never ranked together."
)
split_caveats(shown)
run_exchange(board.labels)
show_damaged_runs(board.damaged)
next_page("pages/compare.py", "Next: how do the chosen runs differ?")
