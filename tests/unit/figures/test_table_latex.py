"""Tables as LaTeX: they fit on the pages of a plain A4 article, whatever they hold."""

import re
import shutil
import subprocess
from collections.abc import Callable

import pandas as pd
import pytest

from fmnist_core.figures.leaderboard import COLUMNS, leaderboard_frame
from fmnist_core.figures.papers.protocols import matrix, matrix_columns
from fmnist_core.figures.papers.register import REGISTER_COLUMNS, entries_of, register_frame
from fmnist_core.figures.table import Column
from fmnist_core.figures.table_latex import latex_escaped, to_latex
from fmnist_core.papers import systems
from fmnist_core.runs.index import list_runs
from tests.shipped_runs import SHIPPED

SENTENCE = "Its summary prints 15 layers; the table reaches 13 by leaving two unnumbered. "
NUMBER = Column("Test accuracy (%)", "percent")


def numbers(rows: int, columns: int = 2) -> bytes:
    """A table of so many rows and columns of numbers, and the names of the rows."""
    names = [f"accuracy {place}" for place in range(columns)]
    frame = pd.DataFrame({"run": [f"Architecture {row}" for row in range(rows)]})
    frame = frame.assign(**dict.fromkeys(names, 0.91705))
    return to_latex(frame, {"run": Column("Run"), **dict.fromkeys(names, NUMBER)}, "Runs")


def sentences(columns: int, text: str = SENTENCE) -> bytes:
    """A table of so many columns of long sentences."""
    names = [f"saying {place}" for place in range(columns)]
    frame = pd.DataFrame([dict.fromkeys(names, 3 * text)])
    return to_latex(frame, {name: Column(name) for name in names}, "Contradictions")


def leaderboard() -> bytes:
    """The table of all shipped runs."""
    return to_latex(leaderboard_frame(list_runs(SHIPPED).runs), COLUMNS, "Leaderboard")


def register() -> bytes:
    """The table of all contradictions."""
    return to_latex(register_frame(entries_of("")), REGISTER_COLUMNS, "Contradictions")


def protocols() -> bytes:
    """The settings of every network of a source, with their signs."""
    known = [system for system in systems() if system.paper == "000"]
    frame = matrix(known, {})
    return to_latex(frame, matrix_columns(frame), "Protocols")


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="LaTeX is not installed")
@pytest.mark.parametrize(
    "made",
    [
        lambda: numbers(3),
        lambda: numbers(90),
        lambda: numbers(90, 24),
        lambda: sentences(2),
        lambda: sentences(12),
        leaderboard,
        register,
        protocols,
        lambda: sentences(2, "«Ðð Þþ» £ ß ≠ ✓ \x85. "),
    ],
)
def test_no_table_is_wider_or_taller_than_a_page(made: Callable[[], bytes], tmp_path) -> None:
    text = made().decode()
    (needs,) = re.findall(r"% Needs (\\usepackage\{.*\})\.", text)
    document = rf"\documentclass[a4paper]{{article}}{needs}\begin{{document}}{{}}"
    (tmp_path / "t.tex").write_text(f"{document}\n{text}\n\\end{{document}}\n", encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "t.tex"]
    for _ in range(2):  # a long table learns its widths in the first
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout[-2000:]
    log = done.stdout.decode(errors="replace")
    too_large = [float(points) for points in re.findall(r"Overfull .*?\(([\d.]+)pt too", log)]
    assert max(too_large, default=0) < 6  # less than stands between two columns
    assert "Float too large" not in log


def test_signs_stay_what_they_are_and_none_turns_into_another() -> None:
    assert latex_escaped("≠ ≈ ✓ ○") == r"$\neq$ $\approx$ $\surd$ $\circ$"
    assert latex_escaped("Łódź naïve ≮ 漢 \x85") == "?ódz naïve ? ?  "


def test_long_text_is_wrapped_into_shares_of_the_line() -> None:
    text = sentences(2).decode()
    shares = re.findall(r"\\raggedright\\arraybackslash\}p\{([\d.]+)\\linewidth\}", text)
    assert len(shares) == 2
    assert 0.9 < sum(map(float, shares)) < 1
    assert r"\footnotesize" in text


def test_a_table_longer_than_a_page_breaks_with_its_heading_on_every_page() -> None:
    text = numbers(90).decode()
    assert r"\begin{longtable}{lrr}" in text
    assert text.count(r"Run & Test accuracy (\%) & Test accuracy (\%) \\") == 2
    assert text.index(r"\endfirsthead") < text.index(r"\endhead") < text.index("Architecture 0 ")
    assert "landscape" not in text.partition("\n")[2]
    assert "longtable" not in numbers(3).decode().partition("\n")[2]


def test_a_wide_table_is_turned_and_the_widest_comes_in_parts_that_name_their_rows() -> None:
    assert numbers(3, 9).decode().count(r"\begin{landscape}") == 1
    text = numbers(3, 30).decode()
    assert "(part 1 of 3)" in text
    assert text.count("Architecture 2 & ") == 3
    assert text.count("91.70") == 3 * 30


def test_a_table_without_rows_is_its_heading() -> None:
    assert r"Run & Test accuracy (\%)" in numbers(0).decode()


def test_latex_is_a_booktabs_table_with_escaped_names() -> None:
    frame = pd.DataFrame({"run": ["50%_a & b"], "accuracy": [0.91705], "hidden": [1]})
    columns = {"run": Column("Run"), "accuracy": Column("Accuracy (%)", "percent")}
    text = to_latex(frame, columns, "Runs_1").decode()
    assert r"50\%\_a \& b & 91.70 \\" in text
    assert r"\begin{tabular}{lr}" in text
    assert r"\caption{Runs\_1}" in text
    assert [rule for rule in ("toprule", "midrule", "bottomrule") if f"\\{rule}" not in text] == []
    assert "hidden" not in text


def test_latex_escapes_each_character_once() -> None:
    text = to_latex(pd.DataFrame({"a": ["\\{x}"]}), {"a": Column("A")}, "").decode()
    assert r"\textbackslash{}\{x\} \\" in text
