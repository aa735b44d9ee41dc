"""What the search finds of matchmaking: open cooperation requests."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.access.requests import open_to
from matchmaking.models import CooperationRequest
from members.access import Actor, visible_members
from search.registry import Found, Place, Source, register
from search.texts import Text
from search.vocabulary import MAX_NAMES

NOWHERE = 0
"""Requests stand in no room."""


def _read(ids: Collection[int]) -> Sequence[Text]:
    """Texts of those requests that are open. One query."""
    return [
        Text(
            id=row.pk,
            place_id=NOWHERE,
            title=row.title,
            body=row.text,
            language=row.language,
            author_id=row.contact_id,
            at=row.made_at,
        )
        for row in CooperationRequest.objects.lasting().filter(pk__in=ids)
    ]


def _walk(after: int, limit: int, topic: str) -> Sequence[int]:
    rows = CooperationRequest.objects.filter(pk__gt=after)
    if topic:
        rows = rows.filter(contact=int(topic.partition(":")[2]))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def _show(actor: Actor, ids: Collection[int]) -> Mapping[int, Found]:
    """One query."""
    rows = open_to(actor).filter(pk__in=ids).select_related("organisation")
    return {
        row.pk: Found(
            id=row.pk,
            url=reverse("matchmaking:request", args=[row.pk]),
            place=Place(NOWHERE, row.organisation.name),
            title=row.title,
            body=row.text,
            language=row.language,
            author=None,
            at=row.made_at,
        )
        for row in rows
    }


def _places(_actor: Actor, _name: str) -> Sequence[Place]:
    return ()


def _authors(actor: Actor, name: str) -> Sequence[int]:
    """Who posted an open request and may be known by name, by a part of it. One query."""
    posted = open_to(actor).filter(contact=OuterRef("pk"))
    rows = visible_members(actor).filter(Exists(posted), name__icontains=name).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:MAX_NAMES])


def register_requests() -> None:
    """Have open requests found."""
    register(
        Source(
            kind="request",
            label=_("Cooperation requests"),
            topics=("member",),
            events=("request.changed",),
            read=_read,
            walk=_walk,
            visible=open_to,
            show=_show,
            places=_places,
            authors=_authors,
        )
    )
