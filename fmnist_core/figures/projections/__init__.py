"""What is drawn on the Projections page."""
