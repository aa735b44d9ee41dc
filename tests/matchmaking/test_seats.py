"""Meeting rounds for those who take part: own tables on page, REST and socket, nobody else's."""

from typing import Any

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from live.models import Event
from live.registry import topic_kinds
from matchmaking.events.rounds import ChangePresence, DropMeeting, NextRound, PlanAhead
from matchmaking.models import Meeting, MeetingSeat
from matchmaking.queries.seats import own_tables, tables_by_member
from members.models import Member
from tests import factories
from tests.matchmaking.meetings import do, people, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Member:
    return factories.member(is_organiser=True)


def run(host: Member, crowd: list[Member]) -> Meeting:
    """A meeting of which two rounds have begun and one is planned."""
    meeting = planned(host, crowd)
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    do(host, "meeting.ahead", PlanAhead(meeting=meeting.pk, rounds=1))
    return meeting


def test_who_takes_part_finds_their_tables_on_page_and_rest(host: Member, client: Client) -> None:
    crowd = people(6)
    meeting = run(host, crowd)
    client.force_login(crowd[0])
    shown = client.get(f"/api/v1/meetings/{meeting.pk}/mine/").json()
    assert shown["meeting"] == {
        "id": meeting.pk, "title": meeting.title, "size": 2, "current": 2, "is_here": True,
    }  # fmt: skip
    rounds = shown["rounds"]
    assert [each["number"] for each in rounds] == [1, 2, 3]
    assert [(each["is_plan"], each["begun_at"] is None) for each in rounds] == [
        (False, False), (False, False), (True, True),
    ]  # fmt: skip
    for each in rounds:
        seat = MeetingSeat.objects.get(
            round__meeting=meeting, round__number=each["number"], place__member=crowd[0]
        )
        mates = MeetingSeat.objects.filter(round=seat.round, table=seat.table).exclude(pk=seat.pk)
        assert each["table"] == seat.table
        ids = list(mates.values_list("place__member", flat=True))
        assert [card["id"] for card in each["others"]] == ids
        assert len(ids) == 1
    page = client.get(reverse("matchmaking:own_tables", args=[meeting.pk])).content.decode()
    assert f"You sit at table {rounds[1]['table']}." in page
    assert page.count("<time datetime") == 2
    assert client.get("/api/v1/meetings/mine/").json()["results"] == [shown["meeting"]]
    assert meeting.title in client.get(reverse("matchmaking:own_meetings")).content.decode()
    # Home leads there.
    assert reverse("matchmaking:own_tables", args=[meeting.pk]) in client.get("/").content.decode()


def test_who_waits_is_told_why_and_who_went_that_they_are_not_there(
    host: Member, client: Client
) -> None:
    crowd = people(2)
    meeting = run(host, crowd)
    gone = ChangePresence(meeting=meeting.pk, absent=[crowd[1].pk])
    do(host, "meeting.presence", gone)
    client.force_login(crowd[0])
    page = client.get(reverse("matchmaking:own_tables", args=[meeting.pk])).content.decode()
    assert "You wait in this round." in page
    assert "Nobody else is here." in page
    # What organisers read of others is said to oneself.
    assert "You have met everybody who would fit." in page
    assert "Has met everybody" not in page
    client.force_login(crowd[1])
    page = client.get(reverse("matchmaking:own_tables", args=[meeting.pk])).content.decode()
    assert "you are not there" in page


def told(before: int = 0) -> set[int]:
    """Who was told of their table, but for so many events."""
    rows = Event.objects.filter(event="tables.changed").order_by("at", "seq")
    return {row.data["member"] for row in rows[before:] if row.data}


def test_a_copy_kept_up_by_events_is_the_snapshot(host: Member) -> None:
    crowd = people(7)
    kind = topic_kinds()["member"]
    meeting, dropped = planned(host, crowd[:6]), planned(host, crowd)
    do(host, "meeting.next", NextRound(meeting=dropped.pk))
    do(host, "meeting.ahead", PlanAhead(meeting=meeting.pk, rounds=2))
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    late = ChangePresence(meeting=meeting.pk, here=[crowd[6].pk], absent=[crowd[0].pk])
    do(host, "meeting.presence", late)
    do(host, "meeting.drop", DropMeeting(meeting=dropped.pk))
    for each in crowd:
        events = Event.objects.filter(
            topic__name=f"member:{each.pk}", event="tables.changed"
        ).order_by("seq")
        fresh = msgspec.to_builtins(own_tables(each))
        shown = {tables["meeting"]["id"]: tables for tables in fresh}
        for start in range(len(events)):
            copy: dict[int, Any] = {}
            for said in msgspec.to_builtins(kind.present(list(events[start:]))):
                copy[said["id"]] = said["tables"]
            known = {pk: tables for pk, tables in copy.items() if tables is not None}
            assert known == {pk: shown[pk] for pk in known}
            assert start or known == shown
    assert [len(own_tables(each)) for each in crowd] == [1] * 7
    assert kind.snapshot(crowd[0], crowd[0].pk)["tables"] == own_tables(crowd[0])


def test_only_those_are_told_whose_table_changed(host: Member) -> None:
    crowd = people(6)
    meeting = planned(host, crowd)
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    before, count = tables_by_member(meeting.pk), Event.objects.filter(event="tables.changed").count
    everybody, last = {each.pk for each in crowd}, count()
    assert told() == everybody
    gone = crowd[0]
    (mate,) = [card.id for card in before[gone.pk].rounds[0].others]
    do(host, "meeting.presence", ChangePresence(meeting=meeting.pk, absent=[gone.pk]))
    assert told(last) == {gone.pk, mate}
    last = count()
    do(host, "meeting.ahead", PlanAhead(meeting=meeting.pk, rounds=1))
    assert told(last) == everybody
    # Nothing of anybody else's table is said on one's topic.
    after = tables_by_member(meeting.pk)
    names = {card.id for each in after[mate].rounds for card in each.others}
    assert names <= everybody - {mate}
    assert all(each.why in {"", "taken", "met"} for each in after[mate].rounds)


def test_nobody_else_sees_them(host: Member, client: Client) -> None:
    meeting = run(host, people(2))
    reads = [
        reverse("matchmaking:own_tables", args=[meeting.pk]),
        f"/api/v1/meetings/{meeting.pk}/mine/",
    ]
    # Whoever runs it and takes no part has no table.
    for actor, statuses in (
        (host, [404, 404]),
        (factories.member(), [404, 404]),
        (factories.member(is_staff=True), [404, 404]),
        (factories.member(kind="guest"), [404, 403]),
    ):
        client.force_login(actor)
        assert [client.get(address).status_code for address in reads] == statuses
        others = client.get("/api/v1/meetings/mine/")
        assert others.status_code == 403 or others.json()["results"] == []
    client.logout()
    assert [client.get(address).status_code for address in reads] == [302, 401]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_few_and_many(
    count: int, host: Member, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    crowd = people(2 * count)
    for _ in range(count):
        meeting = run(host, crowd)
    client.force_login(crowd[0])
    page = reverse("matchmaking:own_tables", args=[meeting.pk])
    client.get(page)
    with django_assert_num_queries(4):
        assert len(own_tables(crowd[0])) == count
    for address, queries in ((page, 8), (reverse("matchmaking:own_meetings"), 6)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_numbers_beyond_all_meetings_are_nobody_s(client: Client) -> None:
    client.force_login(factories.member())
    assert client.get(f"/api/v1/meetings/{10**30}/mine/").status_code == 404
