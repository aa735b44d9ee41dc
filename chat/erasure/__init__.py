"""What the chat keeps of people, one module per noun (`base.personal` says how)."""

from chat.erasure import channels, messages, previews

__all__ = ["channels", "messages", "previews"]
