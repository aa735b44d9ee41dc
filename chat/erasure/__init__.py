"""What the chat keeps of people, one module per noun (`base.personal` says how).

In the order in which they are erased: previews and mentions hang on messages.
"""

from chat.erasure import messages  # isort: skip
from chat.erasure import channels, mentions, previews, unsent

__all__ = ["channels", "mentions", "messages", "previews", "unsent"]
