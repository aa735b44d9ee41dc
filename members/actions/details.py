"""Writes of the details of one's own profile, as part of `members.actions.profiles`."""

from typing import Any, Final

import msgspec
from django.core.files.base import ContentFile
from django.db import transaction

from live.registry import Written
from live.units import append, unit
from members.actions.cards import retell_cards
from members.details import clock_time
from members.events import ProfileChange, WorkingHours
from members.models.people import Member
from members.models.profiles import Profile, ProfileSector, SpokenLanguage
from members.pictures import delete_picture, store_picture
from members.queries.profiles import profile_now
from members.rules import FOR_MEMBERS
from members.sectors import in_order

ON_CARDS: Final = ("organisation", "country")
"""The fields of a profile that stand beside what its member writes, the name apart."""


def write_details(member: Member, change: ProfileChange) -> None:
    """Write the details that a checked change names; what it leaves out stays."""
    values = _columns(change)
    if values:
        profile, _made = Profile.objects.update_or_create(member=member, defaults=values)
        if change.audiences is not msgspec.UNSET:
            _hide_on_card(member, profile)
    if change.sectors is not msgspec.UNSET:
        ProfileSector.objects.filter(member=member).delete()
        codes = in_order(set(change.sectors))
        ProfileSector.objects.bulk_create(ProfileSector(member=member, code=c) for c in codes)
    if change.languages is not msgspec.UNSET or change.levels is not msgspec.UNSET:
        _write_languages(member, change)


def _hide_on_card(member: Member, profile: Profile) -> None:
    """Keep the member's card in step with what the profile hides from other members."""
    hidden = [name for name in ON_CARDS if profile.audience_of(name) not in FOR_MEMBERS]
    member.card_hides = " ".join(hidden)
    member.save(update_fields=["card_hides"])


def write_languages(member: Member, levels: dict[str, str]) -> None:
    """Write the languages that a member speaks, in this order, with their levels."""
    SpokenLanguage.objects.filter(member=member).delete()
    SpokenLanguage.objects.bulk_create(
        SpokenLanguage(member=member, language=tag, level=level) for tag, level in levels.items()
    )


def _write_languages(member: Member, change: ProfileChange) -> None:
    """Bring the rows in step with `Member.languages`; known levels stay unless they are given."""
    known = dict(SpokenLanguage.objects.filter(member=member).values_list("language", "level"))
    if change.levels is not msgspec.UNSET:
        known |= change.levels
    write_languages(member, {tag: known.get(tag, "") for tag in member.languages})


def _columns(change: ProfileChange) -> dict[str, Any]:
    """The columns of `Profile` that a change names."""
    values = {
        name: getattr(change, name).strip()
        for name in ("pronouns", "interests", "about")
        if getattr(change, name) is not msgspec.UNSET
    }
    if change.working_hours is not msgspec.UNSET:
        values |= _hours(change.working_hours)
    if change.links is not msgspec.UNSET:
        values["links"] = [
            {"label": " ".join(link.label.split()), "url": link.url} for link in change.links
        ]
    if change.audiences is not msgspec.UNSET:
        values |= {f"{name}_audience": said for name, said in change.audiences.items()}
    return values


def _hours(hours: WorkingHours) -> dict[str, Any]:
    return {
        "work_days": "".join(str(day) for day in sorted(hours.days)),
        "work_from": clock_time(hours.start),
        "work_until": clock_time(hours.end),
    }


def change_picture(*, actor: Member, sent: ContentFile[bytes] | None) -> None:
    """Show a picture that was drawn anew on one's profile; None shows none."""
    digest = store_picture(actor.pk, sent) if sent is not None else ""
    with unit():
        set_picture(actor=actor, digest=digest)


def set_picture(*, actor: Member, digest: str) -> Written:
    """Show a stored picture on one's profile inside a unit, or none for ""; the old one goes."""
    profile, _made = Profile.objects.get_or_create(member=actor)
    old, profile.picture = profile.picture, digest
    if old != digest:
        profile.save(update_fields=["picture"])
        transaction.on_commit(lambda: delete_picture(actor.pk, old))
        tell_profile(actor)
        retell_cards([actor.pk])
    return Written(subject=actor)


def tell_profile(actor: Member) -> None:
    """Tell one's open tabs what the profile is now."""
    now = profile_now(actor)
    append(
        topic=f"member:{actor.pk}",
        event="member.changed",
        actor=actor,
        subject=actor,
        fresh=lambda: now,
    )
