"""Profiles: one's own as the wire says it, and anybody's as far as their reader may see it.

`profile_for` and `profiles_for` are the one place where audiences are kept: pages, REST, the
directory and its table of figures show what these return and nothing else of a profile.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TypeVar

from base.errors import NotFound
from members.access.people import Actor, colleagues_of, is_member, is_staff, visible_members
from members.events import Card, Details, MemberChanged, ProfileLink, WorkingHours
from members.models.organisations import Organisation
from members.models.people import Member
from members.models.profiles import FIELDS, Profile, ProfileSector, SpokenLanguage
from members.pictures import Size, picture_address
from members.queries.cards import own_card
from members.queries.people import roles_of
from members.rules import Standing, audiences_seen
from members.sectors import in_order

Row = TypeVar("Row", SpokenLanguage, ProfileSector)
Value = TypeVar("Value")
IDENTITY = frozenset({"name", "organisation", "country"})
"""What those who run the site see of everybody."""


@dataclass(frozen=True)
class ShownProfile:
    """A profile as one reader sees it; what is hidden looks as if it were not said.

    Attributes:
        organisation: None where there is none, or it is hidden.
        picture: Address of the small picture, "" without one; `large_picture` of the large one.
        languages: BCP 47, the best known first.
        levels: By tag; languages whose level is not said are left out.
        working_hours: In the time zone that `time_zone` names, if that is shown.
        sectors: Codes, in the list's order.
        roles: `moderator`, `organiser` and `staff`, where they apply; for members only.
        fields: Those that this reader sees, said or not.
    """

    id: int
    name: str
    member: Member
    pronouns: str = ""
    picture: str = ""
    large_picture: str = ""
    organisation: Organisation | None = None
    country: str = ""
    languages: list[str] = field(default_factory=list)
    levels: dict[str, str] = field(default_factory=dict)
    time_zone: str = ""
    working_hours: WorkingHours | None = None
    interests: str = ""
    sectors: list[str] = field(default_factory=list)
    about: str = ""
    links: list[ProfileLink] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    joined_at: datetime | None = None
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Rows:
    """What is stored of the details of one member."""

    profile: Profile
    spoken: list[SpokenLanguage]
    sectors: list[str]


def profiles_now(members: Collection[Member]) -> dict[int, MemberChanged]:
    """Return members' own profiles as their event and snapshot say them, by id. Three queries."""
    rows = _rows(members)
    return {member.pk: _own(member, rows[member.pk]) for member in members}


def profile_now(member: Member) -> MemberChanged:
    """Return a member's own profile as its event and snapshot say it. Three queries."""
    return profiles_now([member])[member.pk]


def details_of(member: Member) -> Details:
    """Return the details of one's own profile. Three queries."""
    return profile_now(member).details


def profiles_for(viewer: Actor, members: Collection[Member]) -> list[ShownProfile]:
    """Return what the viewer sees of these members, in their order, with four queries at most.

    Whom the viewer may not even know by name is left out. That the viewer may see the members
    at all is what `members.access.visible_members` answers.
    """
    rows = _rows(members)
    near = colleagues_of(viewer, members)
    shown = []
    for member in members:
        fields = _fields_seen(viewer, member, rows[member.pk].profile, is_near=member.pk in near)
        if "name" in fields:
            shown.append(_shown(viewer, member, rows[member.pk], fields))
    return shown


def profile_for(viewer: Actor, member: Member) -> ShownProfile:
    """Return what the viewer sees of a member, organisation loaded. Four queries at most.

    Raises:
        NotFound: `not_found`, the viewer may not know this member by name.
    """
    shown = profiles_for(viewer, [member])
    if not shown:
        raise NotFound
    return shown[0]


def profile_of(viewer: Actor, member_id: int) -> ShownProfile:
    """Return what the viewer sees of the member with this id. Five queries at most.

    Raises:
        NotFound: `not_found`, there is none or the viewer may not see them.
    """
    member = visible_members(viewer).filter(pk=member_id).first()
    if member is None:
        raise NotFound
    return profile_for(viewer, member)


def _fields_seen(
    viewer: Actor, member: Member, profile: Profile, *, is_near: bool
) -> frozenset[str]:
    """The fields whose audience the viewer belongs to."""
    if is_member(viewer):
        standing = Standing.COLLEAGUE if is_near else Standing.MEMBER
        standing = Standing.SELF if viewer.pk == member.pk else standing
    else:
        standing = Standing.STRANGER
    audiences = audiences_seen(standing)
    seen = frozenset(name for name in FIELDS if profile.audience_of(name) in audiences)
    return seen | IDENTITY if is_staff(viewer) else seen


def _rows(members: Collection[Member]) -> dict[int, _Rows]:
    """The details of these members by id, in three queries."""
    ids = [member.pk for member in members]
    if not ids:
        return {}
    profiles = Profile.objects.in_bulk(ids)
    spoken = _by_member(SpokenLanguage.objects.filter(member__in=ids))
    sectors = _by_member(ProfileSector.objects.filter(member__in=ids))
    return {
        pk: _Rows(
            profiles.get(pk) or Profile(member_id=pk),
            spoken.get(pk, []),
            in_order(row.code for row in sectors.get(pk, [])),
        )
        for pk in ids
    }


def _by_member(rows: Iterable[Row]) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(row)
    return found


def _levels(rows: _Rows) -> dict[str, str]:
    return {row.language: row.level for row in rows.spoken if row.level}


def _links(profile: Profile) -> list[ProfileLink]:
    return [ProfileLink(url=link["url"], label=link["label"]) for link in profile.links]


def working_hours_of(profile: Profile) -> WorkingHours:
    """Return when a member works, as the wire says it."""
    return WorkingHours(
        days=[int(day) for day in profile.work_days],
        start=_clock(profile.work_from),
        end=_clock(profile.work_until),
    )


def _clock(moment: time | None) -> str:
    return moment.strftime("%H:%M") if moment else ""


def _own(member: Member, rows: _Rows) -> MemberChanged:
    profile = rows.profile
    return MemberChanged(
        id=member.pk,
        member=Card(**own_card(member)),
        languages=list(member.languages),
        time_zone=member.time_zone,
        locale=member.locale,
        details=Details(
            pronouns=profile.pronouns,
            picture=picture_address(member.pk, profile.picture, Size.SMALL),
            levels=_levels(rows),
            working_hours=working_hours_of(profile),
            interests=profile.interests,
            sectors=rows.sectors,
            about=profile.about,
            links=_links(profile),
            audiences={name: str(profile.audience_of(name)) for name in FIELDS},
        ),
    )


def _shown(viewer: Actor, member: Member, rows: _Rows, fields: frozenset[str]) -> ShownProfile:
    """The profile cut down to these fields."""

    def seen(name: str, value: Value, instead: Value) -> Value:
        return value if name in fields else instead

    profile, for_members = rows.profile, is_member(viewer)
    hours = working_hours_of(profile)
    digest = seen("picture", profile.picture, "")
    return ShownProfile(
        id=member.pk,
        name=member.name,
        member=member,
        pronouns=seen("pronouns", profile.pronouns, ""),
        picture=picture_address(member.pk, digest, Size.SMALL),
        large_picture=picture_address(member.pk, digest, Size.LARGE),
        organisation=seen("organisation", member.organisation, None),
        country=seen("country", member.country, ""),
        languages=seen("languages", list(member.languages), []),
        levels=seen("languages", _levels(rows), {}),
        time_zone=seen("time_zone", member.time_zone, ""),
        working_hours=seen("working_hours", hours if hours != WorkingHours() else None, None),
        interests=seen("interests", profile.interests, ""),
        sectors=seen("interests", rows.sectors, []),
        about=seen("about", profile.about, ""),
        links=seen("links", _links(profile), []),
        roles=roles_of(member) if for_members else [],
        joined_at=member.joined_at if for_members else None,
        fields=fields,
    )


def picture_of(member: Member) -> str:
    """Return the digest of a member's picture, "" without one. One query."""
    return Profile.objects.filter(member=member).values_list("picture", flat=True).first() or ""


def may_see(viewer: Actor, member: Member, name: str) -> bool:
    """Return whether the viewer sees this field of a member. At most two queries."""
    profile = Profile.objects.filter(member=member).first() or Profile(member=member)
    near = colleagues_of(viewer, [member])
    return name in _fields_seen(viewer, member, profile, is_near=member.pk in near)


def faces(viewer: Actor, member_ids: Collection[int]) -> dict[int, str]:
    """Return those of the members whose page the viewer may open, with their small picture.

    The picture is its address, "" where there is none for the viewer. At most three queries, none
    without ids.
    """
    if not member_ids:
        return {}
    members = list(visible_members(viewer).filter(pk__in=member_ids))
    drawn = Profile.objects.filter(member__in=members).exclude(picture="").in_bulk()
    near = colleagues_of(viewer, members)
    found = {member.pk: "" for member in members}
    for member in members:
        profile = drawn.get(member.pk)
        if profile is None:
            continue
        seen = _fields_seen(viewer, member, profile, is_near=member.pk in near)
        if "picture" in seen:
            found[member.pk] = picture_address(member.pk, profile.picture, Size.SMALL)
    return found
