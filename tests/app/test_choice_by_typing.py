"""Fields for those who choose by keyboard have one name on every page, unlike any download."""

import pytest

from tests.app.conftest import OpenPage


@pytest.mark.parametrize(
    "page", ["overview", "classes", "architectures", "papers", "learn", "train"]
)
def test_the_fields_of_the_address_are_named_for_typing(
    page: str, networks: list[str], open_page: OpenPage
) -> None:
    app = open_page(page, runs=",".join(networks))
    labels = [part.label for part in app.expander]
    labels += [part.proto.popover.label for part in app.get("popover")]
    assert "Choose by typing" in labels
    assert not [label for label in labels if "text" in label.lower()]
    expected = 1 if page == "overview" else 2
    assert labels.count("Choose by typing") >= expected
