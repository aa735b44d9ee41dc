"""REST of channels and their messages; every write is the command that the socket has."""

from chat.api.channels import ChannelPage, ChannelRow, ChannelsView, ChannelView, ConversationsView
from chat.api.messages import History, MessagesView, MessageView

__all__ = [
    "ChannelPage",
    "ChannelRow",
    "ChannelView",
    "ChannelsView",
    "ConversationsView",
    "History",
    "MessageView",
    "MessagesView",
]
