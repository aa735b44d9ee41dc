"""Writes of one's own profile."""

from dataclasses import dataclass

import msgspec

from base.errors import Invalid
from live.registry import Written
from live.units import append
from members.actions.organisations import named_organisation
from members.actions.roles import appoint_founder, tell_roles
from members.events import ProfileChange
from members.models.people import Member
from members.profile import profile_errors
from members.queries.profiles import profile_now


@dataclass(frozen=True)
class Profile:
    """What a member says of themselves; `organisation` is a name, "" for none."""

    name: str
    organisation: str
    country: str
    languages: list[str]
    time_zone: str


def change_profile(*, actor: Member, change: ProfileChange) -> Written:
    """Change one's own profile inside a unit; one's open tabs are told.

    Raises:
        Invalid: `invalid`, with a message per field.
    """
    wrong = profile_errors(change)
    if wrong:
        raise Invalid(fields=wrong)
    given = msgspec.to_builtins(change)
    organisation = given.pop("organisation", None)
    if "name" in given:
        given["name"] = " ".join(given["name"].split())
    for name, value in given.items():
        setattr(actor, name, value)
    if organisation is not None and not _works_for(actor, organisation):
        actor.organisation, is_new = named_organisation(organisation, actor.country)
        if is_new and actor.organisation:
            appoint_founder(member=actor, organisation=actor.organisation)
            tell_roles(actor=actor, member_ids=[actor.pk])
    actor.save(update_fields=[*given, "organisation"])
    append(
        topic=f"member:{actor.pk}",
        event="member.changed",
        actor=actor,
        subject=actor,
        fresh=lambda: profile_now(actor),
    )
    return Written(subject=actor)


def _works_for(member: Member, name: str) -> bool:
    """Return whether the member's organisation has this name already, in whatever country."""
    current = member.organisation
    return current is not None and current.name.casefold() == " ".join(name.split()).casefold()
