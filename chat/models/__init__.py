"""Tables of the chat."""

from chat.models.attachments import Attachment
from chat.models.channels import Channel, InviteLink, Membership, Section
from chat.models.copies import RoomCopy
from chat.models.languages import LanguageChoice
from chat.models.marks import Bookmark, Forward, Mention, ThreadPlace, Version
from chat.models.messages import Message, Reaction
from chat.models.previews import Preview
from chat.models.unsent import Draft, Scheduled

__all__ = [
    "Attachment",
    "Bookmark",
    "Channel",
    "Draft",
    "Forward",
    "InviteLink",
    "LanguageChoice",
    "Membership",
    "Mention",
    "Message",
    "Preview",
    "Reaction",
    "RoomCopy",
    "Scheduled",
    "Section",
    "ThreadPlace",
    "Version",
]
