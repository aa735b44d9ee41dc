"""What messages say in one line: their text, else what they pass on, else what their files show."""

from collections.abc import Collection, Iterable

from base.text import excerpt
from chat.models import Forward, Message
from chat.queries.attachments import files_of
from chat.vocabulary import EXCERPT
from files.events import FileCard


def in_a_line(text: str, forwarded: str, files: Iterable[FileCard]) -> str:
    """One line of plain text, at most ``EXCERPT`` characters.

    Args:
        text: What its author wrote; may be empty.
        forwarded: The text that it passes on; empty without one.
        files: What it shows, named by their descriptions, else by their names.
    """
    said = excerpt(text, EXCERPT) or excerpt(forwarded, EXCERPT)
    if said:
        return said
    return excerpt_of_names([file.alt or file.name for file in files])


def excerpt_of_names(names: Collection[str]) -> str:
    """Names in one line, at most ``EXCERPT`` characters."""
    line = " ".join(", ".join(names).split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1].rstrip()}…"


def excerpts(messages: Iterable[Message]) -> dict[int, str]:
    """One line of each of these messages, by id; nothing of one that is deleted.

    No query for messages with a text, at most two for the others.
    """
    found: dict[int, str] = {}
    silent: list[Message] = []
    for row in messages:
        found[row.pk] = excerpt(row.text, EXCERPT)
        if not found[row.pk] and row.deleted_at is None:
            silent.append(row)
    passing = [row.pk for row in silent if row.is_forward]
    forwards = Forward.objects.in_bulk(passing) if passing else {}
    files = files_of([row.pk for row in silent if row.has_files])
    for row in silent:
        forward = forwards.get(row.pk)
        found[row.pk] = in_a_line("", forward.text if forward else "", files.get(row.pk, []))
    return found
