"""Classifiers that are no networks, as runs beside them."""
