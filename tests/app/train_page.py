"""What the tests of the Train page read from it, and bring about on it."""

import json
import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from fmnist_core.jobs.client import list_jobs, stop_job
from fmnist_core.training.plan import Plan
from fmnist_core.ui.architectures.link import to_link
from tests.app.conftest import ENTRY
from tests.app.test_overview import shown_text
from tests.fixture_jobs import ended, plan, queued, start, trained

SMALL = "conv 8 3x3 relu\nflatten\ndense 10 softmax"


def open_train(*, more: bool = False, **query: str) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.switch_page("pages/train.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.session_state["train_more"] = more
    app.run()
    assert not app.exception, app.exception
    return app


def numbers(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def said(app: AppTest) -> str:
    return shown_text(app).replace("\\", "")


def submit(app: AppTest) -> AppTest:
    app.button(key="train_submit").click().run()
    assert not app.exception, app.exception
    return app


def run_again(root: Path, plan: Plan) -> AppTest:
    """Opens the page over a job that was taken off the queue, and asks for it again."""
    queued(root, plan)
    stop_job(root, plan.run_id)
    app = open_train(more=True)
    app.button(key=f"again_{plan.run_id}").click().run()
    assert not app.exception, app.exception
    return app


def badge_texts(app: AppTest) -> list[str]:
    """The labels that the panel with the button promises."""
    badge = re.compile(r":(green|orange)-badge\[:material/\w+: (.*)\]")
    found = (badge.fullmatch(text.value) for text in app.markdown)
    return [match[2] for match in found if match]


def newest_plan(root: Path) -> Plan:
    return list_jobs(root, 0)[0].plan


def type_layers(app: AppTest, text: str) -> AppTest:
    """What the editor's script does in a browser; AppTest has no browser."""
    app.session_state["layers"] = to_link(text)
    return app.run()


def charts(app: AppTest) -> list[dict]:
    """The live charts; the form has none of its own that are open."""
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def progress(app: AppTest) -> tuple[int, str]:
    (bar,) = app.get("progress")
    return bar.proto.value, bar.proto.text


def toasts(app: AppTest) -> list[str]:
    return [toast.value.replace("\\", "") for toast in app.toast]


def waiting(root: Path) -> list[str]:
    return [job.run_id for job in list_jobs(root) if job.state == "queued"]


def stopped(root: Path, kept: int, **recipe: object) -> str:
    """A stopped job with so many whole epochs."""
    (run_id,) = queued(root, plan(**recipe))
    start(root)
    if kept:
        trained(root, run_id, kept)
    ended(root, run_id, "stopped")
    return run_id
