"""Writes about messages: posting, editing, deleting, reacting."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.detection import NOTHING, Guess, guess, is_ready
from base.errors import Conflict, Forbidden, Invalid, NotFound
from base.mentions import Mentioned, mentioned_in
from base.text import clean_text, has_markup, render
from chat.access import message_in, moderates, require
from chat.actions.attachments import describe_files, show_files, take_files_off
from chat.actions.keeping import keep_pace
from chat.actions.languages import language_after_edit, language_of
from chat.actions.marks import keep_version, name_in
from chat.actions.ordinals import next_nth
from chat.actions.threads import count_reply, root_in, uncount_reply
from chat.events import (
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessageReacted,
)
from chat.events.messages import Mentioned as Named
from chat.models import Channel, Forward, Mention, Message, Reaction, Version
from chat.queries.excerpts import excerpts
from chat.queries.marks import MENTIONS
from chat.queries.messages import Around, around, reactions_of, shown_one
from chat.rules import is_emoji
from chat.vocabulary import MAX_KINDS_OF_REACTIONS, MAX_MENTIONS, MAX_TEXT
from live.registry import Written
from live.units import add, append, current
from members.models import Member


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its HTML, made before any lock is held.

    Attributes:
        mentioned: Whom the text names, each once.
        guessed: Which language it may be in.
    """

    text: str
    html: str
    mentioned: tuple[Mentioned, ...] = ()
    guessed: Guess = NOTHING


def words(text: str, *, may_be_empty: bool = False) -> Words:
    """Check and render what somebody wrote.

    Raises:
        Invalid: ``chat.text_empty``, ``chat.text_too_long``, ``chat.too_many_mentions``,
            ``text.unreadable``.
    """
    if not text.strip():
        if may_be_empty:
            return Words("", "")
        raise text_empty()
    clean_text(text, MAX_TEXT, too_long="chat.text_too_long")
    html = render(text)
    mentioned = mentioned_in(html)
    if len(mentioned) > MAX_MENTIONS:
        detail = _("A message names at most 50 people and organisations.")
        raise Invalid(code="chat.too_many_mentions", detail=detail, fields={"text": [str(detail)]})
    return Words(text, html, tuple(mentioned), guess(text))


def text_empty() -> Invalid:
    """Nothing was said."""
    detail = _("Write something first.")
    return Invalid(code="chat.text_empty", detail=detail, fields={"text": [str(detail)]})


def is_quick(text: str) -> bool:
    """Whether :func:`words` takes next to no time for this text."""
    return len(text) > MAX_TEXT or (is_ready() and not has_markup(text))


def post_message(
    *,
    actor: Member,
    channel_id: int,
    said: Words,
    reply_to: int | None = None,
    thread: int | None = None,
    files: Sequence[uuid.UUID] = (),
) -> Written:
    """Say something in a channel or in a thread there, perhaps in reply to a message.

    Raises:
        NotFound: no such channel or message for this actor.
        Invalid: ``chat.thread_in_thread``, the message stands in a thread itself.
        Forbidden: not in the channel.
        Conflict: ``files.not_ready``, a file is not the actor's, or not there yet.
    """
    channel, membership = require(actor, channel_id, "message.post")
    if channel.slow_mode_s:
        keep_pace(actor, channel, membership)
    root = root_in(channel, thread) if thread is not None else None
    message = Message(
        channel=channel,
        author=actor,
        text=said.text,
        html=said.html,
        language=language_of(said.guessed, actor),
        reply_to=_answered(channel, reply_to, root) if reply_to is not None else None,
        thread=root,
        nth=next_nth(channel, is_in_thread=root is not None),
        posted_at=current().clock(),
    )
    add(message)
    named = name_in(message, actor, said.mentioned) if said.mentioned else []
    cards = show_files(message, actor, files) if files else []
    answered = message.reply_to
    quoted = excerpts([answered])[answered.pk] if answered else ""
    known = Around(mentions=named, files=cards, quoted=quoted)
    message.seq = append(
        topic=channel.topic,
        event="message.posted",
        actor=actor,
        subject=message,
        at=message.posted_at,
        fresh=partial(shown_one, message, known, MessagePosted),
    )
    if root is not None:
        count_reply(actor, root, message)
    return Written(message)


def _answered(channel: Channel, message_id: int, root: Message | None) -> Message:
    """The message that is answered; within a thread one of it.

    Raises:
        NotFound: no such message there, or it was deleted.
    """
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise NotFound
    if root is not None and root.pk not in {message.pk, message.thread_id}:
        raise NotFound
    return message


def edit_message(
    *,
    actor: Member,
    channel_id: int,
    message_id: int,
    said: Words,
    alts: Mapping[str, str] | None = None,
) -> Written:
    """Change one's own message, or what its pictures are said to show.

    The same text and the same descriptions again change nothing.

    Raises:
        NotFound: no such message for this actor, or it was deleted; no such file.
        Forbidden: somebody else's message.
        Invalid: ``chat.text_empty``, and it shows no file.
    """
    channel, _membership = require(actor, channel_id, "message.edit")
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise NotFound
    if message.author_id != actor.pk:
        raise Forbidden
    if not said.text and not message.has_files:
        raise text_empty()
    described = describe_files(message, alts) if alts else False
    named = None
    if message.text != said.text:
        named = _rewrite(message, actor, said)
    if named is not None or described:
        known = around([message])[message.pk]
        known = known if named is None else replace(known, mentions=named)
        append(
            topic=channel.topic,
            event="message.edited",
            actor=actor,
            subject=message,
            fresh=partial(shown_one, message, known, MessageEdited),
        )
    return Written(message)


def _rewrite(message: Message, actor: Member, said: Words) -> list[Named]:
    keep_version(message)
    message.language = language_after_edit(message, said.guessed, actor)
    was_naming = MENTIONS in message.html
    message.text, message.html, message.edited_at = said.text, said.html, now()
    if was_naming:
        Mention.objects.filter(message=message).delete()
    named = name_in(message, actor, said.mentioned) if said.mentioned else []
    message.save(update_fields=["text", "html", "language", "edited_at"])
    return named


def delete_message(*, actor: Member, channel_id: int, message_id: int) -> Written:
    """Take back one's own message, or as a moderator anybody's; its place stays.

    Raises:
        NotFound: no such message for this actor.
        Forbidden: somebody else's message.
    """
    channel, membership = require(actor, channel_id, "message.delete")
    message = message_in(channel, message_id)
    if message.author_id != actor.pk and not moderates(actor, channel, membership):
        raise Forbidden
    if message.deleted_at is None:
        message.text, message.html, message.deleted_at = "", "", now()
        message.pinned_at, message.is_forward = None, False
        if message.has_files:
            take_files_off(message)
        message.save(
            update_fields=["text", "html", "deleted_at", "pinned_at", "is_forward", "has_files"]
        )
        for model in (Reaction, Mention, Version, Forward):
            model.objects.filter(message=message).delete()
        append(
            topic=channel.topic,
            event="message.deleted",
            actor=actor,
            subject=message,
            fresh=partial(shown_one, message, around([message])[message.pk], MessageDeleted),
        )
        if message.thread is not None:
            message.thread.channel = channel
            uncount_reply(actor, message.thread, message)
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
