"""Prediction through LiteRT: light enough for the web process, which never loads TensorFlow."""
