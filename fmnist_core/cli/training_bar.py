"""A training as it runs, on a terminal: a bar with the time left, and a line for every epoch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

if TYPE_CHECKING:
    from fmnist_core.training.loop import Progress


def terminal() -> Console:
    """Returns standard error as a place for text: brackets and colons in names are no markup."""
    return Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


@contextmanager
def training_bar(
    console: Console, epochs: int, *, more: Callable[["Progress"], str] = lambda progress: ""
) -> Iterator[Callable[["Progress"], None]]:
    """Yields what is to be called with every progress of a training of so many epochs.

    Args:
        more: words at the end of an epoch's line.
    """
    with ProgressBar(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=console,
    ) as bar:
        task = bar.add_task("starting", total=None)

        def report(progress: "Progress") -> None:
            done = (progress.epoch - 1) * progress.batches + progress.batch
            bar.update(
                task,
                total=epochs * progress.batches,
                completed=done,
                description=f"epoch {progress.epoch}/{epochs} "
                f"loss {progress.loss:.4f} accuracy {progress.accuracy:.4f}",
            )
            if progress.row:
                row = progress.row
                console.print(
                    f"epoch {row.epoch:>3}: loss {progress.loss:.4f}, "
                    f"accuracy {progress.accuracy:.4f}, validation loss {row.val_loss:.4f}, "
                    f"accuracy {row.val_accuracy:.4f}, {row.seconds:.1f} s{more(progress)}"
                )

        yield report
