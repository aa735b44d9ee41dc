"""Reads of the chat."""

from chat.queries.channels import (
    ListGroup,
    channel_rows,
    channel_state,
    channel_states,
    list_groups,
    listed_channels,
    member_total,
    members_in,
    people_by_channel,
    people_of,
    title_of,
    titles_of,
)
from chat.queries.messages import (
    MessagePage,
    message_page,
    messages_by_id,
    messages_with_people,
    reactions_of,
    shown,
    shown_one,
)
from chat.queries.reading import read_markers, unread_by_member

__all__ = [
    "ListGroup",
    "MessagePage",
    "channel_rows",
    "channel_state",
    "channel_states",
    "list_groups",
    "listed_channels",
    "member_total",
    "members_in",
    "message_page",
    "messages_by_id",
    "messages_with_people",
    "people_by_channel",
    "people_of",
    "reactions_of",
    "read_markers",
    "shown",
    "shown_one",
    "title_of",
    "titles_of",
    "unread_by_member",
]
