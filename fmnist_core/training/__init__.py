"""Training: the only part of the package that needs Keras and a backend at run time."""

import os

# TensorFlow reads it once, when it is imported: without it, pages of notes about the processor.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
