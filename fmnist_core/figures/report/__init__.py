"""A comparison of runs as one file to keep or to send."""
