"""Reads of cooperation requests: lists with filters, and one as its readers see it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q, QuerySet

from base.clock import wire_time
from matchmaking.access.requests import kept_by, open_to
from matchmaking.events.requests import RequestNow
from matchmaking.models import CooperationRequest, RequestChoice
from matchmaking.models.requests import CooperationRequestQuerySet
from matchmaking.vocabulary import Facet
from members.access import Actor
from members.models import Appointment
from members.queries.directory import with_parts
from members.queries.words import has_word
from members.sectors import in_order

MOST_WORDS = 8
MOST_CHOICES = 100


@dataclass(frozen=True)
class Asked:
    """What a reader of the list looks for; choices of one filter widen it, filters narrow it.

    Attributes:
        words: Each must stand in title, text or the organisation's name.
        country: ISO 3166-1 of the organisation.
        sector: Codes; a sector finds its sub-sectors.
        need: Forms of cooperation that are sought.
        offer: Forms of cooperation that are offered.
        language: BCP 47, of working together.
    """

    words: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    need: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    language: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


FILTERS = ("country", "sector", "need", "offer", "language")
_FACETS = {"sector": Facet.SECTOR, "need": Facet.NEED, "offer": Facet.OFFER}


def asked_for(text: str, chosen: Mapping[str, Iterable[str]]) -> Asked:
    """Return what a reader asks for, bounded; values that mean nothing find nothing."""
    # PostgreSQL knows no NUL, and nothing that is stored has one.
    return Asked(
        words=tuple(text.replace("\x00", "").split()[:MOST_WORDS]),
        **{
            name: tuple(filter(None, (value.replace("\x00", "") for value in values)))[
                :MOST_CHOICES
            ]
            for name, values in chosen.items()
        },
    )


def found_requests(actor: Actor, asked: Asked) -> CooperationRequestQuerySet:
    """Return the open requests that the actor may read and asks for, the newest first."""
    rows = _narrowed(open_to(actor), asked)
    return shown(rows).order_by("-made_at", "-pk")


def kept_requests(actor: Actor) -> CooperationRequestQuerySet:
    """Return the requests that the actor keeps, whatever their state, the newest first."""
    return shown(kept_by(actor)).order_by("-made_at", "-pk")


def shown(rows: CooperationRequestQuerySet) -> CooperationRequestQuerySet:
    """Return requests with what shows them: organisation and choices, in one more query."""
    return rows.select_related("organisation").prefetch_related("choices")


def _narrowed(rows: CooperationRequestQuerySet, asked: Asked) -> CooperationRequestQuerySet:
    for word in asked.words:
        said = has_word("title", word) | has_word("text", word)
        rows = rows.filter(said | has_word("organisation__name", word))
    if asked.country:
        rows = rows.filter(organisation__country__in=asked.country)
    for name, facet in _FACETS.items():
        wanted = getattr(asked, name)
        if wanted:
            codes = with_parts(wanted) if facet == Facet.SECTOR else wanted
            rows = rows.filter(pk__in=_saying(facet, codes))
    if asked.language:
        # One that names no language can be talked about in any.
        said_any = RequestChoice.objects.filter(facet=Facet.LANGUAGE).values("request")
        rows = rows.filter(Q(pk__in=_saying(Facet.LANGUAGE, asked.language)) | ~Q(pk__in=said_any))
    return rows


def _saying(facet: Facet, codes: Collection[str]) -> QuerySet[RequestChoice, Any]:
    return RequestChoice.objects.filter(facet=facet, code__in=codes).values("request")


def request_state(row: CooperationRequest) -> RequestNow:
    """Return a request as the wire has it. No query where it was loaded with `shown`."""
    return RequestNow(
        id=row.pk,
        organisation=row.organisation_id,
        name=row.organisation.name,
        country=row.organisation.country,
        title=row.title,
        text=row.text,
        language=row.language,
        offers=row.codes(Facet.OFFER),
        needs=row.codes(Facet.NEED),
        sectors=in_order(row.codes(Facet.SECTOR)),
        countries=row.codes(Facet.WANTED),
        languages=row.codes(Facet.LANGUAGE),
        audience=row.audience,
        state=row.shown_state.value,
        deadline=row.deadline.isoformat(),
        made_at=wire_time(row.made_at),
        expires_at=wire_time(row.expires_at),
    )


def request_states(ids: Collection[int]) -> dict[int, RequestNow]:
    """Return requests by id, those that are gone left out. Two queries."""
    rows = shown(CooperationRequest.objects.filter(pk__in=ids))
    return {row.pk: request_state(row) for row in rows}


def keepers_of(ids: Collection[int]) -> dict[int, set[int]]:
    """Return the members who hear of requests, by request: contact and those with a role.

    Two queries.
    """
    rows = CooperationRequest.objects.filter(pk__in=ids, contact__is_active=True)
    found: dict[int, set[int]] = {pk: set() for pk in ids}
    for pk, contact in rows.values_list("pk", "contact"):
        found[pk].add(contact)
    held = Appointment.objects.granted().filter(
        organisation__cooperation_requests__in=ids, member__is_active=True
    )
    for pk, member in held.values_list("organisation__cooperation_requests", "member"):
        if pk in found:
            found[pk].add(member)
    return found
