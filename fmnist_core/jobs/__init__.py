"""Training jobs: a queue on the disk, the service that works it off, and its clients."""
