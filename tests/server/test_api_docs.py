"""The page for programs says all that the two schemas say, and needs nothing but itself."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from live.schema import live_schema
from server.api_docs import marked
from tests import factories

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, attribute: str) -> Iterator[str]:
        return (attrs[attribute] for _tag, attrs in self.tags if attribute in attrs)


@pytest.fixture
def text() -> str:
    """The page as a stranger gets it."""
    factories.member()
    response = Client().get("/api/docs/")
    assert response.status_code == 200
    assert "script-src 'self'" in response["Content-Security-Policy"]
    return response.content.decode()


def test_every_operation_command_event_and_shape_has_its_place(text: str) -> None:
    ids = set(Page(text).all("id"))
    document = Client().get("/api/schema/", headers={"Accept": "application/json"}).json()
    live = live_schema()
    wanted = {
        f"rest-{operation['operationId']}"
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    for what in ("command", "event"):
        for kind, named in live[f"{what}s"].items():
            wanted |= {f"{what}-{kind}-{name}" for name in named}
    wanted |= {f"shape-{name}" for name in document["components"]["schemas"]}
    wanted |= {f"shape-{name}" for name in live["$defs"]}
    assert wanted - ids == set()


def test_every_link_within_the_page_leads_somewhere_and_ids_are_unique(text: str) -> None:
    page = Page(text)
    ids = list(page.all("id"))
    assert sorted(ids) == sorted(set(ids))
    inside = {href[1:] for href in page.all("href") if href.startswith("#")}
    assert inside - set(ids) == set()


def test_nothing_is_inline_or_from_elsewhere(text: str) -> None:
    page = Page(text)
    assert list(page.all("style")) == []
    scripts = [attrs for tag, attrs in page.tags if tag == "script"]
    assert [attrs["src"][:8] for attrs in scripts] == ["/static/"]
    assert "style" not in {tag for tag, _attrs in page.tags}
    assert [href for href in page.all("href") if re.match(r"https?:", href)] == []


def test_fields_say_their_type_and_what_they_are(text: str) -> None:
    rows = text.partition('id="shape-MessagePosted"')[2].partition("</table>")[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", rows.partition("edited_at")[2]).split())
    assert said.startswith("string or null The last edit; null where there was none.")
    assert '<a href="#shape-Card">Card</a> or null' in rows


def test_a_docstrings_text_is_escaped_and_its_code_marked() -> None:
    assert marked("Has `<id>` & ``x``,\nand more") == (
        "Has <code>&lt;id&gt;</code> &amp; <code>x</code>, and more"
    )
