"""What is drawn on the Classes page."""
