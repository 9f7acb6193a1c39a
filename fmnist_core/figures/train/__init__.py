"""What is drawn on the Train page."""
