"""Compare: how do these runs differ?"""

import streamlit as st

from fmnist_core.ui.compare.calibration import show_calibration
from fmnist_core.ui.compare.ensembles import show_ensembles
from fmnist_core.ui.compare.seeds import show_seeds
from fmnist_core.ui.compare.significance import show_significance
from fmnist_core.ui.comparison import (
    baseline_picker,
    offer_first_choice,
    readable_runs,
    show_curves,
    show_fit,
    show_numbers,
    show_settings,
    show_tests,
)
from fmnist_core.ui.components import next_page, one_of, page_header
from fmnist_core.ui.equal_budget import equal_budget_switch, show_equal_budget
from fmnist_core.ui.report_download import report_buttons
from fmnist_core.ui.router import require_router
from fmnist_core.ui.runs import leaderboard_or_stop, run_picker, show_damaged_runs

PARTS = {
    "curves": "Curves and numbers",
    "significance": "Significance",
    "calibration": "Calibration",
    "ensembles": "Ensembles",
    "seeds": "Seeds",
}

require_router()
page_header(
    "How do these runs differ?",
    "Curves, numbers and settings of the runs you choose; which differences are more than chance, "
    "how far each can be believed, and what they do together.",
    ":material/compare_arrows:",
)

board = leaderboard_or_stop()

chosen = readable_runs(run_picker(board))
if not chosen:
    offer_first_choice(board)
    show_damaged_runs(board.damaged)
    st.stop()
rows = board.frame.set_index("run_id", drop=False).loc[chosen].reset_index(drop=True)

match one_of("Part", "part", PARTS):
    case "significance":
        show_significance(rows)
    case "calibration":
        show_calibration(rows)
    case "ensembles":
        show_ensembles(rows)
    case "seeds":
        show_seeds(rows, board)
    case _:
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            baseline = baseline_picker(board, chosen)
            budget = equal_budget_switch(chosen)
        st.header("Curves", anchor=False)
        show_curves(rows, budget)
        if budget:
            st.header(f"At an equal budget: {budget.words}", anchor=False)
            show_equal_budget(rows, baseline, budget)
        st.header("Numbers", anchor=False)
        show_numbers(rows, baseline)
        st.header("Do they fit?", anchor=False)
        show_fit(rows)
        st.header("What was set differently", anchor=False)
        show_settings(chosen, board.labels)
        st.header("Is the difference more than chance?", anchor=False)
        show_tests(rows)
report_buttons(chosen)
show_damaged_runs(board.damaged)
next_page("pages/classes.py", "Next: where does each of them fail?")
