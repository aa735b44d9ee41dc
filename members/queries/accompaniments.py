"""Reads of accompaniments: who accompanies whom, who asks, and what a portfolio shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from members.access.people import Actor, is_member
from members.events import AccompanimentChanged, OrganisationActed
from members.models.organisations import (
    Accompaniment,
    AccompanimentQuerySet,
    Act,
    Appointment,
    Organisation,
)
from members.models.portfolio import PortfolioInvitation
from members.portfolio import Cell, columns
from members.queries.organisations import gaps_of, organisation_card
from members.rules import invitation_hash
from members.vocabulary import Gap, OrganisationRole, Side


def accompaniments_of(organisation: Organisation) -> AccompanimentQuerySet:
    """Return who accompanies an organisation or asks to, or is asked, oldest first."""
    rows = Accompaniment.objects.open().filter(organisation=organisation)
    return rows.select_related("intermediary", "organisation").order_by("id")


def portfolio_of(intermediary: Organisation) -> AccompanimentQuerySet:
    """Return what an intermediary's portfolio lists, asked for or holding, by name, with details.

    Organisations come with sectors, languages and texts: four queries.
    """
    rows = Accompaniment.objects.open().filter(intermediary=intermediary)
    rows = rows.select_related("intermediary", "organisation").prefetch_related(
        "organisation__sectors", "organisation__languages", "organisation__texts"
    )
    return rows.order_by(Lower("organisation__name"), "id")


@dataclass(frozen=True)
class PortfolioRow:
    """A line of a portfolio.

    Attributes:
        gaps: What is missing on the organisation's page; empty while it is only asked.
        cells: One per registered column, each a few lines.
    """

    accompaniment: Accompaniment
    gaps: Sequence[Gap]
    cells: Sequence[Sequence[Cell]]


def portfolio_rows(accompaniments: Sequence[Accompaniment]) -> list[PortfolioRow]:
    """Return lines of a portfolio, in the given order.

    One query, and what the registered columns need. Only organisations that agreed are looked into.
    """
    agreed = [each.organisation for each in accompaniments if each.confirmed_at is not None]
    gaps = gaps_of(agreed)
    ids = [organisation.pk for organisation in agreed]
    read = [column.read(ids) for column in columns()]
    return [
        PortfolioRow(
            accompaniment=each,
            gaps=gaps.get(each.organisation_id, []),
            cells=[found.get(each.organisation_id, ()) for found in read],
        )
        for each in accompaniments
    ]


def accompaniments_by_id(ids: Collection[int]) -> dict[int, AccompanimentChanged]:
    """Return accompaniments as their event says them, by id. One query."""
    rows = Accompaniment.objects.select_related("intermediary", "organisation").in_bulk(ids)
    return {pk: accompaniment_now(row) for pk, row in rows.items()}


def accompaniment_now(row: Accompaniment) -> AccompanimentChanged:
    """Return an accompaniment, both sides loaded, as its event says it."""
    return AccompanimentChanged(
        id=row.pk,
        intermediary=organisation_card(row.intermediary),
        organisation=organisation_card(row.organisation),
        state=row.state,
        asked_side=row.asked_side,
    )


def acts_by_id(ids: Collection[int]) -> dict[int, OrganisationActed]:
    """Return acts as their event says them, by id. One query."""
    rows = Act.objects.select_related("organisation", "accompaniment__intermediary").in_bulk(ids)
    return {
        pk: OrganisationActed(
            id=pk,
            organisation=organisation_card(row.organisation),
            intermediary=organisation_card(row.accompaniment.intermediary),
            what=row.what,
        )
        for pk, row in rows.items()
    }


def own_accompaniments(actor: Actor) -> AccompanimentQuerySet:
    """Return what is asked for or holds of organisations in which the actor has a role."""
    rows = Accompaniment.objects.open().select_related("intermediary", "organisation")
    if not is_member(actor):
        return rows.none()
    own = Appointment.objects.granted().filter(member=actor).values("organisation")
    return rows.filter(Q(intermediary__in=own) | Q(organisation__in=own)).order_by("id")


def possible_sides(actor: Actor, organisation: Organisation) -> list[tuple[Side, Organisation]]:
    """Return with whom the actor may begin an accompaniment on an organisation's page. Two queries.

    Each is the side that the actor would ask for, with the own organisation on that side: an
    intermediary that may accompany this one, or an organisation that this one may accompany. Pairs
    of which something is asked for or holds are left out.
    """
    if not is_member(actor):
        return []
    held = Appointment.objects.granted().filter(member=actor, role=OrganisationRole.REPRESENTATIVE)
    own = [row.organisation for row in held.select_related("organisation")]
    known = set(
        Accompaniment.objects.open()
        .filter(Q(intermediary=organisation) | Q(organisation=organisation))
        .values_list("intermediary_id", "organisation_id")
    )
    found = []
    for each in own:
        if each.pk == organisation.pk:
            continue
        if each.may_accompany and (each.pk, organisation.pk) not in known:
            found.append((Side.INTERMEDIARY, each))
        if organisation.may_accompany and (organisation.pk, each.pk) not in known:
            found.append((Side.ORGANISATION, each))
    return found


def open_portfolio_invitations(intermediary: Organisation) -> QuerySet[PortfolioInvitation]:
    """Return the invitations of an intermediary that nobody has answered, newest first."""
    rows = PortfolioInvitation.objects.waiting().filter(intermediary=intermediary)
    return rows.select_related("invitation").order_by("-id")


def portfolio_invitation(token: str) -> PortfolioInvitation | None:
    """Return the invitation into a portfolio that a link's token opens, if it waits. One query."""
    rows = PortfolioInvitation.objects.waiting().select_related(
        "invitation__invited_by", "intermediary"
    )
    return rows.filter(
        invitation__token_hash=invitation_hash(token), invitation__withdrawn_at=None
    ).first()
