"""`python -m fmnist_core.jobs`: the training service of the runs folder, as apps start it."""

import os
import sys

from fmnist_core.jobs.service import serve
from fmnist_core.runs.ids import runs_root

if __name__ == "__main__":  # the children of the service read this file again
    serve(runs_root())
    sys.stdout.flush()
    os._exit(0)  # Python would wait for a job that is to go on alone
