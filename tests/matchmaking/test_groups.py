"""Project groups through every door: begun, joined, left, their boards, what is counted of them."""

from typing import Any

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from chat.models import Membership
from live.models import Event
from live.registry import topic_kinds
from matchmaking.events.groups import (
    AddPerson,
    BeginGroup,
    ChangeGroup,
    DropTask,
    LeaveGroup,
    SaveTask,
)
from matchmaking.models import Consortium, ConsortiumSeat, GroupTask, Introduction, ProjectGroup
from matchmaking.queries.groups import CooperatingPair, cooperating_pairs, group_states
from members.models import Member
from tests import factories
from tests.matchmaking.teams import House, do, house

pytestmark = pytest.mark.django_db


def agreed(*houses: House) -> Consortium:
    """A consortium to which all said yes; the first leads."""
    row = Consortium.objects.create(lead=houses[0].organisation, title="Harbours", state="agreed")
    for each in houses:
        ConsortiumSeat.objects.create(
            consortium=row, organisation=each.organisation, said="yes", by=each.person
        )
    return row


def introduced(one: House, other: House, state: str = "open") -> Introduction:
    first, second = sorted((one, other), key=lambda each: each.id)
    return Introduction.objects.create(
        first=first.profile,
        second=second.profile,
        state=state,
        first_by=first.person,
        second_by=second.person,
        opened_at=now(),
    )


@pytest.fixture
def pair() -> tuple[House, House]:
    return house("DE"), house("EE")


def begun(*houses: House) -> ProjectGroup:
    row = agreed(*houses)
    data = BeginGroup(organisation=houses[0].id, consortium=row.pk)
    return ProjectGroup.objects.get(pk=do(houses[0].person, "group.begin", data)["id"])


def board(group: ProjectGroup) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for task in group_states([group.pk])[group.pk].tasks:
        found.setdefault(task.state, []).append(task.title)
    return found


def save(member: Member, group: ProjectGroup, **said: Any) -> int:
    return int(do(member, "task.save", SaveTask(group=group.pk, **said))["id"])


def test_what_was_agreed_becomes_one_group_with_a_conversation(pair: tuple[House, House]) -> None:
    one, other = pair
    intro = introduced(one, other)
    first = do(one.person, "group.begin", BeginGroup(organisation=one.id, introduction=intro.pk))
    again = do(
        other.person, "group.begin", BeginGroup(organisation=other.id, introduction=intro.pk)
    )
    assert first["id"] == again["id"]
    group = ProjectGroup.objects.get()
    names = sorted(
        (one, other), key=lambda each: each.id
    )  # the introduction's sides stand by their ids
    assert group.title == " · ".join(each.organisation.name for each in names)
    inside = Membership.objects.inside().filter(channel=group.channel)
    people = {one.person.pk, other.person.pk}
    assert set(inside.values_list("member_id", flat=True)) == people
    assert group.channel is not None
    assert not group.channel.is_public
    assert {each.id for each in group_states([group.pk])[group.pk].people} == people


def test_only_what_all_agreed_to_becomes_a_group(pair: tuple[House, House]) -> None:
    one, other = pair
    waiting = introduced(one, other, state="accepted")
    proposed = agreed(one, other)
    Consortium.objects.update(state="proposed")
    stranger = house("FI")
    wrong: list[tuple[Member, BeginGroup, type[Refusal]]] = [
        (one.person, BeginGroup(organisation=one.id, introduction=waiting.pk), Conflict),
        (one.person, BeginGroup(organisation=one.id, consortium=proposed.pk), Conflict),
        (one.person, BeginGroup(organisation=one.id), Invalid),
        (one.person, BeginGroup(organisation=one.id, introduction=1, consortium=1), Invalid),
        (one.person, BeginGroup(organisation=one.id, consortium=2**62), NotFound),
        (stranger.person, BeginGroup(organisation=one.id, consortium=proposed.pk), Forbidden),
        (
            stranger.person,
            BeginGroup(organisation=stranger.id, consortium=proposed.pk),
            NotFound,
        ),
    ]
    count = Event.objects.count()
    for actor, data, refusal in wrong:
        with pytest.raises(refusal):
            do(actor, "group.begin", data)
    assert (ProjectGroup.objects.count(), Event.objects.count()) == (0, count)


def test_tasks_have_places(pair: tuple[House, House]) -> None:
    one, other = pair
    group = begun(one, other)
    first = save(one.person, group, title="Write")
    save(one.person, group, title="Call", who=other.person.pk)
    third = save(other.person, group, title="Paint")
    assert board(group) == {"todo": ["Write", "Call", "Paint"]}
    save(other.person, group, id=third, position=0)
    assert board(group) == {"todo": ["Paint", "Write", "Call"]}
    save(one.person, group, id=first, state="doing")
    assert board(group) == {"todo": ["Paint", "Call"], "doing": ["Write"]}
    save(one.person, group, id=third, state="doing", position=0)
    do(one.person, "task.drop", DropTask(group=group.pk, id=first))
    assert board(group) == {"todo": ["Call"], "doing": ["Paint"]}
    assert list(GroupTask.objects.values_list("title", "position", "who")) == [
        ("Paint", 0, None),
        ("Call", 0, other.person.pk),
    ]


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 5)), max_size=8))
def test_places_have_no_gaps(pair: tuple[House, House], steps: list[tuple[int, int, int]]) -> None:
    group = begun(*pair)
    member = pair[0].person
    ids = [save(member, group, title=f"t{number}") for number in range(4)]
    model = {"todo": list(ids), "doing": [], "done": []}
    for which, column, position in steps:
        state = list(model)[column]
        save(member, group, id=ids[which], state=state, position=position)
        for kept in model.values():
            if ids[which] in kept:
                kept.remove(ids[which])
        model[state].insert(min(position, len(model[state])), ids[which])
    for state, kept in model.items():
        rows = GroupTask.objects.filter(group=group, state=state).order_by("position")
        assert list(rows.values_list("pk", "position")) == [(pk, n) for n, pk in enumerate(kept)]


def test_colleagues_join_and_leave(pair: tuple[House, House]) -> None:
    one, other = pair
    group = begun(one, other)
    colleague = factories.member(name="Colleague")
    add = AddPerson(group=group.pk, member=colleague.pk)
    with pytest.raises(NotFound):
        do(one.person, "group.add", add)
    factories.appointment(member=colleague, organisation=other.organisation, role="editor")
    do(one.person, "group.add", add)
    count = Event.objects.count()
    do(one.person, "group.add", add)
    assert Event.objects.count() == count
    inside = Membership.objects.inside().filter(channel=group.channel)
    assert inside.filter(member=colleague).exists()
    task = save(one.person, group, title="Write", who=colleague.pk)
    do(colleague, "group.leave", LeaveGroup(group=group.pk))
    assert GroupTask.objects.get(pk=task).who_id is None
    assert not inside.filter(member=colleague).exists()
    with pytest.raises(NotFound):
        save(colleague, group, title="x")


def test_what_cannot_be_is_refused_and_nothing_is_written(pair: tuple[House, House]) -> None:
    one, other = pair
    group = begun(one, other)
    task = save(one.person, group, title="Write")
    outsider = factories.member()
    wrong: list[tuple[str, msgspec.Struct, type[Refusal]]] = [
        ("task.save", SaveTask(group=group.pk, title=" "), Invalid),
        ("task.save", SaveTask(group=group.pk), Invalid),
        ("task.save", SaveTask(group=group.pk, title="x" * 161), Invalid),
        ("task.save", SaveTask(group=group.pk, title="x", state="gone"), Invalid),
        ("task.save", SaveTask(group=group.pk, title="x", who=outsider.pk), Invalid),
        ("task.save", SaveTask(group=group.pk, id=task, position=-1), Invalid),
        ("task.save", SaveTask(group=group.pk, id=task + 1, title="x"), NotFound),
        ("task.drop", DropTask(group=group.pk, id=task + 1), NotFound),
        ("group.change", ChangeGroup(group=group.pk, title=""), Invalid),
        ("group.change", ChangeGroup(group=group.pk, ends_on="soon"), Invalid),
        ("group.change", ChangeGroup(group=group.pk, ends_on="2001-01-01"), Invalid),
    ]
    before = (msgspec.to_builtins(group_states([group.pk])[group.pk]), Event.objects.count())
    for cmd, data, refusal in wrong:
        with pytest.raises(refusal):
            do(one.person, cmd, data)
    commands = {
        "task.save": SaveTask(group=group.pk, id=task, title="x"),
        "task.drop": DropTask(group=group.pk, id=task),
        "group.change": ChangeGroup(group=group.pk, title="x"),
        "group.add": AddPerson(group=group.pk, member=outsider.pk),
        "group.leave": LeaveGroup(group=group.pk),
    }
    others = (outsider, factories.member(is_staff=True), factories.member(kind="guest"))
    for actor in others:
        for cmd, data in commands.items():
            with pytest.raises(NotFound):
                do(actor, cmd, data)
    assert before == (
        msgspec.to_builtins(group_states([group.pk])[group.pk]),
        Event.objects.count(),
    )
    do(one.person, "group.change", ChangeGroup(group=group.pk, is_closed=True))
    for cmd in ("task.save", "task.drop", "group.add"):
        with pytest.raises(Conflict) as caught:
            do(one.person, cmd, commands[cmd])
        assert caught.value.code == "group.closed"


def test_pairs_are_counted_with_both_sides_consent(pair: tuple[House, House]) -> None:
    one, other = pair
    third = house("FI")
    group = begun(one, other, third)
    ids = sorted(each.id for each in (one, other, third))
    assert cooperating_pairs() == [
        CooperatingPair(ids[0], ids[1], group.pk),
        CooperatingPair(ids[0], ids[2], group.pk),
        CooperatingPair(ids[1], ids[2], group.pk),
    ]
    other.person.consents.all().delete()
    assert cooperating_pairs() == [CooperatingPair(one.id, third.id, group.pk)]


def test_pages_and_rest_are_for_its_people_alone(pair: tuple[House, House], client: Client) -> None:
    one, other = pair
    row = agreed(one, other)
    client.force_login(one.person)
    made = client.post(
        reverse("matchmaking:group_begin"), {"organisation": one.id, "consortium": row.pk}
    )
    group = ProjectGroup.objects.get()
    page, api = reverse("matchmaking:group", args=[group.pk]), f"/api/v1/groups/{group.pk}/"
    assert (made.status_code, made.headers["Location"]) == (302, page)
    client.post(f"{page}tasks/", {"title": "<Write>", "state": "doing", "who": other.person.pk})
    assert "&lt;Write&gt;" in client.get(page).content.decode()
    task = GroupTask.objects.get()
    client.post(f"{page}tasks/", {"task": task.pk, "do": "move", "position": 0})
    wrong = client.post(f"{page}tasks/", {"title": ""})
    assert wrong.status_code == 422
    json: dict[str, Any] = {"content_type": "application/json"}
    assert client.post(f"{api}tasks/", {"title": "Paint"}, **json).status_code == 201
    patched = client.patch(f"{api}tasks/{task.pk}/", {"state": "done"}, **json).json()
    assert [(each["title"], each["state"]) for each in patched["tasks"]] == [
        ("Paint", "todo"),
        ("<Write>", "done"),
    ]
    assert client.patch(api, {"ends_on": "2030-01-31"}, **json).json()["ends_on"] == "2030-01-31"
    assert client.delete(f"{api}tasks/{task.pk}/").status_code == 204
    assert client.get("/api/v1/groups/").json()["count"] == 1
    client.post(f"{page}edit/", {"do": "close"})
    assert client.get(api).json()["is_closed"] is True
    for actor, statuses in (
        (factories.member(), [404, 404, 200]),
        (factories.member(is_staff=True), [404, 404, 200]),
        (factories.member(kind="guest"), [404, 403, 404]),
    ):
        client.force_login(actor)
        own = reverse("matchmaking:groups")
        assert [client.get(each).status_code for each in (page, api, own)] == statuses
        assert client.post(f"{page}tasks/", {"title": "x"}).status_code == 404
    client.force_login(other.person)
    assert client.post(f"{page}edit/", {"do": "leave"}).status_code == 302
    assert client.get(page).status_code == 404


def test_every_copy_kept_up_by_events_is_the_snapshot(pair: tuple[House, House]) -> None:
    one, other = pair
    group = begun(one, other)
    task = save(one.person, group, title="Write")
    save(other.person, group, id=task, state="done")
    do(one.person, "group.change", ChangeGroup(group=group.pk, title="Łódź", is_closed=True))
    do(other.person, "group.leave", LeaveGroup(group=group.pk))
    kind = topic_kinds()["member"]
    for member, count in ((one.person, 1), (other.person, 0)):
        events = Event.objects.filter(topic__name=f"member:{member.pk}", event="group.changed")
        copy: dict[int, Any] = {}
        for said in msgspec.to_builtins(kind.present(list(events.order_by("seq")))):
            copy.pop(said["id"], None)
            if said["group"] is not None:
                copy[said["id"]] = said["group"]
        fresh = msgspec.to_builtins(kind.snapshot(member, member.pk)["groups"])
        assert copy == {each["id"]: each for each in fresh}
        assert len(fresh) == count


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_few_and_many(
    count: int,
    pair: tuple[House, House],
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one, other = pair
    for _ in range(count):
        group = begun(one, other)
        for number in range(count):
            save(one.person, group, title=f"t{number}", who=other.person.pk)
    client.force_login(one.person)
    costs = {
        reverse("matchmaking:groups"): 10,
        reverse("matchmaking:group", args=[group.pk]): 11,
        "/api/v1/groups/": 8,
    }
    for address, queries in costs.items():
        client.get(address)
        with django_assert_num_queries(queries, info=address):
            assert client.get(address).status_code == 200


def test_saving_a_form_leaves_alone_what_it_did_not_change(pair: tuple[House, House]) -> None:
    row, client = begun(*pair), Client()
    client.force_login(pair[0].person)
    page = reverse("matchmaking:group", args=[row.pk])
    task = SaveTask(group=row.pk, title="Write")
    number = do(pair[0].person, "task.save", task)["id"]
    shown = client.get(page).content.decode()
    do(pair[1].person, "task.save", SaveTask(group=row.pk, id=number, state="done"))
    for field in ("was_title", "was_who", "was_state"):
        assert shown.count(f'name="{field}"') == (2 if field == "was_title" else 1)
    said = {"do": "save", "task": number, "title": "Write it", "who": "0", "state": "todo"}
    was = {"was_title": "Write", "was_who": "0", "was_state": "todo"}
    assert client.post(f"{page}tasks/", said | was).status_code == 302
    now_so = GroupTask.objects.values_list("title", "state").get(pk=number)
    assert now_so == ("Write it", "done")
    # An end that is over is nobody's mistake when the group is only called otherwise.
    ProjectGroup.objects.filter(pk=row.pk).update(ends_on="2020-01-01")
    said = {"do": "save", "title": "Other", "ends_on": "2020-01-01", "was_ends_on": "2020-01-01"}
    assert client.post(f"{page}edit/", said).status_code == 302
    assert ProjectGroup.objects.get(pk=row.pk).title == "Other"
