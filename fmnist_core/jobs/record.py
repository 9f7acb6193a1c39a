"""A training job as its queue knows it."""

from dataclasses import dataclass
from typing import Literal, get_args

from fmnist_core.training.plan import Plan

State = Literal[
    "queued", "starting", "running", "stopping", "done", "stopped", "failed", "interrupted"
]
STATES: tuple[State, ...] = get_args(State)
# A process works on it, or is about to.
ACTIVE: tuple[State, ...] = ("starting", "running", "stopping")
# It ended before its run was whole, and can go on at its last checkpoint.
RESUMABLE: tuple[State, ...] = ("stopped", "failed", "interrupted")


@dataclass(frozen=True)
class DamagedJob:
    """A row of the queue that says no job any more, and why."""

    run_id: str
    state: str
    reason: str


@dataclass(frozen=True)
class Job:
    """One training, from its place in the queue to its end.

    Attributes:
        keep: it is only to turn the epochs so far into a run.
        batch: label of the jobs it was queued together with; empty when it was queued alone.
        submitted: seconds since 1970, like `started` and `ended`; one moment for a whole batch.
        started: of the latest attempt.
        message: why it failed or was interrupted, in one sentence.
        attempt: how often it was started.
    """

    run_id: str
    plan: Plan
    state: State
    keep: bool
    batch: str
    submitted: float
    started: float | None
    ended: float | None
    message: str
    attempt: int

    @property
    def active(self) -> bool:
        """Whether a process works on it, or is about to."""
        return self.state in ACTIVE

    @property
    def resumable(self) -> bool:
        """Whether it ended before its run was whole."""
        return self.state in RESUMABLE
