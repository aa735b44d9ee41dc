"""Who may see and do what with organisations, for themselves and for those they accompany."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from base.errors import Forbidden, NotFound
from members.access.people import Actor, is_member, is_staff
from members.models.organisations import Accompaniment, Appointment, Organisation
from members.models.people import Member
from members.vocabulary import OrganisationRole, Side


@dataclass(frozen=True)
class Acting:
    """In what capacity a member acts for an organisation.

    Attributes:
        role: One's own role in it; "" for whoever acts through an intermediary, or as staff.
        through: The accompaniment that allows it, its intermediary loaded; None for one's own.
    """

    member: Member
    organisation: Organisation
    role: str = ""
    through: Accompaniment | None = None


def visible_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations whose page the actor may see.

    Members see all that are confirmed, strangers the public ones of them; staff see every one.
    """
    if is_staff(actor):
        return Organisation.objects.all()
    confirmed = Organisation.objects.filter(is_confirmed=True)
    return confirmed if is_member(actor) else confirmed.filter(is_public=True)


def organisation_for(actor: Actor, organisation_id: int) -> Organisation:
    """Return the organisation with this id.

    Raises:
        NotFound: `not_found`, there is none or the actor may not see it.
    """
    organisation = visible_organisations(actor).filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def role_in(actor: Actor, organisation: Organisation) -> str:
    """Return the actor's own role in an organisation, "" for none. One query."""
    if not is_member(actor):
        return ""
    held = Appointment.objects.granted().filter(member=actor, organisation=organisation)
    return held.values_list("role", flat=True).first() or ""


def is_representative(actor: Actor, organisation: Organisation) -> bool:
    """Return whether the actor decides for an organisation. One query."""
    return role_in(actor, organisation) == OrganisationRole.REPRESENTATIVE


def require_representative(actor: Actor, organisation: Organisation) -> None:
    """Let those through who decide for an organisation, and staff.

    Raises:
        Forbidden: `forbidden`, for everybody else.
    """
    if not is_staff(actor) and not is_representative(actor, organisation):
        raise Forbidden


def acting_for(actor: Actor, organisation: Organisation) -> Acting:
    """Return in what capacity the actor may act for an organisation. At most two queries.

    One's own role comes before an accompaniment; of several accompaniments the oldest counts.

    Raises:
        Forbidden: `forbidden`, the actor may not act for it.
    """
    role = role_in(actor, organisation)
    if role and is_member(actor):
        return Acting(actor, organisation, role=role)
    through = _accompaniment_of(actor, organisation)
    if through is None or not is_member(actor):
        raise Forbidden
    return Acting(actor, organisation, through=through)


def acts_for(actor: Actor, organisation: Organisation) -> bool:
    """Return whether the actor may act for an organisation. At most two queries."""
    try:
        acting_for(actor, organisation)
    except Forbidden:
        return False
    return True


def may_act(member: str, organisation: str) -> Q:
    """Return the condition that a row's member may act for its organisation, as `acting_for` says.

    Args:
        member: Name of the row's field of the member.
        organisation: Name of its field of the organisation.
    """
    own = Appointment.objects.granted().filter(
        member=OuterRef(member), organisation=OuterRef(organisation)
    )
    through = Accompaniment.objects.holding().filter(
        organisation=OuterRef(organisation),
        intermediary__appointments__member=OuterRef(member),
        intermediary__appointments__granted_at__isnull=False,
    )
    return Q(Exists(own)) | Q(Exists(through))


def editing(actor: Actor, organisation: Organisation) -> Acting:
    """Return in what capacity the actor may edit an organisation's page: as `acting_for`, or staff.

    Raises:
        Forbidden: `forbidden`, the actor may not edit it.
    """
    try:
        return acting_for(actor, organisation)
    except Forbidden:
        if not is_staff(actor):
            raise
        return Acting(actor, organisation)


def can_edit(actor: Actor, organisation: Organisation) -> bool:
    """Return whether the actor may edit an organisation's page. At most two queries."""
    return is_staff(actor) or acts_for(actor, organisation)


def _accompaniment_of(actor: Actor, organisation: Organisation) -> Accompaniment | None:
    """The oldest accompaniment of the organisation by one for which the actor has a role."""
    if not is_member(actor):
        return None
    return (
        Accompaniment.objects.holding()
        .filter(
            organisation=organisation,
            intermediary__appointments__member=actor,
            intermediary__appointments__granted_at__isnull=False,
        )
        .select_related("intermediary")
        .order_by("confirmed_at", "id")
        .first()
    )


def accompaniment_for(actor: Actor, accompaniment_id: int) -> Accompaniment:
    """Return an accompaniment that is not over and that the actor may see, both sides loaded.

    Raises:
        NotFound: `not_found`, there is none, it has ended, or the actor has no role on either side.
    """
    open_ones = Accompaniment.objects.open().select_related("intermediary", "organisation")
    if not is_staff(actor):
        own = Appointment.objects.granted().filter(member=actor) if is_member(actor) else None
        if own is None:
            raise NotFound
        ids = own.values("organisation")
        open_ones = open_ones.filter(Q(intermediary__in=ids) | Q(organisation__in=ids))
    found = open_ones.filter(pk=accompaniment_id).first()
    if found is None:
        raise NotFound
    return found


def speaks_for(actor: Actor, accompaniment: Accompaniment, side: Side) -> bool:
    """Return whether the actor represents this side of an accompaniment. One query."""
    sides = {
        Side.INTERMEDIARY: accompaniment.intermediary,
        Side.ORGANISATION: accompaniment.organisation,
    }
    return is_representative(actor, sides[side])


def portfolio_for(actor: Actor, organisation_id: int) -> Organisation:
    """Return an intermediary whose portfolio the actor may see: those with a role in it, and staff.

    Raises:
        NotFound: `not_found`, it does not exist, or it accompanies nobody by its kind.
        Forbidden: `forbidden`, the actor has no role in it.
    """
    organisation = organisation_for(actor, organisation_id)
    if not organisation.may_accompany:
        raise NotFound
    if not is_staff(actor) and not role_in(actor, organisation):
        raise Forbidden
    return organisation
