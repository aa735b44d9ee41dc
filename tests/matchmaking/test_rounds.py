"""Meeting rounds through every door: run, mended, planned ahead, kept from everybody else."""

import csv
import io
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from base.errors import Conflict, Invalid, NotFound, Refusal
from live.log import heads
from live.models import Event
from live.registry import topic_kinds
from matchmaking.events.rounds import (
    ChangePresence,
    DropMeeting,
    NextRound,
    PlanAhead,
    PlanMeeting,
)
from matchmaking.models import Meeting, MeetingPlace, MeetingRound, MeetingSeat
from matchmaking.queries.rounds import as_event, shown_rounds
from matchmaking.vocabulary import MOST_ROUNDS
from members.models import Member
from moderation.models import Block
from tests import factories
from tests.matchmaking.meetings import do, people, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Member:
    return factories.member(name="Olga Organiser", is_organiser=True)


def tables(meeting: Meeting, number: int) -> list[set[int]]:
    seats = MeetingSeat.objects.filter(round__meeting=meeting, round__number=number)
    found: dict[int, set[int]] = {}
    for member, table in seats.exclude(table=None).values_list("place__member", "table"):
        found.setdefault(table or 0, set()).add(member)
    return [found[table] for table in sorted(found)]


def waiting(meeting: Meeting, number: int) -> list[tuple[int, str]]:
    seats = MeetingSeat.objects.filter(round__meeting=meeting, round__number=number, table=None)
    return sorted(seats.values_list("place__member", "why"))


def test_rounds_are_run_and_nobody_meets_twice(host: Member) -> None:
    crowd = people(6)
    meeting = planned(host, crowd)
    for _ in range(3):
        do(host, "meeting.next", NextRound(meeting=meeting.pk))
    meeting.refresh_from_db()
    assert meeting.current == 3
    met = [frozenset(table) for number in (1, 2, 3) for table in tables(meeting, number)]
    assert len(met) == len(set(met)) == 9
    country = {each.pk: each.country for each in crowd}
    assert all(len({country[pk] for pk in pair}) == 2 for pair in met)


def test_who_names_no_language_speaks_that_of_the_interface(host: Member) -> None:
    silent = factories.member(country="DE", languages=[])
    german = factories.member(country="EE", languages=[], locale="de")
    english = factories.member(country="FI", languages=["en-GB"])
    meeting = planned(host, [silent, german, english])
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    assert tables(meeting, 1) == [{silent.pk, english.pk}]
    assert waiting(meeting, 1) == [(german.pk, "language")]


def test_who_is_apart_never_meets(host: Member) -> None:
    first, second = people(2)
    Block.objects.create(blocker=second, blocked=first)
    meeting = planned(host, [first, second])
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    assert tables(meeting, 1) == []
    assert waiting(meeting, 1) == [(first.pk, "taken"), (second.pk, "taken")]


def test_late_and_absent_are_absorbed_and_others_keep_their_table(host: Member) -> None:
    crowd = people(6)
    meeting = planned(host, crowd)
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    before = tables(meeting, 1)
    absent = min(before[1])
    stays = max(before[1])
    other = {each.pk: each.country for each in crowd}[stays]
    abroad = "PL" if other != "PL" else "SE"
    late = factories.member(name="Late", country=abroad, languages=["en"])
    said = ChangePresence(meeting=meeting.pk, here=[late.pk], absent=[absent])
    do(host, "meeting.presence", said)
    after = tables(meeting, 1)
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] == {stays, late.pk}
    assert waiting(meeting, 1) == []
    assert MeetingPlace.objects.get(meeting=meeting, member=absent).is_here is False
    # Saying it again changes nothing, and nobody is told.
    count = Event.objects.count()
    do(host, "meeting.presence", said)
    assert Event.objects.count() == count


def test_rounds_are_planned_ahead_begun_in_order_and_dropped_by_a_change(host: Member) -> None:
    crowd = people(6)
    meeting = planned(host, crowd)
    do(host, "meeting.ahead", PlanAhead(meeting=meeting.pk, rounds=3))
    assert list(MeetingRound.objects.values_list("number", "is_proven")) == [
        (1, True), (2, True), (3, True),
    ]  # fmt: skip
    meeting.refresh_from_db()
    assert meeting.current == 0
    first = tables(meeting, 1)
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    assert tables(meeting, 1) == first
    do(host, "meeting.presence", ChangePresence(meeting=meeting.pk, absent=[crowd[0].pk]))
    assert list(MeetingRound.objects.values_list("number", flat=True)) == [1]
    meeting.refresh_from_db()
    assert len(as_event(meeting).rounds) == 1


def test_everybody_who_agreed_can_take_part(host: Member) -> None:
    willing = factories.member(consents=("directory", "matching"))
    factories.member()
    data = PlanMeeting(title="All", size=3, with_consenting=True)
    meeting = Meeting.objects.get(pk=do(host, "meeting.plan", data)["id"])
    assert list(meeting.places.values_list("member", flat=True)) == [willing.pk]


def test_what_cannot_be_is_refused_and_nothing_is_written(host: Member) -> None:
    crowd = people(2)
    meeting = planned(host, crowd)
    ids = [each.pk for each in crowd]
    guest = factories.member(kind="guest")
    wrong: list[tuple[str, msgspec.Struct, type[Refusal]]] = [
        ("meeting.plan", PlanMeeting(title=" ", size=2, members=ids), Invalid),
        ("meeting.plan", PlanMeeting(title="x", size=5, members=ids), Invalid),
        ("meeting.plan", PlanMeeting(title="x" * 121, size=2, members=ids), Invalid),
        ("meeting.plan", PlanMeeting(title="x", size=2), Invalid),
        ("meeting.plan", PlanMeeting(title="x", size=2, members=[guest.pk]), Invalid),
        ("meeting.plan", PlanMeeting(title="x", size=2, members=list(range(301))), Invalid),
        ("meeting.ahead", PlanAhead(meeting=meeting.pk, rounds=0), Invalid),
        ("meeting.ahead", PlanAhead(meeting=meeting.pk, rounds=11), Invalid),
        ("meeting.presence", ChangePresence(meeting=meeting.pk, here=[guest.pk]), Invalid),
        ("meeting.presence", ChangePresence(meeting=meeting.pk, here=ids, absent=ids), Invalid),
        ("meeting.next", NextRound(meeting=meeting.pk + 1), NotFound),
    ]
    before = (Meeting.objects.count(), MeetingPlace.objects.count(), Event.objects.count())
    for cmd, data, refusal in wrong:
        with pytest.raises(refusal):
            do(host, cmd, data)
    Meeting.objects.update(current=MOST_ROUNDS)
    for cmd, data in (
        ("meeting.next", NextRound(meeting=meeting.pk)),
        ("meeting.ahead", PlanAhead(meeting=meeting.pk, rounds=1)),
    ):
        with pytest.raises(Conflict) as caught:
            do(host, cmd, data)
        assert caught.value.code == "meeting.too_many_rounds"
    after = (Meeting.objects.count(), MeetingPlace.objects.count(), Event.objects.count())
    assert after == before
    assert MeetingRound.objects.count() == 0


WRITES = {
    "meeting.plan": PlanMeeting(title="x", size=2, members=[1]),
    "meeting.next": NextRound(meeting=1),
    "meeting.ahead": PlanAhead(meeting=1, rounds=1),
    "meeting.presence": ChangePresence(meeting=1),
    "meeting.drop": DropMeeting(meeting=1),
}


def test_only_organisers_and_staff_see_and_run_meetings(host: Member, client: Client) -> None:
    meeting = planned(host, people(2))
    page = reverse("matchmaking:meeting", args=[meeting.pk])
    api = f"/api/v1/meetings/{meeting.pk}/"
    reads = [
        page,
        reverse("matchmaking:meeting_table", args=[meeting.pk]),
        reverse("matchmaking:meetings"),
        reverse("matchmaking:meeting_plan"),
        api,
        "/api/v1/meetings/",
    ]
    member = factories.member()
    count = Event.objects.count()
    for cmd, shape in WRITES.items():
        is_of_one = "meeting" in shape.__struct_fields__
        data = msgspec.structs.replace(shape, meeting=meeting.pk) if is_of_one else shape
        with pytest.raises(Refusal) as caught:
            do(member, cmd, data)
        assert caught.value.status == (403 if cmd == "meeting.plan" else 404)
    assert Event.objects.count() == count
    standings = {
        "host": (host, [200] * 6),
        "staff": (factories.member(is_staff=True), [200] * 6),
        "member": (member, [404, 404, 403, 403, 404, 403]),
        "guest": (factories.member(kind="guest"), [404, 404, 404, 404, 403, 403]),
    }
    for actor, statuses in standings.values():
        client.force_login(actor)
        assert [client.get(address).status_code for address in reads] == statuses
    client.logout()
    assert [client.get(address).status_code for address in reads] == [302] * 4 + [401] * 2
    for address in ("step/", "presence/"):
        assert client.post(f"{page}{address}").status_code == 302
    assert MeetingRound.objects.count() == 0


def test_the_page_runs_a_meeting_and_gives_a_table_without_formulas(
    host: Member, client: Client
) -> None:
    crowd = people(2)
    Member.objects.filter(pk=crowd[0].pk).update(name="=cmd|' /C calc'!A0")
    client.force_login(host)
    typed = f"{crowd[0].email.upper()}\n{crowd[1].pk}\n\n"
    form = {"title": "Łódź <fair>", "size": "2", "members": typed}
    answer = client.post(reverse("matchmaking:meeting_plan"), form)
    meeting = Meeting.objects.get()
    page = reverse("matchmaking:meeting", args=[meeting.pk])
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert client.post(f"{page}step/", {"do": "next"}).status_code == 302
    html = client.get(page).content.decode()
    assert "Łódź &lt;fair&gt;" in html
    body = client.get(f"{page}rounds.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[1:] == [
        ["1", "1", "'=cmd|' /C calc'!A0", "", "DE"],
        ["1", "1", "P1", "", "EE"],
    ]
    # Whoever is not ticked is not there.
    client.post(f"{page}presence/", {"is_here": [str(crowd[0].pk)], "here": ""})
    assert waiting(meeting, 1) == [(crowd[0].pk, "alone")]
    for long in ("9" * 5000, "9" * 19):
        assert client.post(f"{page}presence/", {"here": long, "is_here": long}).status_code == 422
    wrong = client.post(f"{page}presence/", {"here": "nobody@example.org"})
    assert wrong.status_code == 422
    assert "nobody@example.org" in wrong.content.decode()
    assert client.post(f"{page}step/", {"do": "drop"}).status_code == 302
    assert Meeting.objects.count() == 0


def test_rest_says_what_the_page_does(host: Member, client: Client) -> None:
    crowd = people(4)
    client.force_login(host)
    data = {"title": "Fair", "size": 4, "members": [each.pk for each in crowd]}
    made = client.post("/api/v1/meetings/", data, content_type="application/json")
    assert made.status_code == 201
    address = f"/api/v1/meetings/{made.json()['id']}/"
    answer = client.post(f"{address}next/", content_type="application/json").json()
    assert answer["meeting"]["current"] == 1
    meeting = Meeting.objects.get()
    assert answer["rounds"] == msgspec.to_builtins(shown_rounds(meeting))
    absent = {"absent": [crowd[3].pk]}
    answer = client.post(f"{address}presence/", absent, content_type="application/json").json()
    assert (answer["meeting"]["here"], answer["meeting"]["taking_part"]) == (3, 4)
    ahead = {"rounds": 2}
    answer = client.post(f"{address}ahead/", ahead, content_type="application/json").json()
    assert [each["is_plan"] for each in answer["rounds"]] == [False, True, True]
    assert client.get("/api/v1/meetings/").json()["count"] == 1
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


def test_the_host_s_copy_kept_up_by_events_is_the_snapshot(host: Member) -> None:
    crowd = people(4)
    kind = topic_kinds()["member"]
    topic = f"member:{host.pk}"
    copy: dict[int, Any] = {}
    meeting = planned(host, crowd)
    dropped = planned(host, crowd)
    do(host, "meeting.next", NextRound(meeting=meeting.pk))
    do(factories.member(is_staff=True), "meeting.presence",
       ChangePresence(meeting=meeting.pk, absent=[crowd[0].pk]))  # fmt: skip
    do(host, "meeting.ahead", PlanAhead(meeting=meeting.pk, rounds=1))
    do(host, "meeting.drop", DropMeeting(meeting=dropped.pk))
    events = Event.objects.filter(topic__name=topic, event="meeting.changed").order_by("seq")
    for said in msgspec.to_builtins(kind.present(list(events))):
        copy.pop(said["id"], None)
        if said["meeting"] is not None:
            copy[said["id"]] = said["meeting"]
    fresh = msgspec.to_builtins(kind.snapshot(host, host.pk)["meetings"])
    assert copy == {each["id"]: each for each in fresh}
    assert [each["here"] for each in fresh] == [3]
    assert len(events) == heads([topic])[topic].seq == 6


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_few_and_many(
    count: int, host: Member, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        meeting = planned(host, people(2 * count))
    for _ in range(count):
        do(host, "meeting.next", NextRound(meeting=meeting.pk))
    client.force_login(host)
    page = reverse("matchmaking:meeting", args=[meeting.pk])
    client.get(page)
    costs = {page: 8, reverse("matchmaking:meetings"): 9, f"/api/v1/meetings/{meeting.pk}/": 9}
    for address, queries in costs.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
