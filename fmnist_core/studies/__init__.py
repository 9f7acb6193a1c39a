"""Studies: sets of runs that differ in one factor, each defined in a TOML file beside this one.

To add a study, add a file here; `schema.py` explains its keys. Runs are found by what they are, the
layer text and the recipe, never by name: a network of one's own that equals a level counts there.
"""

from fmnist_core.studies.reading import read_studies
from fmnist_core.studies.schema import Level, Series, Study
from fmnist_core.studies.setup import Setup, belongs, canonical_layers, setup_of

__all__ = [
    "Level",
    "Series",
    "Setup",
    "Study",
    "belongs",
    "canonical_layers",
    "read_studies",
    "setup_of",
]
