"""A row of the queue as the job that it says; a damaged one as why it says none."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from fmnist_core.errors import JobError, RunError
from fmnist_core.jobs.record import STATES, Job
from fmnist_core.runs import records, strict_json
from fmnist_core.training.plan import Plan

# The longest layer text and notes, every character of them escaped.
_MOST_PLAN_BYTES = 2 * 1024**2


def to_text(plan: Plan) -> str:
    """The plan as its row holds it. Raises `RunError` when it could not be read back."""
    return json.dumps(records.to_json(plan))


@lru_cache(maxsize=2048)
def _to_plan(text: str) -> Plan | str:
    """The plan, or why it cannot be read."""
    try:
        data = strict_json.loads(text.encode(), "plan", most_bytes=_MOST_PLAN_BYTES)
        return records.from_json(Plan, data, "plan")
    except RunError as error:
        return str(error)


def damage(row: Any) -> str:
    """Why a row says no job; empty where it does."""
    plan = _to_plan(row["plan"])
    if isinstance(plan, str):
        return plan
    if plan.run_id != row["run_id"]:
        return f"plan: run_id must be that of its job. Received: {plan.run_id}."
    if row["state"] not in STATES:
        return f"the state of a job must be one of {', '.join(STATES)}. Received: {row['state']!r}."
    return ""


def readable(rows: Iterable[Any]) -> tuple[Job, ...]:
    """The jobs among these rows."""
    return tuple(to_job(row) for row in rows if not damage(row))


def to_job(row: Any) -> Job:
    """The job of a row. Raises `JobError` when it is damaged."""
    plan = _to_plan(row["plan"])
    if isinstance(plan, str) or damage(row):
        raise JobError(
            f"the row of {row['run_id']} in the queue must be readable. Received: {damage(row)} "
            "Delete that job."
        )
    return Job(
        run_id=row["run_id"],
        plan=plan,
        state=row["state"],
        keep=bool(row["keep"]),
        batch=row["batch"],
        submitted=row["submitted"],
        started=row["started"],
        ended=row["ended"],
        message=row["message"],
        attempt=row["attempt"],
    )
