"""What trained networks are worth: metrics, intervals, paired tests, fit and projections.

Everything here runs in the web process, so modules import numpy only; what is slower to import
(SciPy's special functions, scikit-learn) is imported inside the function that needs it.
"""
