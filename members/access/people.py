"""Who may see and do what with members."""

from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from base.errors import Forbidden, NotFound
from live.models import AccessToken
from members.models.consents import Consent, counts_for
from members.models.people import Member, MemberQuerySet, is_listed
from members.vocabulary import MemberKind, Purpose

Actor = Member | AnonymousUser


def is_member(actor: Actor) -> TypeGuard[Member]:
    """Return whether the actor is signed in as a full member, not a guest or a stranger."""
    return isinstance(actor, Member) and actor.is_active and actor.kind == MemberKind.MEMBER


def visible_members(actor: Actor) -> MemberQuerySet:
    """Return the members whom the actor may see, with their organisations.

    Strangers and guests see nobody; members see the listed who consented to the directory, and
    themselves; staff see everyone.
    """
    members = Member.objects.select_related("organisation")
    if not is_member(actor):
        return members.none()
    if actor.is_staff:
        return members.all()
    shown = Exists(Consent.objects.filter(counts_for(Purpose.DIRECTORY), member=OuterRef("pk")))
    return members.filter(Q(pk=actor.pk) | (is_listed() & shown))


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


def is_staff(actor: Actor) -> TypeGuard[Member]:
    """Return whether the actor runs this site."""
    return is_member(actor) and actor.is_staff


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
