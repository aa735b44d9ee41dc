"""What the chat keeps of who is where: memberships; a channel is everybody's and stays."""

from collections.abc import Iterator

from base.personal import (
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
)
from chat.models import Membership

OF_THE_CHANNEL = kept("says what a channel is for, and stays with it")


def export(member_id: int) -> Iterator[ExportFile]:
    """The channels that one is in."""
    rows = Membership.objects.inside().filter(member_id=member_id).order_by("pk")
    yield as_json(
        "chat/channels.json",
        rows.values("channel_id", "channel__name", "role", "joined_at").iterator(),
    )


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Leave every channel, former ones too."""
    yield from delete_all(Membership.objects.filter(member_id=member_id))


register_holdings(
    Holdings(
        name="chat.channels",
        columns={
            "chat.Channel.name": OF_THE_CHANNEL,
            "chat.Channel.purpose": OF_THE_CHANNEL,
            "chat.Membership.member": ERASED,
        },
        export=export,
        erase=erase,
    )
)
