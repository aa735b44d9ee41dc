"""What the chat keeps of copies of rooms: they are of what others wrote, so they only go."""

from collections.abc import Iterator

from base.personal import ERASED, Holdings, Texts, delete_all, nothing_to_export, register_holdings
from chat.actions.copies import copy_path
from chat.models import RoomCopy


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Delete the copies that the member asked for, files first."""
    rows = RoomCopy.objects.filter(member_id=member_id)
    for row in rows:
        copy_path(row).unlink(missing_ok=True)
    yield from delete_all(rows)


register_holdings(
    Holdings(
        name="chat.copies",
        columns={"chat.RoomCopy.member": ERASED},
        export=nothing_to_export,
        erase=erase,
    )
)
