"""What a finished training reached, in words."""

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.run_names import run_badges
from fmnist_core.papers.schema import METRICS, Published, System
from fmnist_core.runs.schema import Run
from fmnist_core.runs.summary import summarize_run

# The published number that a test accuracy is nearest to, first.
_ACCURACIES = ("test_accuracy", "accuracy", "val_accuracy")


def result_words(run: Run) -> str:
    """Returns the test accuracy with its interval, as Markdown."""
    low, high = run.metrics.test_accuracy_ci95
    return (
        f"**{100 * run.metrics.test_accuracy:.2f} %** test accuracy, 95 % interval "
        f"{100 * low:.2f} to {100 * high:.2f} ({run.images.test:,} images)."
    )


def published_words(system: System) -> str:
    """Returns the accuracy that the source prints for the network; empty where it prints none."""
    number = _published_accuracy(system)
    if number is None:
        return ""
    title = METRICS[number.metric][0].lower()
    qualifier = f"{number.qualifier} " if number.qualifier else ""
    return f"The source prints {qualifier}{number.printed} ({title}; {number.place})."


def honest_labels(run: Run) -> list[str]:
    """Returns what must stand beside the run's numbers, in the words of the leaderboard."""
    labels = run_badges(summarize_run(run, frozenset()))
    if run.recipe and run.images.train < PROTOCOLS[run.protocol].train:
        labels.append(f"{run.images.train:,} training images")
    return labels


def _published_accuracy(system: System) -> Published | None:
    whole = [
        number
        for number in system.published
        if number.dataset == "fashion_mnist"
        and not (number.class_name or number.epoch)
        and number.train_fraction == 1
    ]
    for metric in _ACCURACIES:
        for number in whole:
            if number.metric == metric:
                return number
    return None
