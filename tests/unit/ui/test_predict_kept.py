"""Pictures that are kept for the reader's way back."""

import pytest

from fmnist_core.ui.predict import kept as predict_kept
from fmnist_core.ui.predict.kept import Kept, keep, kept_words
from fmnist_core.ui.predict.loaders import Given


def given(*names: str) -> tuple[Given, ...]:
    return tuple(Given(name, b"1234") for name in names)


def test_no_more_is_kept_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, dict[str, Kept]] = {}
    monkeypatch.setattr(predict_kept.st, "session_state", state)
    monkeypatch.setattr(predict_kept, "MOST_BYTES", 9)
    pictures = given("a", "b", "c")
    assert keep("files", pictures) == list(pictures)
    keep("paste", given("d"))
    (kept,) = (sources["files"] for sources in state.values())
    assert [one.name for one in kept.pictures] == ["a", "b"]
    assert kept.left_out == 1
    (kept,) = (sources["paste"] for sources in state.values())
    assert [one.name for one in kept.pictures] == ["d"]


@pytest.mark.parametrize(
    ("names", "left_out", "words"),
    [
        (["a.png"], 0, "Still here: a.png."),
        (["a", "b", "c"], 0, "Still here: a, b, c."),
        (["a", "b", "c", "d"], 0, "Still here: a, b, c, 1 more."),
        (["*a*"], 1, r"Still here: \*a\*. 1 picture was let go"),
        ([], 2, "No picture was kept. 2 pictures were let go"),
    ],
)
def test_what_is_still_there_is_said(names: list[str], left_out: int, words: str) -> None:
    assert kept_words(Kept(given(*names), left_out)).startswith(words)
