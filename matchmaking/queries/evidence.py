"""What the moderators get of a reported request: it, as it was."""

from django.urls import reverse

from base.clock import wire_time
from base.text import excerpt
from matchmaking.access.requests import request_for
from members.models import Member
from moderation.registry import Evidence

EXCERPT = 140


def request_evidence(actor: Member, request_id: int) -> Evidence:
    """A request as it is now. Two queries.

    Raises:
        NotFound: no such request for this actor.
    """
    row = request_for(actor, request_id)
    it = {
        "id": row.pk,
        "author": row.contact.name if row.contact else "",
        "author_id": row.contact_id,
        "at": wire_time(row.changed_at),
        "text": f"{row.title}\n\n{row.text}",
    }
    return Evidence(
        author=row.contact,
        address=reverse("matchmaking:request", args=[row.pk]),
        summary=excerpt(row.title, EXCERPT),
        context={"organisation": row.organisation.name, "it": it, "before": [], "after": []},
    )
