"""What is drawn on the Studies page."""
