"""Writes of the files that messages show; each is a part of a write about the message itself."""

import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from base.errors import Invalid, NotFound
from base.text import clean_text
from chat.models import Attachment, Message
from chat.vocabulary import MAX_FILES
from files.actions import attach_files, release_files
from files.events import FileCard
from files.queries import card_of
from files.vocabulary import MAX_ALT
from live.units import add
from members.models import Member

PLACE = "chat"


def check_files(file_ids: Sequence[uuid.UUID]) -> None:
    """Let through what one message may show.

    Raises:
        Invalid: ``chat.too_many_files``, more than ten; one of them twice.
    """
    if len(file_ids) > MAX_FILES:
        detail = _("A message has at most 10 files.")
        raise Invalid(code="chat.too_many_files", detail=detail, fields={"files": [str(detail)]})
    if len(set(file_ids)) < len(file_ids):
        raise Invalid(fields={"files": [str(_("A file stands there twice."))]})


def show_files(message: Message, actor: Member, file_ids: Sequence[uuid.UUID]) -> list[FileCard]:
    """Have a new message show one's own files. Two queries.

    Args:
        message: It may still wait for its id.
        actor: Its author, whose files they are.
        file_ids: In the order in which they stand.

    Raises:
        Conflict: ``files.not_ready``.
    """
    cards = []
    for position, file in enumerate(attach_files(actor=actor, file_ids=file_ids, place=PLACE)):
        add(Attachment(file=file, position=position, alt=file.alt), message=message)
        cards.append(card_of(file))
    message.has_files = True
    return cards


def pass_files_on(source: Message, message: Message) -> list[FileCard]:
    """Have a new message show the files of another that its author may read. One query."""
    cards = []
    for row in (
        Attachment.objects.filter(message=source).select_related("file").order_by("position")
    ):
        add(Attachment(file=row.file, position=row.position, alt=row.alt), message=message)
        cards.append(card_of(row.file, row.alt))
    message.has_files = bool(cards)
    return cards


def describe_files(message: Message, alts: Mapping[str, str]) -> bool:
    """Say what pictures of a message show; whether anything changed.

    Raises:
        NotFound: the message shows no such file.
        Invalid: ``text.too_long``, ``text.unreadable``.
    """
    rows = {str(row.file_id): row for row in Attachment.objects.filter(message=message)}
    if alts.keys() - rows.keys():
        raise NotFound
    changed = False
    for file_id, alt in alts.items():
        clean_text(alt, MAX_ALT)
        if rows[file_id].alt != alt:
            rows[file_id].alt = alt
            rows[file_id].save(update_fields=["alt"])
            changed = True
    return changed


def take_files_off(message: Message) -> None:
    """A message that is deleted shows no files any more; those that no other shows go."""
    rows = Attachment.objects.filter(message=message)
    ids = set(rows.values_list("file_id", flat=True))
    rows.delete()
    still = set(Attachment.objects.filter(file_id__in=ids).values_list("file_id", flat=True))
    release_files(file_ids=ids - still)
    message.has_files = False
