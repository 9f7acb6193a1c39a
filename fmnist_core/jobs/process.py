"""Which process is meant: a number alone is soon given to another one."""

import contextlib
import os
import signal
from dataclasses import dataclass

import psutil

# The start time is computed from the clock of the system, which may be corrected meanwhile.
_SAME_START = 1.0


@dataclass(frozen=True)
class ProcessIdentity:
    """A process number and, in seconds since 1970, when that process started."""

    pid: int
    born: float

    def is_alive(self) -> bool:
        """Whether this very process runs; one that ended and waits to be reaped does not."""
        try:
            process = psutil.Process(self.pid)
            same = bool(abs(process.create_time() - self.born) < _SAME_START)
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def kill(self) -> None:
        """Ends this process and its group at once; never another that bears its number now."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                if os.getpgid(self.pid) == self.pid:
                    os.killpg(self.pid, signal.SIGKILL)
                else:
                    os.kill(self.pid, signal.SIGKILL)


def this_process() -> ProcessIdentity:
    """The identity of the process that asks."""
    return ProcessIdentity(os.getpid(), psutil.Process().create_time())
