"""From a picture of a garment to 28x28, by Zalando's own steps, each of them kept."""
