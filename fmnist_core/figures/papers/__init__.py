"""What is drawn on the Papers page."""
