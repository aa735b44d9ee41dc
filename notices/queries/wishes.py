"""Reads of what members want to hear of, and in which language they read it."""

from collections.abc import Collection

from allauth.account.models import EmailAddress

from members.models import Member, SiteSettings
from members.queries import interface_languages
from members.vocabulary import MemberKind, Purpose
from notices.events import ConfigureNotices, NoticeSettings
from notices.kinds import Kind, kinds
from notices.models import Preferences, Subscription
from notices.rules import Digest, Quiet, Wishes, language_for, zone_named
from notices.vocabulary import Rhythm, Way


def preferences_of(member: Member) -> Preferences:
    """What a member chose; all as it comes where there is nothing yet. One query."""
    return Preferences.objects.filter(pk=member.pk).first() or Preferences(member=member)


def settings_now(chosen: Preferences) -> NoticeSettings:
    """Settings in the shape of the wire: every kind with its ways. No query."""
    return NoticeSettings(
        is_off=chosen.is_off,
        ways={
            kind.name: [way for way in Way.values if way in ways_of(kind, chosen)]
            for kind in kinds().values()
        },
        quiet_from=f"{chosen.quiet_from:%H:%M}" if chosen.quiet_from else None,
        quiet_to=f"{chosen.quiet_to:%H:%M}" if chosen.quiet_to else None,
        digest=chosen.digest,
        digest_hour=chosen.digest_hour,
        digest_day=chosen.digest_day,
        push_says=chosen.push_says,
    )


def ways_of(kind: Kind, chosen: Preferences) -> frozenset[str]:
    """The ways by which a kind comes to whoever chose this."""
    return frozenset(chosen.ways.get(kind.name, kind.defaults))


def without(member: Member, way: Way, names: Collection[str]) -> ConfigureNotices:
    """The change of settings by which nothing of these kinds comes this way any more.

    For the digest, which has no kinds to its reader, it means none at all. One query.
    """
    if way == Way.DIGEST:
        return ConfigureNotices(digest=Rhythm.NEVER)
    ways = settings_now(preferences_of(member)).ways
    return ConfigureNotices(
        ways={name: [each for each in ways[name] if each != way] for name in names if name in ways}
    )


def members_to_tell(ids: Collection[int]) -> dict[int, Member]:
    """Those of these members who are told anything at all. One query."""
    rows = Member.objects.filter(pk__in=ids, is_active=True, kind=MemberKind.MEMBER)
    return {row.pk: row for row in rows}


def wishes_of(members: Collection[Member]) -> dict[int, Wishes]:
    """What these members want, by id. A constant number of queries."""
    ids = [member.pk for member in members]
    chosen = Preferences.objects.in_bulk(ids)
    consenting = set(
        Member.objects.consenting(Purpose.DIGEST).filter(pk__in=ids).values_list("pk", flat=True)
    )
    pushed = set(
        Subscription.objects.filter(member__in=ids).values_list("member_id", flat=True).distinct()
    )
    unverified = set(
        EmailAddress.objects.filter(user_id__in=ids, primary=True, verified=False).values_list(
            "user_id", flat=True
        )
    )
    return {
        member.pk: _wishes(
            member,
            chosen.get(member.pk) or Preferences(member=member),
            can_mail=member.pk not in unverified,
            can_digest=member.pk in consenting,
            can_push=member.pk in pushed,
        )
        for member in members
    }


def _wishes(
    member: Member, chosen: Preferences, *, can_mail: bool, can_digest: bool, can_push: bool
) -> Wishes:
    quiet = None
    if chosen.quiet_from is not None and chosen.quiet_to is not None:
        quiet = Quiet(chosen.quiet_from, chosen.quiet_to)
    return Wishes(
        zone=zone_named(member.time_zone),
        ways={kind: frozenset(Way(way) for way in ways) for kind, ways in chosen.ways.items()},
        is_off=chosen.is_off,
        quiet=quiet,
        digest=Digest(Rhythm(chosen.digest), chosen.digest_hour, chosen.digest_day),
        can_mail=can_mail,
        can_digest=can_digest,
        can_push=can_push,
    )


def language_of(member: Member, site: SiteSettings) -> str:
    """The language in which a member reads what we say when there is no browser to ask."""
    offered = [code for code, _name in interface_languages(site)]
    return language_for(member.locale, member.languages, offered)
