"""How long a piece of work takes when nothing else stands in its way."""

import time
from collections.abc import Callable


def best_seconds(work: Callable[[], object], repeats: int = 5) -> tuple[float, float]:
    """Returns the least seconds of the wall clock and of the processor, the first time not counted.

    Other work on the machine only adds to them.
    """
    work()
    times = [once_seconds(work) for _ in range(repeats)]
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


def once_seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Returns seconds of the wall clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu
