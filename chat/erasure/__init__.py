"""What the chat keeps of people, one module per noun (`base.personal` says how).

In the order in which they are erased: previews and mentions hang on messages.
"""

from chat.erasure import messages  # isort: skip
from chat.erasure import channels, copies, mentions, previews, unsent

__all__ = ["channels", "copies", "mentions", "messages", "previews", "unsent"]
