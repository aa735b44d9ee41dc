"""Writes of cooperation requests: posted, changed, ended, renewed, answered."""

from collections.abc import Mapping
from datetime import UTC
from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid
from base.text import clean_text, excerpt
from chat.access import require_reachable
from chat.actions.channels import let_in
from chat.actions.messages import post_message, words
from chat.models import Channel, Message
from chat.vocabulary import MAX_NAME, MAX_PURPOSE, Kind, Level, Role
from live.registry import Written
from live.units import append, current
from matchmaking.access.requests import kept_request_for, request_for, require_answerable
from matchmaking.events.requests import ChangeRequest, PostRequest, RequestChanged
from matchmaking.models import CooperationRequest, RequestAnswer, RequestChoice
from matchmaking.queries.requests import keepers_of, request_states
from matchmaking.rules.profiles import date_of
from matchmaking.rules.requests import FIELDS, lacks_purpose, request_errors
from matchmaking.vocabulary import (
    ANSWER_TEXT,
    MOST_OPEN_REQUESTS,
    REQUEST_TEXT,
    REQUEST_TITLE,
    RequestState,
)
from members.access import Acting, acting_for, is_member, organisation_for
from members.actions import record_act
from members.models import Member

POSTED, CHANGED, ENDED = "request.posted", "request.changed", "request.ended"
RENEWED, ANSWERED = "request.renewed", "request.answered"
"""Acts of intermediaries for whom they accompany."""
_TEXTS = {"title": REQUEST_TITLE, "text": REQUEST_TEXT}


def post_request(*, actor: Member, said: PostRequest) -> Written:
    """Post a request of an organisation for which one acts.

    Raises:
        NotFound: `not_found`, no such organisation.
        Forbidden: `forbidden`, the actor may not act for it.
        Invalid: `invalid`, with a message per field.
        Conflict: `request.too_many`, ten of its requests are open.
    """
    acting = acting_for(actor, organisation_for(actor, said.organisation))
    _check(said)
    own = CooperationRequest.objects.lasting().filter(organisation=acting.organisation)
    if own.count() >= MOST_OPEN_REQUESTS:
        raise _too_many()
    row = CooperationRequest(organisation=acting.organisation, contact=actor)
    _write(row, said)
    row.renew()
    row.save()
    _choose(row, {}, said)
    _publish(acting, row, POSTED)
    return Written(row)


def change_request(*, actor: Member, said: ChangeRequest) -> Written:
    """Change what a request says; it lasts 90 days from now, until its deadline at most.

    Raises:
        NotFound: `not_found`, no such request for this actor.
        Forbidden: `forbidden`, the actor may not act for its organisation.
        Invalid: `invalid`, with a message per field.
        Conflict: `request.over`, a partner was found or it was closed.
    """
    acting, row = kept_request_for(actor, said.id)
    if row.state in {RequestState.MET, RequestState.CLOSED}:
        raise _over()
    _check(said)
    before = {name: row.codes(facet) for name, facet in FIELDS.items()}
    _write(row, said)
    _choose(row, before, said)
    _open_again(row, actor)
    _publish(acting, row, CHANGED)
    return Written(row)


def end_request(*, actor: Member, request_id: int, state: str) -> Written:
    """Say what became of a request: a partner was found, or it is closed without one.

    Raises:
        NotFound: `not_found`, no such request for this actor.
        Forbidden: `forbidden`, the actor may not act for its organisation.
        Invalid: `invalid`, neither `met` nor `closed`.
    """
    acting, row = kept_request_for(actor, request_id)
    if state not in {RequestState.MET, RequestState.CLOSED}:
        raise Invalid(fields={"state": [str(_("Say whether a partner was found."))]})
    if row.state != state:
        row.state = state
        row.touch()
        row.save()
        _publish(acting, row, ENDED)
    return Written(row)


def renew_request(*, actor: Member, request_id: int) -> Written:
    """Let a request last 90 days from now, until its deadline at most; also one that was ended.

    Raises:
        NotFound: `not_found`, no such request for this actor.
        Forbidden: `forbidden`, the actor may not act for its organisation.
        Conflict: `request.over`, its deadline has passed; `request.too_many`.
    """
    acting, row = kept_request_for(actor, request_id)
    _open_again(row, actor)
    _publish(acting, row, RENEWED)
    return Written(row)


def _open_again(row: CooperationRequest, actor: Member) -> None:
    if not row.is_lasting:
        own = CooperationRequest.objects.lasting().filter(organisation=row.organisation_id)
        if own.count() >= MOST_OPEN_REQUESTS:
            raise _too_many()
    row.state = RequestState.OPEN
    row.renew()
    if not row.is_lasting:
        raise Conflict(
            code="request.over", detail=_("Its deadline has passed. Give it another one first.")
        )
    row.contact = actor
    row.touch()
    row.save()


def answer_request(*, actor: Member, request_id: int, organisation_id: int, text: str) -> Written:
    """Answer another's request for an organisation, which opens a conversation of both.

    Posting a request agrees to be answered and answering it to talk, so both sides consented. Each
    organisation answers once: what who did so says again goes into the conversation that there is.

    Raises:
        NotFound: `not_found`, no such request or organisation for this actor.
        Forbidden: `forbidden`, the actor may not act for the organisation; `request.elsewhere`,
            partners are sought in other countries; `chat.unreachable`, one blocks the other.
        Invalid: `invalid` or a code of the chat, the text is empty or too long.
        Conflict: `request.over`; `request.answered`, a colleague did.
    """
    # Of two colleagues who answer at once, the second finds the first's answer.
    CooperationRequest.objects.select_for_update().filter(pk=request_id).first()
    row = request_for(actor, request_id)
    acting = acting_for(actor, organisation_for(actor, organisation_id))
    answers = RequestAnswer.objects.filter(request=row, organisation=organisation_id)
    answer = answers.select_related("channel").first()
    if answer is not None and answer.channel is not None:
        if answer.member_id == actor.pk:
            _say_too(actor, answer.channel, text)
            return Written(answer.channel, topic=answer.channel.topic)
        raise Conflict(
            code="request.answered", detail=_("A colleague of yours has answered already.")
        )
    require_answerable(row, acting.organisation)
    contact = row.contact
    if contact is None or contact.pk == actor.pk or not is_member(contact):
        raise Forbidden
    require_reachable(actor, [contact.pk])
    clean_text(text, ANSWER_TEXT)
    said = words(text)
    channel = Channel.objects.create(
        kind=Kind.GROUP,
        name=excerpt(row.title, MAX_NAME),
        purpose=excerpt(
            f"{row.organisation.name} · {acting.organisation.name}\n{row.text}", MAX_PURPOSE
        ),
        is_public=False,
    )
    let_in(actor, channel, [actor, contact], Role.MEMBER, Level.ALL)
    post_message(actor=actor, channel_id=channel.pk, said=said)
    RequestAnswer.objects.update_or_create(
        request=row,
        organisation=acting.organisation,
        defaults={"member": actor, "channel": channel, "at": now()},
    )
    record_act(acting=acting, what=ANSWERED, subject=row.pk)
    return Written(channel, topic=channel.topic)


def _say_too(actor: Member, channel: Channel, text: str) -> None:
    """Post what one answered from another page; the same is not said twice."""
    clean_text(text, ANSWER_TEXT)
    said = words(text)
    if not Message.objects.filter(channel=channel, author=actor, text=said.text).exists():
        post_message(actor=actor, channel_id=channel.pk, said=said)


def expire_requests(most: int) -> list[int]:
    """Note of requests whose time is over that they expired; returns their ids.

    Inside a unit; those who keep them hear of it.
    """
    rows = list(
        CooperationRequest.objects.filter(state=RequestState.OPEN, expires_at__lte=now())
        .select_related("organisation")
        .order_by("pk")[:most]
    )
    people = keepers_of([row.pk for row in rows])
    topics = {f"member:{pk}" for each in people.values() for pk in each}
    current().lock(sorted(topics), make=True)
    for row in rows:
        row.state = RequestState.EXPIRED
        row.touch()
        row.save()
        tell_request(None, row)
    return [row.pk for row in rows]


def tell_request(actor: Member | None, row: CooperationRequest) -> None:
    """Say to those who keep a request how it is now."""
    people = sorted(keepers_of([row.pk])[row.pk])
    current().lock([f"member:{pk}" for pk in people], make=True)
    state = request_states([row.pk])[row.pk]
    for pk in people:
        append(
            topic=f"member:{pk}",
            event="request.changed",
            actor=actor,
            subject=row,
            data={"member": pk},
            fresh=partial(RequestChanged, request=state),
        )


def _publish(acting: Acting, row: CooperationRequest, what: str) -> None:
    record_act(acting=acting, what=what, subject=row.pk)
    tell_request(acting.member, row)


def _check(said: PostRequest | ChangeRequest) -> None:
    wrong = request_errors(said, now().astimezone(UTC).date())
    if wrong:
        raise Invalid(fields=wrong)


def _write(row: CooperationRequest, said: PostRequest | ChangeRequest) -> None:
    """Put what was said into a request, unsaved."""
    for name, limit in _TEXTS.items():
        text = getattr(said, name)
        if isinstance(text, str):
            setattr(row, name, clean_text(text.strip(), limit, field=name))
    for name in ("language", "audience"):
        value = getattr(said, name)
        if isinstance(value, str):
            setattr(row, name, value)
    day = date_of(said.deadline) if isinstance(said.deadline, str) else None
    if day is not None:
        row.deadline = day


def _choose(
    row: CooperationRequest, before: Mapping[str, list[str]], said: PostRequest | ChangeRequest
) -> None:
    """Write what a request chooses.

    Raises:
        Invalid: `invalid`, it would neither seek nor offer anything.
    """
    after = dict(before)
    for name in FIELDS:
        codes = getattr(said, name)
        if isinstance(codes, list):
            after[name] = codes
    wrong = lacks_purpose(after["offers"], after["needs"])
    if wrong:
        raise Invalid(fields=wrong)
    row.choices.all().delete()
    RequestChoice.objects.bulk_create(
        RequestChoice(request=row, facet=FIELDS[name], code=code)
        for name, codes in after.items()
        for code in dict.fromkeys(codes)
    )


def _too_many() -> Conflict:
    return Conflict(
        code="request.too_many",
        detail=_("Ten requests of this organisation are open. End one of them first."),
    )


def _over() -> Conflict:
    return Conflict(code="request.over", detail=_("This request is no longer open."))
