"""What is kept of people in cooperation requests: who posted one, who answered.

A request is the organisation's; one that nobody else takes over is closed when its contact leaves,
and goes where they take their texts with them. An answer's words are the chat's.
"""

from collections.abc import Iterator

from django.db.models import F

from base.clock import now
from base.personal import (
    ANONYMISED,
    CHOSEN,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
    update_all,
)
from matchmaking.models import CooperationRequest, RequestAnswer
from matchmaking.vocabulary import RequestState


def export(member_id: int) -> Iterator[ExportFile]:
    """The requests that one posted, and which one answered."""
    own = CooperationRequest.objects.filter(contact=member_id).prefetch_related("choices")
    rows = (
        {
            "organisation_id": row.organisation_id,
            "title": row.title,
            "text": row.text,
            "language": row.language,
            "audience": row.audience,
            "state": row.state,
            "deadline": row.deadline,
            "made_at": row.made_at,
            "choices": [{"facet": each.facet, "code": each.code} for each in row.choices.all()],
        }
        for row in own.order_by("pk")
    )
    yield as_json("matchmaking/requests.json", rows)
    answers = RequestAnswer.objects.filter(member=member_id).order_by("pk")
    columns = ("request_id", "organisation_id", "at")
    yield as_json("matchmaking/request_answers.json", answers.values(*columns).iterator())


def erase(member_id: int, texts: Texts) -> Iterator[None]:
    """Take the member out; their requests close, or go with their texts."""
    own = CooperationRequest.objects.filter(contact=member_id)
    if texts is Texts.TAKE:
        yield from delete_all(own)
    else:
        open_ones = own.filter(state=RequestState.OPEN)
        closed = {"state": RequestState.CLOSED, "changed_at": now(), "contact": None}
        yield from update_all(open_ones, **closed, version=F("version") + 1)
        yield from update_all(own, contact=None)
    yield from update_all(RequestAnswer.objects.filter(member=member_id), member=None)


register_holdings(
    Holdings(
        name="matchmaking.requests",
        columns={
            "matchmaking.CooperationRequest.contact": ANONYMISED,
            "matchmaking.CooperationRequest.title": CHOSEN,
            "matchmaking.CooperationRequest.text": CHOSEN,
            "matchmaking.CooperationRequest.language": kept("says which language a text is in"),
            "matchmaking.RequestChoice.code": kept(
                "says what an organisation looks for, and stays and goes with it"
            ),
            "matchmaking.RequestAnswer.member": ANONYMISED,
        },
        export=export,
        erase=erase,
    )
)
