"""The number that a new message gets in its channel, under the lock of the channel's topic."""

from chat.models import Channel, Message
from live.units import current


def next_nth(channel: Channel, *, is_in_thread: bool) -> int:
    """How many messages outside threads stand in the channel with the one to be added.

    Asks the unit for what still waits to be inserted, then the channel as it was fetched under
    the lock; no query.
    """
    waiting = (
        row.nth
        for row in reversed(current().rows)
        if isinstance(row, Message) and row.channel_id == channel.pk
    )
    last = next(waiting, channel.last_nth or 0)
    return last if is_in_thread else last + 1
