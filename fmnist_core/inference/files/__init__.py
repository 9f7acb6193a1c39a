"""Files that a person brings: told apart, measured before they are decoded, and decoded."""
