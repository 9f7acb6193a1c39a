"""The parts of the Projections page."""
