"""Pure calculations of the front."""

import pytest

from base.text import render
from front.rules import outlined


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Only words", []),
        ("# One\n\n## Two\n\n# Three", ["h2", "h3", "h2"]),
        ("## One\n\n## Two", ["h2", "h2"]),
        ("# One\n\n### Two\n\n## Three\n\n#### Four", ["h2", "h3", "h3", "h4"]),
        ("### One\n\n# Two\n\n## Three", ["h2", "h2", "h3"]),
        ("# A *b*\n\n`<h3>`", ["h2"]),
    ],
)
def test_headings_start_below_the_page_s_and_leave_no_level_out(text: str, tags: list[str]) -> None:
    html = outlined(render(text))
    found = [part[:2] for part in html.split("<") if part[:1] == "h"]
    closed = [part[1:3] for part in html.split("<") if part[:2] == "/h"]
    assert (found, closed) == (tags, tags)


def test_words_stay() -> None:
    assert outlined(render("## A *b*\n\nc")) == "<h2>A <em>b</em></h2>\n<p>c</p>"
