"""The command line: what the app shows, for scripts and terminals.

Every command takes `--json`. Exit codes: 0 for success, 1 when a check found something wrong,
2 with one clear line on standard error for wrong input, 130 after Ctrl-C.
"""

import os
import sys
from collections.abc import Sequence

from fmnist_core.cli.parser import make_parser
from fmnist_core.errors import FmnistError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = make_parser().parse_args(arguments)
    try:
        return int(options.handler(options))
    except FmnistError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe has left; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
