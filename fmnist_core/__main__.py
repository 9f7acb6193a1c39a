"""`python -m fmnist_core`: the core without a screen."""

import sys

from fmnist_core.cli import main

if __name__ == "__main__":  # the training service's children read this file again
    sys.exit(main())
