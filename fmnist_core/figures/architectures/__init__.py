"""What is drawn on the Architectures page."""
