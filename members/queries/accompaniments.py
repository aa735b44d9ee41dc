"""Reads of accompaniments: who accompanies whom, who asks, and what a portfolio shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
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
from members.vocabulary import Gap


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


def accompanied_for(actor: Actor, intermediary_ids: Collection[int]) -> QuerySet[Organisation]:
    """Return the organisations that these intermediaries accompany, by name; none for strangers."""
    if not is_member(actor):
        return Organisation.objects.none()
    held = Appointment.objects.granted().filter(member=actor, organisation__in=intermediary_ids)
    holding = Accompaniment.objects.holding().filter(intermediary__in=held.values("organisation"))
    return Organisation.objects.filter(pk__in=holding.values("organisation")).order_by("name", "id")


def open_portfolio_invitations(intermediary: Organisation) -> QuerySet[PortfolioInvitation]:
    """Return the invitations of an intermediary that nobody has answered, newest first."""
    rows = PortfolioInvitation.objects.waiting().filter(intermediary=intermediary)
    return rows.select_related("invitation").order_by("-id")
