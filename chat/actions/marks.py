"""Writes of what hangs on messages: whom they name, versions, pins, bookmarks, forwards."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, NotFound
from base.mentions import HERE, Mentioned, with_names
from chat.access import channel_for, message_in, require
from chat.actions.attachments import pass_files_on
from chat.actions.keeping import keep_pace
from chat.actions.ordinals import next_nth
from chat.events.marks import BookmarkChanged
from chat.events.messages import Mentioned as Named
from chat.events.messages import MessagePinned, MessagePosted
from chat.models import Bookmark, Forward, Mention, Message, Version
from chat.queries.marks import mentionable, pinned
from chat.queries.messages import Around, shown_one
from chat.vocabulary import MAX_BOOKMARKS, MAX_PINS, MAX_VERSIONS, MentionKind
from live.registry import Written
from live.units import add, append, current
from members.models import Member
from moderation.access import apart_from


def name_in(message: Message, actor: Member, wanted: tuple[Mentioned, ...]) -> list[Named]:
    """Write down whom a message names; its HTML names nobody else afterwards.

    Whoever blocks the author, or is blocked by them, is linked and not told. Three queries.

    Args:
        message: With its text and HTML; it may still wait for its id.
        actor: Its author.
        wanted: Whom its HTML names.
    """
    names = mentionable(actor, message.channel, wanted)
    message.html = with_names(message.html, names, keep_others=False)
    members = [number for kind, number in wanted if kind == MentionKind.MEMBER]
    apart = apart_from(actor.pk, members)
    named: list[Named] = []
    for kind, number in wanted:
        is_apart = kind == MentionKind.MEMBER and number in apart
        if is_apart or ((kind, number) != HERE and (kind, number) not in names):
            continue
        mention = Mention(
            kind=kind,
            member_id=number if kind == MentionKind.MEMBER else None,
            organisation_id=number if kind == MentionKind.ORGANISATION else None,
        )
        add(mention, message=message)
        named.append(Named(kind=kind, id=number, name=names.get((kind, number), "")))
    return named


def keep_version(message: Message) -> None:
    """Keep what a message says now; of many versions the newest 50 stay. Three queries."""
    since = message.edited_at or message.posted_at
    Version.objects.create(message=message, text=message.text, written_at=since)
    kept = Version.objects.filter(message=message).order_by("-pk")
    too_old = list(kept.values_list("pk", flat=True)[MAX_VERSIONS:])
    if too_old:
        Version.objects.filter(pk__in=too_old).delete()


def pin_message(*, actor: Member, channel_id: int, message_id: int, on: bool) -> Written:
    """Pin a message to the channel or take it off; doing it twice changes nothing.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
        Forbidden: not a moderator of the channel.
        Conflict: ``chat.too_many_pins``, the channel has 100.
    """
    channel, _membership = require(actor, channel_id, "message.pin")
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise NotFound
    if (message.pinned_at is not None) != on:
        if on and pinned(channel).count() >= MAX_PINS:
            raise Conflict(
                code="chat.too_many_pins",
                detail=_("This room has as many pinned messages as it can."),
            )
        message.pinned_at = now() if on else None
        message.save(update_fields=["pinned_at"])
        append(
            topic=channel.topic,
            event="message.pinned",
            actor=actor,
            subject=message,
            fresh=partial(MessagePinned, id=message.pk, pinned=on),
        )
    return Written(message)


def bookmark_message(*, actor: Member, channel_id: int, message_id: int, on: bool) -> Written:
    """Put a message among one's bookmarks or take it away; doing it twice changes nothing.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
        Forbidden: not in the channel.
        Conflict: ``chat.too_many_bookmarks``, one has 5,000.
    """
    channel, _membership = require(actor, channel_id, "message.bookmark")
    message = message_in(channel, message_id)
    if on and message.deleted_at is not None:
        raise NotFound
    own = Bookmark.objects.filter(member=actor)
    if own.filter(message=message).exists() == on:
        return Written(message)
    if on:
        if own.count() >= MAX_BOOKMARKS:
            raise Conflict(
                code="chat.too_many_bookmarks",
                detail=_("You have as many bookmarks as you can."),
            )
        Bookmark.objects.create(member=actor, message=message)
    else:
        own.filter(message=message).delete()
    append(
        topic=f"member:{actor.pk}",
        event="bookmark.changed",
        actor=actor,
        subject=message,
        data={"channel": channel.pk, "on": on},
        fresh=partial(BookmarkChanged, id=message.pk, channel=channel.pk, on=on),
    )
    return Written(message)


def forward_message(
    *,
    actor: Member,
    channel_id: int,
    source_channel: int,
    source_id: int,
    text: str,
    html: str,
    mentioned: tuple[Mentioned, ...],
) -> Written:
    """Pass on a message that one may read, with a text of one's own, which may be empty.

    A message that passes another on is passed on as the other.

    Raises:
        NotFound: no such channel or message for this actor, or it was deleted.
        Forbidden: not in the channel that it is to go to.
    """
    channel, membership = require(actor, channel_id, "message.forward")
    if channel.slow_mode_s:
        keep_pace(actor, channel, membership)
    source = message_in(channel_for(actor, source_channel), source_id)
    if source.deleted_at is not None:
        raise NotFound
    origin = Forward.objects.filter(pk=source.pk).first() if source.is_forward else None
    message = Message(
        channel=channel,
        author=actor,
        text=text,
        html=html,
        language=source.language,
        is_forward=True,
        nth=next_nth(channel, is_in_thread=False),
        posted_at=current().clock(),
    )
    add(message)
    forward = Forward(
        source_id=origin.source_id if origin else source.pk,
        channel=origin.channel if origin else source.channel,
        room=origin.room if origin else source.channel.name,
        author=origin.author if origin else source.author,
        text=origin.text if origin else source.text,
        html=origin.html if origin else source.html,
        said_at=origin.said_at if origin else source.posted_at,
    )
    add(forward, message=message)
    named = name_in(message, actor, mentioned) if mentioned else []
    cards = pass_files_on(source, message) if source.has_files else []
    message.seq = append(
        topic=channel.topic,
        event="message.posted",
        actor=actor,
        subject=message,
        at=message.posted_at,
        fresh=partial(
            shown_one,
            message,
            Around(mentions=named, forward=forward, files=cards),
            MessagePosted,
        ),
    )
    return Written(message)
