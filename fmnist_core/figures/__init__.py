"""Data frames and records in, chart specifications and words out; no screen needed."""
