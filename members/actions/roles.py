"""Writes of roles in organisations: asked for, granted, ended.

Representatives of an organisation grant its roles; staff do where there is none, and may anyhow.
Whoever makes an organisation represents it.
"""

from collections.abc import Collection
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound
from live.registry import Written
from live.units import append, current
from members.access.organisations import organisation_for, require_representative
from members.access.people import is_member, member_for
from members.models.organisations import Appointment, Organisation
from members.models.people import Member
from members.queries.roles import representative_ids
from members.vocabulary import OrganisationRole

MOST_ROLES = 50
MOST_HOLDERS = 100


def holders(organisation: Organisation) -> list[int]:
    """Return the ids of the members who hold a role in an organisation or ask for one."""
    rows = Appointment.objects.filter(organisation=organisation)
    return sorted(rows.values_list("member_id", flat=True))


def appoint_founder(*, member: Member, organisation: Organisation) -> None:
    """Make whoever made an organisation its representative; nobody is told.

    Raises:
        Conflict: `organisation.too_many_roles`.
    """
    _require_room(member, organisation)
    Appointment.objects.create(
        member=member,
        organisation=organisation,
        role=OrganisationRole.REPRESENTATIVE,
        granted_at=now(),
    )


def ask_role(*, actor: Member, organisation_id: int, role: str) -> Written:
    """Ask for a role, inside a unit; a role that one holds, or asked for already, stays.

    Raises:
        NotFound: `not_found`, no such organisation.
        Forbidden: `forbidden`, not a full member.
        Invalid: `invalid`, no such role.
        Conflict: `organisation.too_many_roles`.
    """
    _require_known(role)
    if not is_member(actor):
        raise Forbidden
    organisation = organisation_for(actor, organisation_id)
    if Appointment.objects.filter(member=actor, organisation=organisation).exists():
        return Written(organisation)
    _require_room(actor, organisation)
    Appointment.objects.create(member=actor, organisation=organisation, role=role)
    tell_roles(actor=actor, member_ids=[actor.pk, *representative_ids([organisation.pk])])
    return Written(organisation)


def grant_role(*, actor: Member, organisation_id: int, member_id: int, role: str) -> Written:
    """Give a member a role, inside a unit; one that they held is replaced.

    Raises:
        NotFound: `not_found`, no such organisation, or no such member for this actor.
        Forbidden: `forbidden`, neither represents it nor staff.
        Invalid: `invalid`, no such role.
        Conflict: `organisation.too_many_roles`.
    """
    _require_known(role)
    organisation = organisation_for(actor, organisation_id)
    require_representative(actor, organisation)
    member = member_for(actor, member_id)
    if not is_member(member):
        raise NotFound
    held = Appointment.objects.filter(member=member, organisation=organisation).first()
    if held and held.granted_at is not None and held.role == role:
        return Written(organisation)
    if held is None:
        _require_room(member, organisation)
    Appointment.objects.update_or_create(
        member=member,
        organisation=organisation,
        defaults={"role": role, "granted_at": now(), "granted_by": actor},
    )
    if held is None or held.granted_at is None:
        for react in _when_granted:
            react(actor=actor, organisation_id=organisation.pk, member_id=member.pk)
    tell_roles(actor=actor, member_ids=[member.pk, actor.pk])
    return Written(organisation)


def end_role(*, actor: Member, organisation_id: int, member_id: int) -> Written:
    """End a role or the wish for one, inside a unit: one's own, or as a representative anybody's.

    Raises:
        NotFound: `not_found`, no such organisation, or that member has no role in it.
        Forbidden: `forbidden`, another's role, and neither represents it nor staff.
    """
    organisation = organisation_for(actor, organisation_id)
    if member_id != actor.pk:
        require_representative(actor, organisation)
    ended = Appointment.objects.filter(organisation=organisation, member=member_id)
    if ended.delete()[0] == 0:
        raise NotFound
    for react in _when_ended:
        react(actor=actor, organisation_id=organisation.pk, member_id=member_id)
    tell_roles(actor=actor, member_ids=[member_id, *representative_ids([organisation.pk])])
    return Written(organisation)


class RoleReaction(Protocol):
    """Opens or takes away, inside the unit, what a role opens to a member."""

    def __call__(self, *, actor: Member, organisation_id: int, member_id: int) -> None:
        """Do so; the member's role in the organisation began or ended just now."""


_when_granted: list[RoleReaction] = []
_when_ended: list[RoleReaction] = []


def when_role_is_granted(react: RoleReaction) -> None:
    """Have an app above react to the beginning of a role."""
    _when_granted.append(react)


def when_role_ends(react: RoleReaction) -> None:
    """Have an app above react to the end of a role."""
    _when_ended.append(react)


def tell_roles(*, actor: Member, member_ids: Collection[int]) -> None:
    """Say to these members what roles they have now; representatives hear that a list changed."""
    ids = sorted(set(member_ids))
    current().lock([f"member:{pk}" for pk in ids], make=True)
    for pk in ids:
        append(topic=f"member:{pk}", event="roles.changed", actor=actor, subject=Member(pk=pk))


def _require_known(role: str) -> None:
    if role not in OrganisationRole.values:
        raise Invalid(fields={"role": [_("There is no such role.")]})


def _require_room(member: Member, organisation: Organisation) -> None:
    """Keep the lists short that are read whole."""
    held = Appointment.objects.filter(member=member).count() if member.pk else 0
    holding = Appointment.objects.filter(organisation=organisation).count()
    if held >= MOST_ROLES or holding >= MOST_HOLDERS:
        raise Conflict(
            code="organisation.too_many_roles", detail=_("There are too many roles already.")
        )
