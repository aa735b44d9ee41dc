"""What the topic `member:<id>` says and takes of cooperation requests."""

from collections.abc import Sequence

from live.models import Event
from live.registry import EventData, Written
from live.showing import subjects
from matchmaking.actions.requests import (
    answer_request,
    change_request,
    end_request,
    post_request,
    renew_request,
)
from matchmaking.events.requests import (
    AnswerRequest,
    ChangeRequest,
    EndRequest,
    NameRequest,
    PostRequest,
    RequestChanged,
)
from matchmaking.queries.requests import keepers_of, request_states
from members.live import declare_command, declare_event
from members.models import Member


def _post(actor: Member, data: PostRequest) -> Written:
    return post_request(actor=actor, said=data)


def _change(actor: Member, data: ChangeRequest) -> Written:
    return change_request(actor=actor, said=data)


def _end(actor: Member, data: EndRequest) -> Written:
    return end_request(actor=actor, request_id=data.id, state=data.state)


def _renew(actor: Member, data: NameRequest) -> Written:
    return renew_request(actor=actor, request_id=data.id)


def _answer(actor: Member, data: AnswerRequest) -> Written:
    return answer_request(
        actor=actor, request_id=data.id, organisation_id=data.organisation, text=data.text
    )


def _present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What requests say now to those who still keep them. Four queries."""
    ids = subjects(events)
    states, keepers = request_states(ids), keepers_of(ids)
    found: list[EventData | None] = []
    for event in events:
        pk, data = event.subject or 0, event.data or {}
        keeps = data.get("member") in keepers.get(pk, ())
        found.append(RequestChanged(request=states[pk]) if keeps and pk in states else None)
    return found


def register() -> None:
    """Add the event and the commands to `member:<id>`."""
    declare_event("request.changed", RequestChanged, _present)
    declare_command("request.post", PostRequest, _post)
    declare_command("request.change", ChangeRequest, _change)
    declare_command("request.end", EndRequest, _end)
    declare_command("request.renew", NameRequest, _renew)
    declare_command("request.answer", AnswerRequest, _answer)
