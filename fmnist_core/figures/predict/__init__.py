"""What is drawn on the Predict page."""
