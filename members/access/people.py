"""Who may see and do what with members."""

from collections.abc import Collection
from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from base.errors import Forbidden, NotFound
from live.models import AccessToken
from members.models.consents import Consent, counts_for
from members.models.organisations import Appointment
from members.models.people import Member, MemberQuerySet, is_listed
from members.models.profiles import Profile
from members.vocabulary import Audience, MemberKind, Purpose

Actor = Member | AnonymousUser


def is_member(actor: Actor) -> TypeGuard[Member]:
    """Return whether the actor is signed in as a full member, not a guest or a stranger."""
    return isinstance(actor, Member) and actor.is_active and actor.kind == MemberKind.MEMBER


def visible_members(actor: Actor) -> MemberQuerySet:
    """Return the members whom the actor may see, with their organisations.

    Members see the listed who consented to the directory and whose name is for them, and
    themselves; strangers and guests those of them whose name is for everyone; staff see all.
    """
    members = Member.objects.select_related("organisation")
    if is_staff(actor):
        return members.all()
    shown = Exists(Consent.objects.filter(counts_for(Purpose.DIRECTORY), member=OuterRef("pk")))
    found = is_listed() & shown & _is_named_to(actor)
    return members.filter(Q(pk=actor.pk) | found if is_member(actor) else found)


def _is_named_to(actor: Actor) -> Q:
    """Whether a member's name is for the actor; it is for members, unless a profile says more."""
    own = Profile.objects.filter(member=OuterRef("pk"))
    if not is_member(actor):
        return Q(Exists(own.filter(name_audience=Audience.EVERYONE)))
    hidden = own.filter(name_audience__in=(Audience.ORGANISATION, Audience.NOBODY))
    roles = Appointment.objects.granted().filter(
        member=actor, organisation=OuterRef("organisation")
    )
    near = Q(Exists(own.filter(name_audience=Audience.ORGANISATION))) & Q(Exists(roles))
    return ~Q(Exists(hidden)) | near


def member_for(actor: Actor, member_id: int) -> Member:
    """Return the member with this id, organisation loaded.

    Raises:
        NotFound: `not_found`, there is none or the actor may not see them.
    """
    member = visible_members(actor).filter(pk=member_id).first()
    if member is None:
        raise NotFound
    return member


def consents(member: Member, purpose: Purpose) -> bool:
    """Return whether the member's consent to this purpose counts now. One query.

    For many members: `Member.objects.consenting(purpose)`.
    """
    return Consent.objects.filter(counts_for(purpose), member=member).exists()


def colleagues_of(actor: Actor, members: Collection[Member]) -> set[int]:
    """Return the ids of those members in whose organisation the actor has a role. One query.

    Anybody may write an organisation's name into their profile; a role was granted there.
    """
    houses = {member.organisation_id for member in members if member.organisation_id}
    if not is_member(actor) or not houses:
        return set()
    granted = Appointment.objects.granted().filter(member=actor, organisation__in=houses)
    own = set(granted.values_list("organisation_id", flat=True))
    return {member.pk for member in members if member.organisation_id in own}


def is_staff(actor: Actor) -> TypeGuard[Member]:
    """Return whether the actor runs this site."""
    return is_member(actor) and actor.is_staff


def organises(actor: Actor) -> bool:
    """Return whether the actor works for the programme office, or runs the site."""
    return is_member(actor) and (actor.is_organiser or actor.is_staff)


def require_organiser(actor: Actor) -> None:
    """Let organisers and staff through.

    Raises:
        Forbidden: `forbidden`, for everybody else.
    """
    if not organises(actor):
        raise Forbidden


def require_staff(actor: Actor) -> None:
    """Let staff through.

    Raises:
        Forbidden: `forbidden`, for everybody else.
    """
    if not is_staff(actor):
        raise Forbidden


def can_suspend(actor: Actor, member: Member) -> bool:
    """Return whether the actor may suspend or reactivate this member.

    Nobody suspends themselves, so an instance never loses its last staff this way; a superuser
    is out of reach for other staff.
    """
    if not is_staff(actor) or actor.pk == member.pk:
        return False
    return actor.is_superuser or not member.is_superuser


def token_for(actor: Member, token_id: int) -> AccessToken:
    """Return one's own access token with this id.

    Raises:
        NotFound: `not_found`, there is none, it is another's or it is revoked.
    """
    token = actor.tokens.filter(pk=token_id, revoked_at=None).first()
    if token is None:
        raise NotFound
    return token
