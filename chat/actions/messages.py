"""Writes about messages: posting, editing, deleting, reacting."""

from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound
from base.text import clean_text, has_markup, render
from chat.access import message_in, require
from chat.events import (
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessageReacted,
)
from chat.models import Message, Reaction
from chat.queries import reactions_of, shown_one
from chat.rules import is_emoji
from chat.vocabulary import MAX_KINDS_OF_REACTIONS, MAX_TEXT
from live.registry import Written
from live.units import add, append, current
from members.models import Member


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its HTML, made before any lock is held."""

    text: str
    html: str


def words(text: str) -> Words:
    """Check and render what somebody wrote.

    Raises:
        Invalid: ``chat.text_empty``, ``chat.text_too_long``, ``text.unreadable``.
    """
    if not text.strip():
        detail = _("Write something first.")
        raise Invalid(code="chat.text_empty", detail=detail, fields={"text": [str(detail)]})
    clean_text(text, MAX_TEXT, too_long="chat.text_too_long")
    return Words(text, render(text))


def is_quick(text: str) -> bool:
    """Whether :func:`words` takes next to no time for this text."""
    return len(text) > MAX_TEXT or not has_markup(text)


def post_message(
    *, actor: Member, channel_id: int, said: Words, reply_to: int | None = None
) -> Written:
    """Say something in a channel, perhaps in reply to a message there.

    Raises:
        NotFound: no such channel or message for this actor.
        Forbidden: not in the channel.
    """
    channel, _membership = require(actor, channel_id, "message.post")
    replied = None
    if reply_to is not None:
        replied = message_in(channel, reply_to)
        if replied.deleted_at is not None:
            raise NotFound
    message = Message(
        channel=channel,
        author=actor,
        text=said.text,
        html=said.html,
        reply_to=replied,
        posted_at=current().clock(),
    )
    message.seq = append(
        topic=channel.topic,
        event="message.posted",
        actor=actor,
        subject=message,
        at=message.posted_at,
        fresh=partial(shown_one, message, [], MessagePosted),
    )
    return Written(add(message))


def edit_message(*, actor: Member, channel_id: int, message_id: int, said: Words) -> Written:
    """Change one's own message; the same text again changes nothing.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
        Forbidden: somebody else's message.
    """
    channel, _membership = require(actor, channel_id, "message.edit")
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise NotFound
    if message.author_id != actor.pk:
        raise Forbidden
    if message.text != said.text:
        message.text, message.html, message.edited_at = said.text, said.html, now()
        message.save(update_fields=["text", "html", "edited_at"])
        totals = reactions_of([message.pk]).get(message.pk, [])
        append(
            topic=channel.topic,
            event="message.edited",
            actor=actor,
            subject=message,
            fresh=partial(shown_one, message, totals, MessageEdited),
        )
    return Written(message)


def delete_message(*, actor: Member, channel_id: int, message_id: int) -> Written:
    """Take back one's own message, or as a moderator anybody's; its place stays.

    Raises:
        NotFound: no such message for this actor.
        Forbidden: somebody else's message.
    """
    channel, membership = require(actor, channel_id, "message.delete")
    message = message_in(channel, message_id)
    moderates = actor.is_moderator or (membership is not None and membership.moderates)
    if message.author_id != actor.pk and not moderates:
        raise Forbidden
    if message.deleted_at is None:
        message.text, message.html, message.deleted_at = "", "", now()
        message.save(update_fields=["text", "html", "deleted_at"])
        Reaction.objects.filter(message=message).delete()
        append(
            topic=channel.topic,
            event="message.deleted",
            actor=actor,
            subject=message,
            fresh=partial(shown_one, message, [], MessageDeleted),
        )
    return Written(message)


def react(*, actor: Member, channel_id: int, message_id: int, emoji: str, on: bool) -> Written:
    """Put an emoji on a message or take one's own off; doing it twice changes nothing.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
        Invalid: ``chat.not_an_emoji``.
        Conflict: ``chat.too_many_reactions``, the message has 20 different ones.
    """
    channel, _membership = require(actor, channel_id, "message.react")
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise NotFound
    if not is_emoji(emoji):
        raise Invalid(code="chat.not_an_emoji", detail=_("Choose one emoji."))
    own = Reaction.objects.filter(message=message, member=actor, emoji=emoji)
    if own.exists() != on:
        if on:
            kinds = {total.emoji for total in reactions_of([message.pk]).get(message.pk, [])}
            if emoji not in kinds and len(kinds) >= MAX_KINDS_OF_REACTIONS:
                raise Conflict(
                    code="chat.too_many_reactions",
                    detail=_("This message has as many different reactions as it can."),
                )
            Reaction.objects.create(message=message, member=actor, emoji=emoji)
        else:
            own.delete()
        totals = reactions_of([message.pk]).get(message.pk, [])
        append(
            topic=channel.topic,
            event="message.reacted",
            actor=actor,
            subject=message,
            fresh=partial(MessageReacted, id=message.pk, reactions=totals),
        )
    return Written(message)
