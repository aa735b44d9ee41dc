"""The topic `member:<id>`: who reaches it, its snapshot, its event, and the event law."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from base.errors import Invalid, NotFound
from live.log import Range, heads, read
from live.models import Event
from live.performing import perform
from live.registry import commands, load_actors, load_cards, reach_of, topic_kinds
from members.events import ProfileChange
from members.models import Member, Organisation
from tests import factories

pytestmark = pytest.mark.django_db


def change(member: Member, key: UUID | None = None, **fields: Any) -> dict[str, Any]:
    """Send `profile.change` for a member to their own topic."""
    return perform(
        actor=member,
        key=key,
        cmd="profile.change",
        topic=f"member:{member.pk}",
        data=ProfileChange(**fields),
    )


def snapshot(member: Member) -> Any:
    """The snapshot of the member's topic as it goes on the wire."""
    return msgspec.to_builtins(topic_kinds()["member"].snapshot(member, member.pk))


def events(member: Member, since: int = 0) -> list[dict[str, Any]]:
    """Data of the events of the member's topic after `since`."""
    topic = f"member:{member.pk}"
    head = heads([topic])[topic]
    entries = read([Range(topic, head.id, since)])[topic]
    return [msgspec.json.decode(entry.data) for entry in entries]


def test_topic_is_reached_by_its_member_only() -> None:
    member, other = factories.member(), factories.member(is_staff=True)
    topic = f"member:{member.pk}"
    own = [command.name for command in commands() if command.kind == "member"]
    assert reach_of(member, topic).can == tuple(sorted(own))
    with pytest.raises(NotFound):
        reach_of(other, topic)
    kind = topic_kinds()["member"]
    assert list(kind.readers(member.pk, [member.pk, other.pk])) == [member.pk]


def test_change_of_another_profile_is_not_found() -> None:
    member, other = factories.member(name="Anna"), factories.member(is_staff=True)
    with pytest.raises(NotFound):
        perform(
            actor=other,
            cmd="profile.change",
            topic=f"member:{member.pk}",
            data=ProfileChange(name="Eve"),
        )
    member.refresh_from_db()
    assert (member.name, Event.objects.count()) == ("Anna", 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " Anna   Tamm "},
        {"name": "Annika\u202e\u200b", "organisation": "L\u2066oom"},
        {"organisation": "A new studio"},
        {"organisation": ""},
        {"organisation": "LOOM"},
        {"country": "LV", "languages": ["lv", "en"], "time_zone": "Europe/Riga", "locale": "de"},
        {"country": "LV", "organisation": "Loom"},
    ],
)
def test_old_snapshot_and_event_give_the_fresh_snapshot(fields: dict[str, Any]) -> None:
    member = factories.member(name="Anna", organisation="Loom", languages=["et"])
    old = snapshot(member)
    change(member, **fields)
    state = old | {"profile": old["profile"]}
    for data in events(member):
        # All roles are said whole, as the profile is.
        state |= {"roles": data["roles"]} if "roles" in data else {"profile": data}
    member.refresh_from_db()
    assert state == snapshot(member)
    assert state["profile"] != old["profile"] or fields == {"organisation": "LOOM"}


def test_organisation_stays_the_same_row_when_only_the_country_changes() -> None:
    member = factories.member(organisation="Loom", country="EE")
    change(member, organisation="Loom", country="LV")
    assert list(Organisation.objects.values_list("name", "country")) == [("Loom", "EE")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "  "}, ["name"]),
        ({"name": "\u202e\u200b"}, ["name"]),
        ({"name": "x" * 121}, ["name"]),
        ({"organisation": "x" * 161}, ["organisation"]),
        ({"name": "a\0b", "organisation": "\0"}, ["name", "organisation"]),
        ({"country": "EU", "time_zone": "CET6"}, ["country", "time_zone"]),
        ({"languages": ["et"] * 21}, ["languages"]),
        ({"languages": ["Estonian"]}, ["languages"]),
        ({"locale": "fr"}, ["locale"]),
    ],
)
def test_change_refuses_bad_values(fields: dict[str, Any], wrong: list[str]) -> None:
    member = factories.member()
    with pytest.raises(Invalid) as caught:
        change(member, **fields)
    assert sorted(caught.value.fields) == wrong
    assert Event.objects.count() == 0


def test_change_is_done_once_per_key() -> None:
    member, key = factories.member(), UUID(int=7)
    first = change(member, key, name="Anna")
    again = change(member, key, name="Anna")
    assert again == first | {"replayed": True}
    assert len(events(member)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_actors_and_cards_cost_the_same_for_any_number(
    django_assert_num_queries: Any, count: int
) -> None:
    people = [factories.member(name=f"M{n}", organisation=f"O{n}") for n in range(count)]
    ids = [person.pk for person in people]
    with django_assert_num_queries(2):
        actors = load_actors(ids)
        assert [actors[pk].organisation.name for pk in ids] == [f"O{n}" for n in range(count)]
    with django_assert_num_queries(1):
        cards = load_cards([*ids, 10**9])
    assert list(cards.values()) == [
        {
            "id": pk,
            "name": f"M{n}",
            "organisation": f"O{n}",
            "country": "EE",
            "organisation_id": people[n].organisation_id,
        }
        for n, pk in enumerate(ids)
    ]
