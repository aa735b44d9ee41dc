"""Tables of the chat."""

from chat.models.channels import Channel, InviteLink, Membership, Section
from chat.models.messages import Message, Reaction

__all__ = ["Channel", "InviteLink", "Membership", "Message", "Reaction", "Section"]
