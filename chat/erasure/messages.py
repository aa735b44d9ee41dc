"""What the chat keeps of what a member said: messages and reactions.

A message that is taken away keeps its place and loses its words, as a deleted one does.
"""

from collections.abc import Iterator

from base.clock import now, wire_time
from base.personal import (
    ANONYMISED,
    CHOSEN,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    as_text,
    delete_all,
    register_holdings,
    update_all,
)
from chat.models import Message, Reaction


def export(member_id: int) -> Iterator[ExportFile]:
    """One's messages, as JSON and each channel's as one Markdown file, and one's reactions."""
    own = Message.objects.filter(author_id=member_id, deleted_at=None).order_by("pk")
    shown = own.select_related("channel").iterator()
    yield as_json("chat/messages.json", (_row(message) for message in shown))
    for channel in own.order_by().values_list("channel_id", flat=True).distinct():
        said = own.filter(channel_id=channel).values_list("posted_at", "text")
        text = "\n\n---\n\n".join(f"{wire_time(at)}\n\n{text}" for at, text in said.iterator())
        yield as_text(f"chat/channel-{channel}.md", text + "\n")
    reactions = Reaction.objects.filter(member_id=member_id).order_by("pk")
    yield as_json("chat/reactions.json", reactions.values("message_id", "emoji", "at").iterator())


def _row(message: Message) -> dict[str, object]:
    return {
        "id": message.pk,
        "channel": message.channel_id,
        "channel_name": message.channel.name,
        "text": message.text,
        "language": message.language,
        "posted_at": message.posted_at,
        "edited_at": message.edited_at,
    }


def erase(member_id: int, texts: Texts) -> Iterator[None]:
    """Take the member's reactions, and their words or only the name on them."""
    yield from delete_all(Reaction.objects.filter(member_id=member_id))
    own = Message.objects.filter(author_id=member_id)
    if texts == Texts.TAKE:
        emptied = {"text": "", "html": "", "language": "", "deleted_at": now()}
        yield from delete_all(Reaction.objects.filter(message__author_id=member_id))
        yield from update_all(own, author=None, **emptied)
    yield from update_all(own, author=None)


register_holdings(
    Holdings(
        name="chat.messages",
        columns={
            "chat.Message.author": ANONYMISED,
            "chat.Message.text": CHOSEN,
            "chat.Message.html": CHOSEN,
            "chat.Message.language": CHOSEN,
            "chat.Reaction.member": ERASED,
            "chat.Reaction.emoji": ERASED,
        },
        export=export,
        erase=erase,
    )
)
