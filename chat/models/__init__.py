"""Tables of the chat."""

from chat.models.channels import Channel, Membership
from chat.models.messages import Message, Reaction

__all__ = ["Channel", "Membership", "Message", "Reaction"]
