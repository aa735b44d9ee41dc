"""Reads of roles in organisations."""

from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from members.access.organisations import is_representative
from members.access.people import Actor, is_staff, visible_members
from members.events import RolesChanged, RoleState
from members.models.organisations import Appointment, AppointmentQuerySet, Organisation
from members.models.people import Member
from members.queries.organisations import organisation_card
from members.vocabulary import OrganisationRole


def roles_now(member_ids: Collection[int]) -> dict[int, RolesChanged]:
    """Return all roles of these members as their event says them, by member. One query.

    Roles are sorted by the organisation's name.
    """
    rows = (
        Appointment.objects.filter(member__in=set(member_ids))
        .select_related("organisation")
        .order_by("organisation__name", "organisation_id")
    )
    found: dict[int, list[RoleState]] = {pk: [] for pk in member_ids}
    for row in rows:
        found[row.member_id].append(
            RoleState(
                organisation=organisation_card(row.organisation),
                role=row.role,
                granted=row.granted_at is not None,
            )
        )
    return {pk: RolesChanged(id=pk, roles=roles) for pk, roles in found.items()}


def own_roles(member: Member) -> Sequence[RoleState]:
    """Return a member's roles, those that are only asked for too. One query."""
    return roles_now([member.pk])[member.pk].roles


def granted_roles(member: Member) -> QuerySet[Appointment]:
    """Return the roles that a member holds, by the organisation's name, organisations loaded."""
    held = Appointment.objects.granted().filter(member=member)
    return held.select_related("organisation").order_by("organisation__name", "organisation_id")


def appointments_shown(actor: Actor, organisation: Organisation) -> AppointmentQuerySet:
    """Return the roles that the actor may see, by name, members with their organisations loaded.

    Roles that are only asked for are seen by who asked and who decides; of the others those are
    seen whose holder the actor may see.
    """
    rows = Appointment.objects.filter(organisation=organisation)
    if not is_staff(actor) and not is_representative(actor, organisation):
        rows = rows.filter(Q(granted_at__isnull=False) | Q(member=actor.pk))
        rows = rows.filter(Q(member__in=visible_members(actor)) | Q(member=actor.pk))
    return rows.select_related("member__organisation").order_by("member__name", "id")


def asked_roles() -> QuerySet[Appointment]:
    """Return all roles that somebody asks for, oldest first, everything loaded, for staff."""
    rows = Appointment.objects.asked().select_related("member__organisation", "organisation")
    return rows.order_by("asked_at", "id")


def representative_ids(organisation_ids: Collection[int]) -> list[int]:
    """Return the ids of the members who represent any of these organisations. One query."""
    rows = Appointment.objects.granted().filter(
        organisation__in=organisation_ids, role=OrganisationRole.REPRESENTATIVE
    )
    return sorted(set(rows.values_list("member_id", flat=True)))
