"""The parts of the Architectures page."""
