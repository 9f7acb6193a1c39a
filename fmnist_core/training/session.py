"""One training from plan to run folder, resumable at any moment in between."""

from collections.abc import Callable
from pathlib import Path

from fmnist_core.errors import RecipeError, RunError
from fmnist_core.runs.manifest import MANIFEST
from fmnist_core.runs.write import commit_run, discard_staging
from fmnist_core.training.batches import Images
from fmnist_core.training.finish import finish_run
from fmnist_core.training.lock import only_trainer
from fmnist_core.training.loop import Progress, Trained, train
from fmnist_core.training.network import set_processor
from fmnist_core.training.plan import Plan
from fmnist_core.training.preparation import Prepared, prepare


def run_plan(
    root: Path,
    plan: Plan,
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_finishing: Callable[[], None] = lambda: None,
    should_stop: Callable[[], bool] = lambda: False,
    keep_weights: bool = True,
) -> Path:
    """Trains a plan, or goes on where its last checkpoint stands, and commits the run.

    Args:
        root: the folder of runs; checkpoints live in its staging area until the run is whole.
        on_finishing: called once, before the weights are evaluated and stored.
        should_stop: asked after every batch; after a stop the epochs so far become the run.
        keep_weights: False for a run that keeps its record, history and predictions only.

    Returns:
        The folder of the committed run.

    Raises:
        RunError: nothing was learned yet when it was stopped, or another process trains it now.
        FmnistError: as `prepare` and `train` raise.
    """
    prepared = prepare(root, plan)
    if (prepared.staging / MANIFEST).exists():
        return commit_run(prepared.staging)  # it was killed between the manifest and the rename
    with only_trainer(prepared.work):
        trained = _train(prepared, on_progress, should_stop)
        on_finishing()
        return finish_run(prepared, trained, keep_weights=keep_weights)


def _train(
    prepared: Prepared, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
) -> Trained:
    plan, split = prepared.plan, prepared.split
    images, labels = prepared.pool.images, prepared.pool.labels
    set_processor(plan.recipe)
    try:
        trained = train(
            plan.layers,
            plan.recipe,
            Images(images[split.train], labels[split.train]),
            Images(images[split.validation], labels[split.validation]),
            prepared.work,
            on_progress=on_progress,
            should_stop=should_stop,
        )
    except RecipeError:
        discard_staging(prepared.staging)  # going on would only fail again
        raise
    if not trained.history:
        discard_staging(prepared.staging)
        raise RunError(
            "a run must have at least one whole epoch to be kept. Received: a stop in the first. "
            "Nothing was stored."
        )
    return trained
