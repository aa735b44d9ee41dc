"""Writes of threads inside a channel: counting replies, following, reading."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from base.errors import Invalid, NotFound
from chat.access import message_in, require
from chat.events.messages import ThreadChanged
from chat.events.threads import ThreadFollowed
from chat.models import Channel, Message, ThreadPlace
from chat.queries.threads import replies_under, thread_place
from chat.vocabulary import SHOWN_REPLIERS
from live.registry import Written, load_actors
from live.units import append, current
from members.models import Member

LOOKED_AT = 50


def root_in(channel: Channel, message_id: int) -> Message:
    """The message under which a thread stands or may begin.

    Raises:
        NotFound: no such message there, or it was deleted before anybody replied.
        Invalid: ``chat.thread_in_thread``, the message stands in a thread itself.
    """
    root = message_in(channel, message_id)
    root.channel = channel
    if root.thread_id is not None:
        raise Invalid(
            code="chat.thread_in_thread",
            detail=_("This message stands in a thread already. Reply there."),
        )
    if root.deleted_at is not None and not root.replies:
        raise NotFound
    return root


def count_reply(actor: Member, root: Message, reply: Message) -> None:
    """A reply came: the root says so, its author and the one who wrote follow the thread."""
    others = [pk for pk in root.repliers or () if pk != actor.pk]
    root.replies += 1
    root.replied_at = reply.posted_at
    root.repliers = [actor.pk, *others][:SHOWN_REPLIERS]
    _append_changed(actor, root)
    _follow_by_writing(actor, root, actor.pk, reply.seq)
    if root.author_id not in {None, actor.pk}:
        _follow_by_writing(actor, root, root.author_id or 0, root.seq)


def uncount_reply(actor: Member | None, root: Message, reply: Message) -> None:
    """A reply was deleted: the root names those of the last 50 that are left."""
    left = list(
        Message.objects.filter(thread=root, deleted_at=None)
        .exclude(pk=reply.pk)
        .order_by("-pk")
        .values_list("author_id", "posted_at")[:LOOKED_AT]
    )
    authors = [author for author, _at in left if author is not None]
    root.replies = max(root.replies - 1, 0)
    root.repliers = list(dict.fromkeys(authors))[:SHOWN_REPLIERS]
    root.replied_at = left[0][1] if left else root.replied_at
    _append_changed(actor, root)


def _append_changed(actor: Member | None, root: Message) -> None:
    root.save(update_fields=["replies", "replied_at", "repliers"])
    replies = replies_under(root, load_actors(root.repliers or ()))
    append(
        topic=root.channel.topic,
        event="thread.changed",
        actor=actor,
        subject=root,
        fresh=partial(ThreadChanged, id=root.pk, replies=replies),
    )


def _follow_by_writing(actor: Member, root: Message, member_id: int, read_seq: int) -> None:
    place, is_new = ThreadPlace.objects.get_or_create(
        root=root, member_id=member_id, defaults={"read_seq": read_seq}
    )
    # Whoever stopped following is not drawn in again by the replies of others.
    if not is_new and (place.is_following or member_id != actor.pk):
        return
    if not is_new:
        place.is_following = True
        place.save(update_fields=["is_following"])
    _append_followed(actor, root, place)


def _append_followed(actor: Member, root: Message, place: ThreadPlace) -> None:
    facts = {
        "channel": root.channel_id,
        "following": place.is_following,
        "seq": place.read_seq,
    }
    append(
        topic=f"member:{place.member_id}",
        event="thread.followed",
        actor=actor,
        subject=root,
        data=facts,
        fresh=partial(
            ThreadFollowed,
            id=root.pk,
            channel=root.channel_id,
            following=place.is_following,
            seq=place.read_seq,
        ),
    )


def follow_thread(*, actor: Member, channel_id: int, message_id: int, on: bool) -> Written:
    """Follow the thread under a message or stop it; doing it twice changes nothing.

    Raises:
        NotFound: no such channel or message for this actor.
        Forbidden: not in the channel.
        Invalid: ``chat.thread_in_thread``.
    """
    channel, _membership = require(actor, channel_id, "thread.follow")
    root = root_in(channel, message_id)
    place = thread_place(actor, root)
    if (place is not None and place.is_following) == on:
        return Written(root)
    if place is None:
        head = current().head(channel.topic)
        place = ThreadPlace.objects.create(root=root, member=actor, read_seq=head)
    else:
        place.is_following = on
        place.save(update_fields=["is_following"])
    _append_followed(actor, root, place)
    return Written(root)


def read_thread(*, actor: Member, channel_id: int, message_id: int, seq: int) -> Written:
    """Move the read marker of a thread that one follows forward, at most to the head.

    Raises:
        NotFound: no such channel or message for this actor.
        Forbidden: not in the channel.
        Invalid: ``chat.thread_in_thread``.
    """
    channel, _membership = require(actor, channel_id, "thread.read")
    root = root_in(channel, message_id)
    place = thread_place(actor, root)
    seq = min(seq, current().head(channel.topic))
    if place is not None and place.read_seq < seq:
        place.read_seq = seq
        place.save(update_fields=["read_seq"])
        _append_followed(actor, root, place)
    return Written(root)
