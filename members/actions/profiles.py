"""Writes of one's own profile."""

from dataclasses import dataclass

import msgspec

from base.errors import Invalid
from base.text import one_line
from live.registry import Written
from members.actions.cards import is_in_sight, retell_cards
from members.actions.details import tell_profile, write_details
from members.actions.organisations import named_organisation
from members.actions.roles import appoint_founder, tell_roles
from members.details import detail_errors
from members.events import ProfileChange
from members.models.people import Member
from members.profile import profile_errors

OWN_COLUMNS = ("name", "country", "languages", "time_zone", "locale")


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
    wrong = profile_errors(change) | detail_errors(change)
    if wrong:
        raise Invalid(fields=wrong)
    said = msgspec.to_builtins(change)
    given = {name: said[name] for name in OWN_COLUMNS if name in said}
    organisation = said.get("organisation")
    if "name" in given:
        given["name"] = one_line(given["name"])
    if "languages" in given:
        given["languages"] = list(dict.fromkeys(given["languages"]))
    for name, value in given.items():
        setattr(actor, name, value)
    if organisation is not None and not _works_for(actor, organisation):
        actor.organisation, is_new = named_organisation(organisation, actor.country)
        if is_new and actor.organisation:
            appoint_founder(member=actor, organisation=actor.organisation)
            tell_roles(actor=actor, member_ids=[actor.pk])
    actor.save(update_fields=[*given, "organisation"])
    write_details(actor, change)
    tell_profile(actor)
    if is_in_sight(change):
        retell_cards([actor.pk])
    return Written(subject=actor)


def _works_for(member: Member, name: str) -> bool:
    """Return whether the member's organisation has this name already, in whatever country."""
    current = member.organisation
    return current is not None and current.name.casefold() == one_line(name).casefold()
