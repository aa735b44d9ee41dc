"""Pure rules of the chat: what is acceptable, who may do what."""

import unicodedata

from chat.vocabulary import MAX_EMOJI

READS = ("channel.read",)
TALKS = ("channel.leave", "message.delete", "message.edit", "message.post", "message.react")
LOOKS_AFTER = ("channel.edit", "member.add", "member.remove")


def is_emoji(text: str) -> bool:
    """Whether a text is one emoji or a short row of symbols, and no word.

    Letters, digits on their own, spaces and control characters are none; keycaps, flags, skin
    tones and joined emoji are.
    """
    if not text or len(text) > MAX_EMOJI:
        return False
    kinds = [unicodedata.category(char) for char in text]
    is_keycap = text.endswith("\N{COMBINING ENCLOSING KEYCAP}")
    allowed = {"So", "Sk", "Sm", "Mn", "Me", "Cf", "Po"} | ({"Nd"} if is_keycap else set())
    return all(kind in allowed for kind in kinds) and ("So" in kinds or "Sm" in kinds or is_keycap)


def commands_for(
    *, is_inside: bool, moderates: bool, is_public: bool, is_archived: bool
) -> tuple[str, ...]:
    """The commands that somebody who may read a channel has there, sorted."""
    if not is_inside:
        return ("channel.join",) if is_public and not is_archived else ()
    can = {*READS, "channel.leave"} if is_archived else {*READS, *TALKS}
    if moderates:
        can |= set(LOOKS_AFTER)
    return tuple(sorted(can))
