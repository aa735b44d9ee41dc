"""Pure rules of the chat: what is acceptable, who may do what."""

import unicodedata

from chat.vocabulary import MAX_EMOJI, Kind, Role

READS = (
    "channel.place",
    "channel.read",
    "channel.unread",
    "message.bookmark",
    "thread.follow",
    "thread.read",
)
TALKS = (
    "channel.leave",
    "message.delete",
    "message.edit",
    "message.forward",
    "message.mark",
    "message.post",
    "message.react",
    "message.schedule",
    "preview.remove",
)
SPEAKS = frozenset(
    {
        "message.edit",
        "message.forward",
        "message.mark",
        "message.post",
        "message.react",
        "message.schedule",
    }
)
GATHERS = ("channel.edit", "member.add", "message.pin")
LOOKS_AFTER = (
    "channel.edit",
    "link.make",
    "link.revoke",
    "member.add",
    "member.remove",
    "message.pin",
)
OWNS = ("channel.archive", "member.role")


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
    *, kind: str, role: str | None, moderates: bool, may_join: bool, is_archived: bool
) -> tuple[str, ...]:
    """The commands that somebody who may read a channel has there, sorted.

    Args:
        kind: Of the channel.
        role: The reader's role in it, None outside.
        moderates: Whether the reader looks after it; never in conversations.
        may_join: Whether the channel lets the reader in without being asked.
        is_archived: Whether it takes no more messages.
    """
    if role is None:
        return ("channel.join",) if may_join and not is_archived else ()
    can = {*READS, "channel.leave"}
    if role != Role.READER and not is_archived:
        can |= set(TALKS)
    if kind == Kind.DIRECT:
        can.discard("channel.leave")
        can.add("message.pin")
    if kind == Kind.GROUP:
        can |= set(GATHERS)
    if moderates:
        can |= set(LOOKS_AFTER)
    if kind == Kind.CHANNEL and role == Role.OWNER:
        can |= set(OWNS)
    return tuple(sorted(can))


def pair_of(first_id: int, second_id: int) -> str:
    """The key of the one direct conversation that two members have, whoever begins it."""
    return f"{min(first_id, second_id)}:{max(first_id, second_id)}"


def other_of(pair: str, member_id: int) -> int:
    """The other member of a pair."""
    first, second = (int(part) for part in pair.split(":"))
    return second if first == member_id else first
