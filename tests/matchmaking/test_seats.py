"""Meeting rounds for those who take part: their own tables on page and REST, nobody else's."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from matchmaking.events.rounds import ChangePresence, NextRound, PlanAhead
from matchmaking.models import Meeting, MeetingSeat
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
    assert page.count("<time ") == 2
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
    client.force_login(crowd[1])
    page = client.get(reverse("matchmaking:own_tables", args=[meeting.pk])).content.decode()
    assert "you are not there" in page


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
    for address, queries in ((page, 6), (reverse("matchmaking:own_meetings"), 5)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_numbers_beyond_all_meetings_are_nobody_s(client: Client) -> None:
    client.force_login(factories.member())
    assert client.get(f"/api/v1/meetings/{10**30}/mine/").status_code == 404
