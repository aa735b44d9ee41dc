"""Who may change what the site says of itself."""

from base.errors import NotFound
from front.vocabulary import TextKind
from members.access import Actor, is_staff, require_staff

__all__ = ["Actor", "is_staff", "known_kind", "require_staff"]


def known_kind(name: str) -> TextKind:
    """The page of this name.

    Raises:
        NotFound: there is none.
    """
    if name not in TextKind.values:
        raise NotFound
    return TextKind(name)
