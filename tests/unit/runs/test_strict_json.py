"""JSON that Python would read and should not."""

import pytest

from fmnist_core.errors import RunError
from fmnist_core.runs import strict_json


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b'{"a": NaN}', "NaN"),
        (b'{"a": [1, -Infinity]}', "-Infinity"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "'c' twice"),
        (b"[" * 100_000, "recursion"),
        (b"1" * 10_000, "digits"),
        (b'{"a": 1', "delimiter"),
        (b"", "Expecting value"),
        (b"\xff\xfe\x00", "decode"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_the_reason(data, named):
    with pytest.raises(RunError, match=named) as error:
        strict_json.loads(data, "run.json", most_bytes=10**6)
    assert str(error.value).startswith("run.json must")


def test_a_text_longer_than_allowed_is_not_read():
    with pytest.raises(RunError, match=r"at most 10 bytes\. Received: 11\."):
        strict_json.loads(b" " * 11, "run.json", most_bytes=10)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), "\ud800"])
def test_nothing_is_written_that_could_not_be_read(value):
    with pytest.raises(RunError):
        strict_json.dumps({"a": value})


def test_what_is_written_reads_back():
    value = {"name": "Ünïcode ✓", "list": [1, 2.5, None, True]}
    assert strict_json.loads(strict_json.dumps(value), "x", most_bytes=1000) == value
