"""What a search finds, and for whom: words of every language, filters, pages, rights."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from base.errors import Invalid
from chat.actions import channels
from chat.models import Channel, Membership, Message
from live.units import unit
from members.models import Member
from search.grammar import parse
from search.queries import find
from tests import factories
from tests.search.conftest import found, index, let_in, room, say


def stems(*ids: int) -> list[int]:
    """What PostgreSQL finds by its stems, and SQLite does not."""
    return list(ids) if connection.vendor == "postgresql" else []


def test_words_phrases_beginnings_and_what_is_left_out(anna: Member) -> None:
    channel = room(anna)
    one = say(anna, channel, "open call for puppet theatres")
    two = say(anna, channel, "call me when the theatre is open")
    index()
    assert found(anna, "open call") == [two, one]
    assert found(anna, '"open call"') == [one]
    assert found(anna, "pupp*") == [one]
    assert found(anna, "call -puppet") == [two]
    assert found(anna, 'call -"open call"') == [two]
    assert found(anna, "call -pupp* -when") == []


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("en", "Three exhibitions", "exhibition"),
        ("de", "Die Ausstellungen in Hamburg", "Ausstellung"),
        ("sv", "Flera utställningar", "utställning"),
        ("da", "Udstillingerne i Aarhus", "udstilling"),
        ("fi", "Helsingissä on näyttelyitä", "näyttely"),
        ("lt", "Vilniuje vyksta parodos", "paroda"),
        ("ru", "Выставки современного искусства", "выставка"),
    ],
)
def test_other_forms_of_a_word(anna: Member, language: str, text: str, query: str) -> None:
    said = say(anna, room(anna), text, language=language)
    index()
    assert found(anna, query) == stems(said)
    assert found(anna, text) == [said]


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("et", "Näitus Tartus: kõik on oodatud", "naitus koik"),
        ("pl", "Wystawa w Łodzi, zażółć gęślą jaźń", "lodzi zazolc GESLA"),
        ("lv", "Izstāde Rīgā", "Riga* izstade"),
        ("da", "Rød grød med fløde på Ærø", "rod grod aero"),
        ("de", "Die Straße nach Lübeck", "strasse lubeck"),
        ("en", "the not or and", "the"),
        ("", "日本語 テスト", "日本語"),
        ("ru", "Ёлка и йод", "елка иод"),
    ],
)
def test_accents_make_no_difference(anna: Member, language: str, text: str, query: str) -> None:
    said = say(anna, room(anna), text, language=language)
    index()
    assert found(anna, query) == [said]


def test_filters(anna: Member) -> None:
    ilze = factories.member(name="Ilze Kalniņa")
    harbour, calls = room(anna), room(anna, "Open calls")
    let_in(anna, harbour, ilze)
    link = say(anna, harbour, "theatre https://example.org", language="en")
    plain = say(ilze, harbour, "theatre", language="lv")
    other = say(anna, calls, "theatre", language="et")
    times = {link: 1, plain: 2, other: 3}
    for pk, day in times.items():
        Message.objects.filter(pk=pk).update(posted_at=datetime(2026, 5, day, 12, tzinfo=UTC))
    index()
    wanted = {
        "theatre": [other, plain, link],
        "has:link": [link],
        "has:file": [],
        "from:ilze": [plain],
        "from:me": [other, link],
        "from:ilze from:me theatre": [other, plain, link],
        "in:harbour": [plain, link],
        'in:"open calls"': [other],
        "in:harbour in:open": [other, plain, link],
        "lang:lv": [plain],
        "lang:lv lang:et": [other, plain],
        "on:2026-05-02": [plain],
        "after:2026-05-02": [other, plain],
        "before:2026-05-02": [link],
        "after:2026-05 before:2026-06": [other, plain, link],
    }
    assert {query: found(anna, query) for query in wanted} == wanted


def test_days_are_the_readers(anna: Member) -> None:
    from django.utils import timezone

    said = say(anna, room(anna), "late")
    Message.objects.update(posted_at=datetime(2026, 5, 1, 22, 30, tzinfo=UTC))
    index()
    with timezone.override("Europe/Tallinn"):
        assert (found(anna, "on:2026-05-01"), found(anna, "on:2026-05-02")) == ([], [said])
    with timezone.override("UTC"):
        assert (found(anna, "on:2026-05-01"), found(anna, "on:2026-05-02")) == ([said], [])


@pytest.mark.parametrize("query", ["from:nobody", "in:nowhere"])
def test_a_name_that_stands_for_nothing_is_said(anna: Member, query: str) -> None:
    with pytest.raises(Invalid) as refused:
        find(anna, parse(query))
    assert refused.value.code == "search.query"


def test_only_what_one_may_read_is_found(anna: Member) -> None:
    private = room(anna, "Desk", is_public=False)
    inside, removed, outside = (factories.member() for _ in range(3))
    guest = factories.member(kind="guest")
    for member in (inside, removed):
        let_in(anna, private, member)
    said = say(anna, private, "theatre")
    index()
    with unit():
        channels.remove_member(actor=anna, channel_id=private, member_id=removed.pk)
    people = (anna, inside, removed, outside, guest)
    assert [found(each, "theatre") for each in people] == [[said], [said], [], [], []]
    with pytest.raises(Invalid):
        find(outside, parse("in:desk"))


def test_who_was_removed_from_a_public_room_finds_nothing_there(anna: Member) -> None:
    public = room(anna)
    other = factories.member()
    said = say(anna, public, "theatre")
    index()
    assert found(other, "theatre") == [said]
    Membership.objects.create(channel=Channel.objects.get(), member=other, role="out")
    assert found(other, "theatre") == []


def test_pages_follow_one_another_without_gap_or_repetition(anna: Member) -> None:
    channel = room(anna)
    said = [say(anna, channel, f"theatre {n}") for n in range(7)]
    Message.objects.update(posted_at=datetime(2026, 5, 1, tzinfo=UTC))
    index()
    got, after = [], None
    while True:
        results = find(anna, parse("theatre"), after=after, limit=3)
        got.append([each.found.id for each in results.results])
        after = results.after
        if after is None:
            break
        say(anna, channel, "a newer theatre")
        index()
    assert got == [said[6:3:-1], said[3:0:-1], said[:1]]


def test_a_page_that_is_just_full_is_the_last(anna: Member) -> None:
    channel = room(anna)
    for n in range(3):
        say(anna, channel, f"theatre {n}")
    index()
    assert find(anna, parse("theatre"), limit=3).after is None
