"""A whole channel as JSON or Markdown, in pieces: memory does not grow with its length."""

from collections.abc import Iterator

import msgspec

from base.clock import wire_time
from chat.models import Channel, Forward, Message
from chat.queries.channels import channel_state
from chat.queries.excerpts import excerpts
from chat.queries.marks import forwards_of
from chat.queries.messages import messages_with_people, shown

AT_ONCE = 500


def as_json(channel: Channel) -> Iterator[bytes]:
    """One JSON object: the channel, and its messages in the shape of the wire, the oldest first."""
    head = msgspec.json.encode({"channel": channel_state(channel)})
    yield head[:-1] + b',"messages":[\n'
    is_first = True
    for part in _parts(channel):
        rows = [msgspec.json.encode(row) for row in shown(part)]
        yield (b"" if is_first else b",\n") + b",\n".join(rows)
        is_first = False
    yield b"\n]}\n"


def as_markdown(channel: Channel) -> Iterator[bytes]:
    """The channel to be read: a heading per day, each message under its author and time (UTC)."""
    yield f"# {channel.name}\n\n{channel.purpose}\n".encode()
    day = ""
    for part in _parts(channel):
        lines: list[str] = []
        passed_on = forwards_of([row.pk for row in part if row.is_forward])
        roots = _roots(part)
        for row in shown(part):
            date, _, time = row.posted_at.partition("T")
            if date != day:
                day = date
                lines.append(f"\n## {date}\n")
            name = row.author.name if row.author else "?"
            lines.append(f"**{_flat(name)}**, {time[:5]} UTC\n")
            if row.thread is not None and row.thread in roots:
                lines.append(f"> ↳ {_flat(roots[row.thread])}\n")
            if row.reply_to:
                lines.append(f"> {_flat(row.reply_to.excerpt)}\n")
            lines.append("*deleted*\n" if row.deleted else f"{row.text}\n")
            if row.forwarded:
                lines.append(_quoted(passed_on[row.id]))
            lines += [
                f"- {_flat(': '.join(filter(None, (file.name, file.alt))))}\n" for file in row.files
            ]
        yield "\n".join([*lines, ""]).encode()


def _parts(channel: Channel) -> Iterator[list[Message]]:
    """All messages, those in threads too, 500 at a time. A constant number of queries for each."""
    last = 0
    while True:
        rows = messages_with_people().filter(channel=channel, pk__gt=last).order_by("pk")
        part = list(rows[:AT_ONCE])
        if not part:
            return
        yield part
        last = part[-1].pk


def _roots(part: list[Message]) -> dict[int, str]:
    """One line of the messages under whose threads some of these stand. At most three queries."""
    ids = {row.thread_id for row in part if row.thread_id is not None}
    return excerpts(Message.objects.filter(pk__in=ids)) if ids else {}


def _quoted(forward: Forward) -> str:
    """What a message passes on: who said it when, and every line of it."""
    name = forward.author.name if forward.author else "?"
    date, _, time = wire_time(forward.said_at).partition("T")
    head = f"**{_flat(name)}**, {date} {time[:5]} UTC"
    return "".join(f"> {line}\n" for line in [head, "", *forward.text.splitlines()])


def _flat(text: str) -> str:
    """A text on one line, without what Markdown would make of it at its edges."""
    return " ".join(text.split()).replace("*", "\\*")
