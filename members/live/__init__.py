"""The socket's door to members: the topic `member:<id>`, one's own, and its commands.

Apps above say more on the same topic (memberships, notifications): they declare their events, their
commands and their part of the snapshot here, from their `apps.py`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec

from base.errors import NotFound
from live.models import Event
from live.registry import (
    Command,
    EventData,
    People,
    Reach,
    TopicKind,
    Written,
    register_command,
    register_people,
    register_topic,
)
from live.rows import fetch
from live.showing import subjects
from members.actions import change_profile, give_consent, withdraw_consent
from members.events import (
    ConsentChanged,
    GiveConsent,
    MemberChanged,
    ProfileChange,
    WithdrawConsent,
)
from members.models import Member, Organisation
from members.queries import (
    consents_now,
    consents_of_events,
    member_cards,
    profile_now,
    profiles_now,
)

Present = Callable[[Sequence[Event]], Sequence[Any]]

_events: dict[str, type[EventData]] = {"member.changed": MemberChanged}
_presents: dict[str, Present] = {}
_parts: dict[str, Callable[[Member], Any]] = {}
_own_commands: list[str] = []


def declare_event(name: str, data: type[EventData], present: Present) -> None:
    """Let an app above say this event on `member:<id>`.

    `present` takes events of this name and returns their data as it is now, by position, None
    for what is gone, in a constant number of queries.
    """
    _events[name] = data
    _presents[name] = present


def declare_part(name: str, read: Callable[[Member], Any]) -> None:
    """Let an app above add a part of this name to the snapshot of `member:<id>`."""
    _parts[name] = read


def declare_command(
    name: str,
    data: type[msgspec.Struct],
    run: Callable[[Any, Any], Written | None],
    concerns: Callable[[Any], Collection[int]] | None = None,
) -> None:
    """Let an app above take this command on `member:<id>`, from the member whose topic it is.

    `run` takes the member and the data and calls the action. `concerns` says from the data who
    else will hear of it, so that two who act on each other at once do not wait for each other.
    """

    def of_ones_own(actor: Any, member_id: int, said: Any) -> Written | None:
        if member_id != actor.pk:
            raise NotFound
        return run(actor, said)

    def topics(said: Any) -> list[str]:
        return [f"member:{pk}" for pk in concerns(said)] if concerns else []

    register_command(
        Command(
            name=name,
            kind="member",
            data=data,
            run=of_ones_own,
            concerns=topics if concerns else None,
        )
    )
    _own_commands.append(name)
    _own_commands.sort()


def _reach(actor: Any, ids: Collection[int]) -> Mapping[int, Reach]:
    """One's own topic and no other."""
    return {actor.pk: Reach(can=tuple(_own_commands))} if actor.pk in ids else {}


def _readers(member_id: int, member_ids: Collection[int]) -> Mapping[int, Reach]:
    """The member whose topic it is."""
    return {member_id: Reach(can=tuple(_own_commands))} if member_id in member_ids else {}


def _snapshot(actor: Any, member_id: int) -> dict[str, Any]:
    """One's profile, and what the apps above add."""
    member = Member.objects.select_related("organisation").get(pk=member_id)
    return {"profile": profile_now(member)} | {name: part(member) for name, part in _parts.items()}


def _present(events: Sequence[Event]) -> Sequence[Any]:
    """What each event shows now: one call per name of event."""
    places: dict[str, list[int]] = {}
    for place, event in enumerate(events):
        places.setdefault(event.event, []).append(place)
    shown: list[Any] = [None] * len(events)
    for name, at in places.items():
        for place, data in zip(at, _presents[name]([events[i] for i in at]), strict=True):
            shown[place] = data
    return shown


def _present_profiles(events: Sequence[Event]) -> Sequence[MemberChanged | None]:
    members = Member.objects.select_related("organisation").in_bulk(subjects(events))
    found = [members.get(event.subject or 0) for event in events]
    now = profiles_now(list(members.values()))
    return [now[member.pk] if member else None for member in found]


def _present_consents(events: Sequence[Event]) -> Sequence[ConsentChanged | None]:
    known = consents_of_events(event.subject or 0 for event in events)
    found = [known.get(event.subject or 0) for event in events]
    return [ConsentChanged(purpose=one[0], consent=one[1]) if one else None for one in found]


def _give_consent(actor: Any, data: GiveConsent) -> Written:
    return give_consent(actor=actor, purpose=data.purpose, version=data.version)


def _withdraw_consent(actor: Any, data: WithdrawConsent) -> Written:
    return withdraw_consent(actor=actor, purpose=data.purpose)


def _change_profile(actor: Any, data: ProfileChange) -> Written:
    return change_profile(actor=actor, change=data)


def _actors(ids: Collection[int]) -> Mapping[int, Member]:
    """Members with their organisations, in two queries: every write asks for its actor."""
    members = {row.pk: row for row in fetch(Member, ("id",), [(pk,) for pk in ids])}
    employers = {row.organisation_id for row in members.values() if row.organisation_id}
    houses = {row.pk: row for row in fetch(Organisation, ("id",), [(pk,) for pk in employers])}
    for row in members.values():
        row.organisation = houses.get(row.organisation_id or 0)
    return members


def register() -> None:
    """Tell the live core how members are loaded, of their topic and of its command."""
    register_people(People(actors=_actors, cards=member_cards))
    _presents["member.changed"] = _present_profiles
    register_topic(
        TopicKind(
            name="member",
            reach=_reach,
            readers=_readers,
            snapshot=_snapshot,
            present=_present,
            events=_events,
        )
    )
    declare_command("profile.change", ProfileChange, _change_profile)
    declare_event("consent.changed", ConsentChanged, _present_consents)
    declare_part("consents", consents_now)
    declare_command("consent.give", GiveConsent, _give_consent)
    declare_command("consent.withdraw", WithdrawConsent, _withdraw_consent)
