"""What trained networks say of a picture: labels, calibrated probabilities, and what mattered.

Everything here runs in the web process, without Streamlit and without Keras.
"""
