"""What is drawn on the Learn page."""
