"""The runs that this project's questions need: which there are, and how the others are trained."""
