"""What the chat keeps of the pages that members linked to; it goes with the message."""

from collections.abc import Iterator

from base.personal import CHOSEN, Holdings, Texts, nothing_to_export, register_holdings
from chat.actions.previews import delete_previews_of_deleted


def erase(_member_id: int, texts: Texts) -> Iterator[None]:
    """Take away what messages show that were taken away before (`chat.messages`)."""
    if texts == Texts.TAKE:
        yield from delete_previews_of_deleted()


register_holdings(
    Holdings(
        name="chat.previews",
        columns={
            "chat.Preview.url": CHOSEN,
            "chat.Preview.title": CHOSEN,
            "chat.Preview.description": CHOSEN,
            "chat.Preview.site": CHOSEN,
            "chat.Preview.picture": CHOSEN,
        },
        export=nothing_to_export,
        erase=erase,
    )
)
