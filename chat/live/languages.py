"""The socket's command about the language of a message, and what its event shows."""

from collections.abc import Sequence

from chat.actions.languages import choose_languages, mark_message
from chat.events.languages import (
    ChooseLanguages,
    LanguagesChosen,
    MarkMessage,
    MessageMarked,
)
from chat.models import Message
from chat.queries.languages import languages_chosen, languages_of_events
from live.models import Event
from live.registry import Command, EventData, Written, register_command
from live.rows import fetch
from live.showing import subjects
from members.live import declare_command, declare_event, declare_part
from members.models import Member

EVENTS: dict[str, type[EventData]] = {"message.marked": MessageMarked}


def _mark(actor: Member, channel_id: int, data: MarkMessage) -> Written:
    return mark_message(
        actor=actor, channel_id=channel_id, message_id=data.id, language=data.language
    )


def _choose(actor: Member, data: ChooseLanguages) -> Written:
    return choose_languages(actor=actor, reads=data.reads, others=data.others)


def present(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What events show now, by position; deleted messages are gone. One query."""
    wanted = subjects(events)
    rows = {row.pk: row for row in fetch(Message, ("id",), [(pk,) for pk in wanted])}
    found = (rows.get(event.subject or 0) for event in events)
    return [
        MessageMarked(id=row.pk, language=row.language) if row and not row.deleted_at else None
        for row in found
    ]


def register() -> None:
    """Tell the live core of the commands, members' topics of what is chosen."""
    register_command(Command("message.mark", "chat", MarkMessage, _mark))
    declare_command("languages.choose", ChooseLanguages, _choose)
    declare_event("languages.chosen", LanguagesChosen, languages_of_events)
    declare_part("languages", languages_chosen)
