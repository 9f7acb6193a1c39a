"""A p-value as it is printed: in a table, and in a sentence after "p"."""

_LEAST = 1e-4  # what four digits can tell from zero


def p_value(p: float) -> str:
    """Returns "0.0312", or "< 0.0001"."""
    return "< 0.0001" if p < _LEAST else f"{p:.4f}"


def p_words(p: float) -> str:
    """Returns "= 0.0312", or "< 0.0001"."""
    return p_value(p) if p < _LEAST else f"= {p_value(p)}"
