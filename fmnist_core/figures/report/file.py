"""A report as HTML, LaTeX or CSV."""

from fmnist_core.figures.report.contents import Report


def report_bytes(report: Report, ending: str) -> bytes:
    """Returns the report as a file: `"html"`, `"tex"` or `"csv"`."""
    # Each format is a module of its own, and only one of them is asked for.
    match ending:
        case "html":
            from fmnist_core.figures.report.html import report_html  # noqa: PLC0415

            return report_html(report)
        case "tex":
            from fmnist_core.figures.report.latex import report_latex  # noqa: PLC0415

            return report_latex(report)
        case _:
            from fmnist_core.figures.report.csv import report_csv  # noqa: PLC0415

            return report_csv(report)
