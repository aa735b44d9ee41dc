"""What others wrote of a member by name: a mention loses the name, in every mode.

The rest of what they wrote is theirs. Names that they typed without a mention are words.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, Q

from base.mentions import ADDRESSES, without_member
from base.personal import (
    ERASED,
    Holdings,
    Texts,
    delete_all,
    nothing_to_export,
    register_holdings,
)
from chat.erasure.messages import AT_ONCE, tell
from chat.models import Draft, Forward, Mention, Message, Scheduled, Version
from live.units import unit
from search.index import forget

Row = TypeVar("Row", bound=Model)


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Take the name out of messages, of what they said before, of copies and of drafts."""
    for messages in _naming(Message, member_id, ("text", "html")):
        with unit():
            _save(messages, ("text", "html"))
            _tell(messages)
        yield
    for forwards in _naming(Forward, member_id, ("text", "html")):
        with unit():
            _save(forwards, ("text", "html"))
            _tell(Message.objects.filter(pk__in=[forward.pk for forward in forwards]))
        yield
    for model, fields in (
        (Version, ("text",)),
        (Draft, ("text",)),
        (Scheduled, ("text",)),
    ):
        for rows in _naming(model, member_id, fields):
            with transaction.atomic():
                _save(rows, fields)
            yield
    yield from delete_all(Mention.objects.filter(member_id=member_id))


def _tell(messages: Collection[Message]) -> None:
    """Say that these messages changed; the log's follower indexes them anew, without the name."""
    forget("message", [message.pk for message in messages])
    tell(list(messages))


def _naming(model: type[Row], member_id: int, fields: Sequence[str]) -> Iterator[list[Row]]:
    """Rows that name the member, by portions, with the name already taken out, unsaved."""
    names = Q()
    for field in fields:
        names |= Q(**{f"{field}__contains": f"](member:{member_id})"})
        names |= Q(**{f"{field}__contains": f'href="{ADDRESSES["member"].format(member_id)}"'})
    rows = model._default_manager.filter(names).order_by("pk")  # noqa: SLF001 - Django's documented name
    last: object = 0
    while found := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = found[-1].pk
        # A link or a code sample may look like a mention; it is left as it is.
        if changed := [row for row in found if _take_out(row, member_id, fields)]:
            yield changed


def _take_out(row: Model, member_id: int, fields: Sequence[str]) -> bool:
    before = [getattr(row, field) for field in fields]
    for field in fields:
        setattr(row, field, without_member(getattr(row, field), member_id))
    return before != [getattr(row, field) for field in fields]


def _save(rows: Sequence[Model], fields: Sequence[str]) -> None:
    for row in rows:
        row.save(update_fields=fields)


register_holdings(
    Holdings(
        name="chat.mentions",
        columns={"chat.Mention.member": ERASED},
        export=nothing_to_export,
        erase=erase,
    )
)
