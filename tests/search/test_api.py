"""REST of the search: the shape of results, filters as parameters, pages, refusals, cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Member, SiteSettings
from tests import factories
from tests.search.conftest import index, room, say


@pytest.fixture(autouse=True)
def _site(db: None) -> None:
    SiteSettings.objects.create(pk=1, is_set_up=True)


@pytest.fixture
def client(anna: Member) -> Client:
    client = Client()
    client.force_login(anna)
    return client


def results(client: Client, **query: Any) -> list[int]:
    """Ids of what is found."""
    answer = client.get("/api/v1/search/", query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_a_result_says_what_and_where_and_shows_the_words(client: Client, anna: Member) -> None:
    channel = room(anna)
    said = say(anna, channel, "A <b>puppet</b> theatre", language="en")
    index()
    answer = client.get("/api/v1/search/", {"q": "puppet"}).json()
    (row,) = answer["results"]
    assert row.pop("at").endswith("Z")
    assert answer == {"results": [row], "next": None}
    assert row == {
        "kind": "message",
        "id": said,
        "url": f"/chat/{channel}/m/{said}/",
        "place": {"id": channel, "name": "Harbour"},
        "title": "",
        "author": {"id": anna.pk, "name": "Anna Tamm", "organisation": "", "country": "EE"},
        "language": "en",
        "pieces": [
            {"text": "A <b>", "match": False},
            {"text": "puppet", "match": True},
            {"text": "</b> theatre", "match": False},
        ],
    }


def test_parameters_narrow_as_the_words_do(client: Client, anna: Member) -> None:
    harbour, calls = room(anna), room(anna, "Calls")
    here = say(anna, harbour, "theatre https://example.org", language="en")
    there = say(anna, calls, "theatre", language="et")
    index()
    assert results(client, q="theatre") == [there, here]
    assert results(client, place=calls) == [there]
    assert results(client, q="theatre", by="me", has_link="true") == [here]
    assert results(client, q="in:calls", language="et") == [there]
    assert results(client, language="et", has_link="on") == []
    assert results(client, since="2020-01-01", until="2020-12-31") == []
    assert results(client) == []


def test_pages_lead_to_one_another(client: Client, anna: Member) -> None:
    channel = room(anna)
    said = [say(anna, channel, f"theatre {n}") for n in range(5)]
    index()
    address, got = "/api/v1/search/?q=theatre&limit=2", []
    while address:
        answer = client.get(address).json()
        got.append([row["id"] for row in answer["results"]])
        address = answer["next"]
    assert got == [said[:2:-1], said[2:0:-1], said[:1]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": "has:cats"}, "q"),
        ({"q": "from:nobody"}, "q"),
        ({"by": "nobody"}, "q"),
        ({"place": "999"}, "place"),
        ({"place": "x"}, "place"),
        ({"since": "soon"}, "since"),
        ({"language": "tlh"}, "language"),
        ({"q": "x" * 400}, "q"),
        ({"q": "x", "cursor": "y"}, "cursor"),
        ({"q": "nul\0"}, "q"),
    ],
)
def test_bad_input_is_refused_by_field(client: Client, query: dict[str, str], field: str) -> None:
    answer = client.get("/api/v1/search/", query)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_nobody_signed_in_finds_nothing() -> None:
    assert Client().get("/api/v1/search/?q=x").status_code == 401
    assert Client().get("/search/?q=x").status_code == 302


@pytest.mark.parametrize("path", ["/api/v1/search/", "/search/"])
def test_three_results_cost_what_one_does(client: Client, anna: Member, path: str) -> None:
    client.get(path)
    counts = []
    for number in (1, 2):
        for n in range(number):
            author = factories.member(name=f"Author {n}", organisation=f"House {number}{n}")
            say(author, _joined(anna, author, number * 10 + n), "theatre")
        index()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, {"q": "theatre"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def _joined(anna: Member, author: Member, number: int) -> int:
    from tests.search.conftest import let_in

    channel = room(anna, f"Room {number}")
    let_in(anna, channel, author)
    return channel


def test_the_page_finds_marks_and_keeps_what_was_typed(client: Client, anna: Member) -> None:
    channel = room(anna)
    say(anna, channel, "A <script>alert(1)</script> puppet", language="en")
    index()
    page = client.get("/search/", {"q": "puppet -dance", "by": "me"}).content.decode()
    assert "<mark>puppet</mark>" in page
    assert "&lt;script&gt;" in page
    assert 'value="puppet -dance"' in page
    assert "<script>alert" not in page


def test_the_page_says_what_is_wrong(client: Client) -> None:
    answer = client.get("/search/", {"q": "has:cats"})
    assert answer.status_code == 422
    assert "has: takes link or file, not “cats”." in answer.content.decode()


def test_older_results_have_an_address(client: Client, anna: Member) -> None:
    channel = room(anna)
    for n in range(21):
        say(anna, channel, f"theatre {n}")
    index()
    page = client.get("/search/?q=theatre").content.decode()
    at = page.index("cursor=")
    address = page[at : page.index('"', at)].replace("&amp;", "&")
    older = client.get(f"/search/?q=theatre&{address}").content.decode()
    assert older.count('search-result"') == 1
    assert "theatre</mark> 0" in older
