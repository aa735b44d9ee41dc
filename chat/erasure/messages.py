"""What the chat keeps of what a member said: messages, what they said before, reactions.

A message that is taken away keeps its place and loses its words, as a deleted one does; one that
is left loses its author. Either is an event, so that live pages, the search and whoever else
follows the log see it too.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q, QuerySet

from base.clock import now, wire_time
from base.personal import (
    ANONYMISED,
    CHOSEN,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    register_holdings,
)
from chat.actions.attachments import take_files_off
from chat.actions.threads import uncount_reply
from chat.models import Attachment, Forward, Mention, Message, Reaction, Version
from live.units import append, unit
from search.index import forget

AT_ONCE = 100


def export(member_id: int) -> Iterator[ExportFile]:
    """One's messages, as JSON and each channel's as one Markdown file, and one's reactions."""
    own = Message.objects.filter(author_id=member_id, deleted_at=None).order_by("pk")
    shown = own.select_related("channel").iterator()
    yield as_json("chat/messages.json", (_row(message) for message in shown))
    for channel in own.order_by().values_list("channel_id", flat=True).distinct():
        said = own.filter(channel_id=channel).values_list("posted_at", "text").iterator()
        yield ExportFile(f"chat/channel-{channel}.md", _as_markdown(said))
    before = Version.objects.filter(message__author_id=member_id).order_by("pk")
    yield as_json(
        "chat/versions.json", before.values("message_id", "text", "written_at").iterator()
    )
    reactions = Reaction.objects.filter(member_id=member_id).order_by("pk")
    yield as_json("chat/reactions.json", reactions.values("message_id", "emoji", "at").iterator())


def _row(message: Message) -> dict[str, object]:
    return {
        "id": message.pk,
        "channel": message.channel_id,
        "channel_name": message.channel.name,
        "thread": message.thread_id,
        "reply_to": message.reply_to_id,
        "text": message.text,
        "language": message.language,
        "posted_at": message.posted_at,
        "edited_at": message.edited_at,
    }


def _as_markdown(said: Iterable[tuple[object, str]]) -> Iterator[bytes]:
    for at, text in said:
        yield f"{wire_time(at)}\n\n{text}\n\n---\n\n".encode()  # type: ignore[arg-type]


def erase(member_id: int, texts: Texts) -> Iterator[None]:
    """Take the member's reactions, and their words or only the name on them."""
    reacted = Message.objects.filter(reactions__member=member_id).distinct()
    for messages in _batches(reacted):
        with unit():
            Reaction.objects.filter(message__in=messages, member=member_id).delete()
            tell(messages)
        yield
    own = Message.objects.filter(author_id=member_id)
    for messages in _batches(own):
        with unit():
            if texts == Texts.TAKE:
                for message in messages:
                    _take_away(message)
            Message.objects.filter(pk__in=[message.pk for message in messages]).update(author=None)
            # Who quotes them says whom.
            quoting = Message.objects.filter(reply_to__in=messages)
            tell([*messages, *quoting.exclude(author_id=member_id)])
        yield
    # Files of theirs that others pass on: the storage could not let go of them.
    if texts == Texts.TAKE:
        for messages in _batches(
            Message.objects.filter(attachments__file__owner=member_id).distinct()
        ):
            with unit():
                Attachment.objects.filter(message__in=messages, file__owner=member_id).delete()
                for message in messages:
                    message.has_files = Attachment.objects.filter(message=message).exists()
                    message.save(update_fields=["has_files"])
                tell(messages)
            yield
    passed_on = Q(forward__author=member_id)
    for messages in _batches(Message.objects.filter(passed_on)):
        with unit():
            copies = Forward.objects.filter(message__in=messages, author=member_id)
            if texts == Texts.TAKE:
                copies.update(text="", html="", room="")
            copies.update(author=None)
            # The log's follower indexes anew what is left.
            forget("message", [message.pk for message in messages])
            tell(messages)
        yield
    for messages in _batches(Message.objects.filter(repliers__isnull=False), member_id):
        with unit():
            for message in messages:
                message.repliers = [pk for pk in message.repliers or () if pk != member_id]
                message.save(update_fields=["repliers"])
                append(topic=f"chat:{message.channel_id}", event="thread.changed", subject=message)
        yield


def _batches(rows: QuerySet[Message], replier: int | None = None) -> Iterator[list[Message]]:
    """Messages in portions, by id; of threads those alone that a member replied in last."""
    last = 0
    ordered = rows.order_by("pk").select_related("thread__channel", "channel")
    while found := list(ordered.filter(pk__gt=last)[:AT_ONCE]):
        last = found[-1].pk
        chosen = [m for m in found if replier is None or replier in (m.repliers or ())]
        if chosen:
            yield chosen


def _take_away(message: Message) -> None:
    """Empty a message as if its author had deleted it."""
    was_said = message.deleted_at is None
    message.text = message.html = message.language = ""
    message.deleted_at = message.deleted_at or now()
    message.pinned_at, message.is_forward = None, False
    if message.has_files:
        take_files_off(message)
    message.save(
        update_fields=[
            "text", "html", "language", "deleted_at", "pinned_at", "is_forward", "has_files",
        ]
    )  # fmt: skip
    for model in (Reaction, Mention, Version, Forward):
        model.objects.filter(message=message).delete()
    if was_said and message.thread is not None:
        uncount_reply(None, message.thread, message)


def tell(messages: Sequence[Message]) -> None:
    """Say of each message how it is now, within a unit."""
    for message in sorted(messages, key=lambda m: f"chat:{m.channel_id}"):
        event = "message.edited" if message.deleted_at is None else "message.deleted"
        append(topic=f"chat:{message.channel_id}", event=event, subject=message)


register_holdings(
    Holdings(
        name="chat.messages",
        columns={
            "chat.Message.author": ANONYMISED,
            "chat.Message.text": CHOSEN,
            "chat.Message.html": CHOSEN,
            "chat.Message.language": CHOSEN,
            "chat.Message.repliers": ANONYMISED,
            "chat.Version.text": CHOSEN,
            "chat.Forward.author": ANONYMISED,
            "chat.Forward.text": CHOSEN,
            "chat.Forward.html": CHOSEN,
            "chat.Forward.room": CHOSEN,
            "chat.Attachment.alt": CHOSEN,
            "chat.Reaction.member": ERASED,
            "chat.Reaction.emoji": ERASED,
        },
        export=export,
        erase=erase,
    )
)
