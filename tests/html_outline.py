"""What a test needs to know of an HTML file that must stand alone."""

import re
from collections import Counter
from html.parser import HTMLParser


class Outline(HTMLParser):
    """What elements a document has, what they point to, and whether each that opens is closed."""

    VOID = frozenset({"meta", "br", "img", "link", "hr", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.addresses, self.open = Counter(), [], []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.addresses += [v for k, v in attrs if k in ("src", "href", "xlink:href", "action")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags[tag] += 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def assert_stands_alone(text: str) -> Outline:
    """Checks that a file closes what it opens, runs nothing and loads nothing."""
    outline = Outline(text)
    assert outline.open == []
    assert outline.tags["script"] == outline.tags["link"] == outline.tags["img"] == 0
    assert all(address.startswith("#") for address in outline.addresses)
    assert not re.search(r"url\((?!#)|@import", text)
    assert "default-src 'none'" in text
    return outline
