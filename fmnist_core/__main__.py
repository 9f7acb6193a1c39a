"""`python -m fmnist_core`: the core without a screen."""

import sys

from fmnist_core.cli import main

sys.exit(main())
