"""Reads of the members app.

`member_card` is the wire's shape of an author: it is the same in events, snapshots and REST rows.
"""

from collections.abc import Iterable
from typing import TypedDict

from django.db.models import Q, QuerySet

from base.clock import now
from base.languages import SITE_LANGUAGES
from live.models import AccessToken
from members.access import Actor, visible_members
from members.events import Card, MemberChanged
from members.models import Invitation, Member, MemberQuerySet, Organisation, SiteSettings
from members.rules import invitation_hash


class MemberCard(TypedDict):
    """How a member is named wherever something is theirs; `organisation` is a name or "".

    Marks are drawn from `organisation_id`, None where there is no organisation.
    """

    id: int
    name: str
    organisation: str
    country: str
    organisation_id: int | None


def member_card(member: Member) -> MemberCard:
    """Return the card of a member; one query if the organisation was not loaded with it."""
    organisation = member.organisation
    return {
        "id": member.pk,
        "name": member.name,
        "organisation": organisation.name if organisation else "",
        "country": member.country,
        "organisation_id": organisation.pk if organisation else None,
    }


def member_cards(ids: Iterable[int]) -> dict[int, MemberCard]:
    """Return the cards of these members by id, in one query (none for no ids).

    Ids that name nobody are left out.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    rows = Member.objects.filter(pk__in=wanted).values_list(
        "id", "name", "organisation__name", "country", "organisation_id"
    )
    return {
        pk: {
            "id": pk,
            "name": name,
            "organisation": organisation or "",
            "country": country,
            "organisation_id": organisation_id,
        }
        for pk, name, organisation, country, organisation_id in rows
    }


def profile_now(member: Member) -> MemberChanged:
    """Return a member's own profile as its event and snapshot say it."""
    return MemberChanged(
        id=member.pk,
        member=Card(**member_card(member)),
        languages=list(member.languages),
        time_zone=member.time_zone,
        locale=member.locale,
    )


def site_settings() -> SiteSettings:
    """Return the site's settings, or the defaults before it is set up. One query."""
    return SiteSettings.objects.filter(pk=1).first() or SiteSettings()


def is_first_run() -> bool:
    """Return whether nobody has set this instance up yet. At most two queries.

    An instance that has members was set up on the command line.
    """
    return not site_settings().is_set_up and not Member.objects.exists()


def interface_languages(site: SiteSettings) -> list[tuple[str, str]]:
    """Return the languages that the site offers, code and own name, in the project's order."""
    return [
        (code, name)
        for code, name in SITE_LANGUAGES.items()
        if not site.languages or code in site.languages
    ]


def listed_members(actor: Actor, *, search: str = "", country: str = "") -> MemberQuerySet:
    """Return the members whom the actor may see in lists, by name, organisations loaded.

    Each word of `search` must stand in the name or in the organisation's name.
    """
    members = visible_members(actor).listed()
    for word in search.split():
        members = members.filter(_has_word("name", word) | _has_word("organisation__name", word))
    return members.filter(country=country) if country else members


def _has_word(field: str, word: str) -> Q:
    """Where the field has the word, whatever its case.

    SQLite folds the case of ASCII letters only, so `ö` is also looked for as `Ö`.
    """
    found = Q()
    for spelling in {word, word.lower(), word.capitalize(), word.upper()}:
        found |= Q(**{f"{field}__icontains": spelling})
    return found


def listed_organisations(*, search: str = "", country: str = "") -> QuerySet[Organisation]:
    """Return organisations by name; each word of `search` must stand in the name or town."""
    organisations = Organisation.objects.all()
    for word in search.split():
        organisations = organisations.filter(_has_word("name", word) | _has_word("town", word))
    return organisations.filter(country=country) if country else organisations


def member_countries(actor: Actor) -> list[str]:
    """Return the countries that listed members come from, sorted by code. One query."""
    countries = listed_members(actor).exclude(country="").order_by("country")
    return list(countries.values_list("country", flat=True).distinct())


def usable_invitation(token: str) -> Invitation | None:
    """Return the invitation of this token if it still lets somebody in."""
    invitation = Invitation.objects.filter(token_hash=invitation_hash(token)).first()
    return invitation if invitation and invitation.is_usable(now()) else None


def waiting_members() -> MemberQuerySet:
    """Return those who wait for approval, oldest first, organisations loaded."""
    members = Member.objects.select_related("organisation").waiting()
    return members.order_by("joined_at", "id")


def suspended_members() -> MemberQuerySet:
    """Return those whose access was taken away, by name, organisations loaded."""
    return Member.objects.select_related("organisation").suspended()


def open_invitations() -> QuerySet[Invitation]:
    """Return invitations that still let somebody in, newest first, with who made them."""
    return Invitation.objects.select_related("invited_by").filter(
        used_at=None, expires_at__gt=now()
    )


def own_tokens(member: Member) -> QuerySet[AccessToken]:
    """Return a member's access tokens that still work, newest first."""
    return AccessToken.objects.filter(member=member, revoked_at=None)


def roles_of(member: Member) -> list[str]:
    """Return the roles that a member has beside being one."""
    held = {"moderator": member.is_moderator, "staff": member.is_staff}
    return [role for role, is_held in held.items() if is_held]
