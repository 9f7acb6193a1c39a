"""The parts of the Papers page."""
