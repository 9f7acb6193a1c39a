"""`jobs submit`, `list`, `show`, `stop`, `resume`, `keep`, `move`, `delete` and `service`."""

import argparse
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fmnist_core.architectures import summarize
from fmnist_core.cli.output import print_json, print_table
from fmnist_core.cli.train import new_plan
from fmnist_core.errors import JobError, RunError
from fmnist_core.jobs import client
from fmnist_core.jobs.live import current_live, is_responding, log_tail, read_epochs
from fmnist_core.jobs.record import DamagedJob, Job
from fmnist_core.runs.ids import runs_root
from fmnist_core.training.estimate import check_fits, estimate, folder_speed, image_counts
from fmnist_core.training.provenance import processor_name

_COLUMNS = ("job_id", "status", "name", "epochs", "message")


def submit(options: argparse.Namespace) -> int:
    """Queues one training and returns at once; the service that trains it is started if need be."""
    root, plan = runs_root(), new_plan(options)
    speed = folder_speed(root, processor_name())
    needed = estimate(summarize(plan.layers), plan.recipe, image_counts(plan.recipe), speed)
    if not options.force:
        check_fits(needed)
    (job,) = client.submit(root, [plan])
    if options.json:
        print_json(job_record(job) | {"estimated_seconds": needed.seconds})
    else:
        print(f"{job.run_id}: {job.state}, about {needed.seconds / 60:.1f} minutes of training")
    return 0


def list_all(options: argparse.Namespace) -> int:
    """Prints every job: active, waiting, ended ones newest first, and those that are damaged."""
    root = runs_root()
    records = [job_record(job) for job in client.list_jobs(root)]
    records += [damaged_record(job) for job in client.damaged_jobs(root)]
    if options.json:
        print_json(records)
    else:
        print_table(_COLUMNS, [[record[column] for column in _COLUMNS] for record in records])
    return 0


def show(options: argparse.Namespace) -> int:
    """Prints one job, where its training stands, and the end of its log."""
    root = runs_root()
    job = client.find_job(root, options.job)
    record = job_record(job) | live_record(root, job)
    if options.json:
        print_json(record)
    else:
        for key, value in record.items():
            print(f"{key}: {value}")
        if tail := log_tail(root, job.run_id):
            print(f"log:\n{tail}")
    return 0


def stop(options: argparse.Namespace) -> int:
    """Asks a job to end."""
    return _answer(options, client.stop_job(runs_root(), options.job))


def resume(options: argparse.Namespace) -> int:
    """Queues a job again that ended early."""
    return _answer(options, client.resume_job(runs_root(), options.job))


def keep(options: argparse.Namespace) -> int:
    """Queues the evaluation of what a job has learned."""
    return _answer(options, client.keep_job(runs_root(), options.job))


def move(options: argparse.Namespace) -> int:
    """Changes the place of a waiting job."""
    client.move_job(runs_root(), options.job, options.places)
    return _answer(options, client.find_job(runs_root(), options.job))


def delete(options: argparse.Namespace) -> int:
    """Removes a job."""
    client.delete_job(runs_root(), options.job)
    if options.json:
        print_json({"deleted": options.job})
    else:
        print(f"Deleted {options.job}.")
    return 0


def service(options: argparse.Namespace) -> int:
    """Works off the queue in the foreground; Ctrl-C ends it, and a job that runs then goes on."""
    if os.name != "posix":
        raise JobError("the training service needs Linux or macOS. Received: another system.")
    from fmnist_core.jobs.service import serve  # noqa: PLC0415  # `resource` is there on POSIX only

    if not serve(runs_root(), idle_seconds=60 * options.idle_minutes):
        raise JobError(
            "one training service must serve a runs folder. Received: a second one for "
            f"{runs_root()}. `jobs list` shows what the first one does."
        )
    sys.stdout.flush()
    os._exit(0)  # Python would wait for a job that is to go on alone


def job_record(job: Job) -> dict[str, Any]:
    """A job as scripts read it."""
    return {
        "job_id": job.run_id,
        "run_id": job.run_id,
        "status": job.state,
        "name": job.plan.name,
        "architecture": job.plan.architecture,
        "epochs": job.plan.recipe.epochs,
        "keep": job.keep,
        "batch": job.batch,
        "submitted": job.submitted,
        "started": job.started,
        "ended": job.ended,
        "attempt": job.attempt,
        "message": job.message,
    }


def damaged_record(job: DamagedJob) -> dict[str, Any]:
    """A row of the queue that cannot be read, with what scripts look for first."""
    return {
        "job_id": job.run_id,
        "run_id": job.run_id,
        "status": "damaged",
        "name": "",
        "epochs": None,
        "message": job.reason,
    }


def live_record(root: Path, job: Job) -> dict[str, Any]:
    """Where a training stands; without numbers where there are none yet, or no longer."""
    if job.state == "done":
        return {}  # its epochs are the run's, and its checkpoint is gone
    live = current_live(root, job)
    try:
        record: dict[str, Any] = {"epochs_kept": len(read_epochs(root, job.run_id))}
    except RunError as error:
        record = {"epochs_kept": 0, "checkpoint_trouble": str(error)}
    if live:
        record |= asdict(live) | {"responding": is_responding(live, time.time())}
    return record


def _answer(options: argparse.Namespace, job: Job) -> int:
    if options.json:
        print_json(job_record(job))
    else:
        print(f"{job.run_id}: {job.state}")
    return 0
