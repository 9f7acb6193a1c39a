"""The run folder: what training leaves behind, and the only thing that pages read.

`cached_runs/README.md` documents the format.
"""
