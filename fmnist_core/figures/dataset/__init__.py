"""What is drawn on the Dataset page."""
