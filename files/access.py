"""Who may see and use files: the only door for ids from outside.

A file that belongs to nothing yet is its owner's alone. One that belongs to a place is read by
whoever reads that place, asked anew every time; the app that owns places of a kind registers how.
What a file counts for is an account; kinds of accounts are registered the same way.
"""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from base.errors import Conflict, Invalid, NotFound
from base.ids import split_topic
from files.images import UnreadablePicture
from files.models import File
from files.vocabulary import State

Readable = Callable[[Any, Collection[uuid.UUID]], Collection[uuid.UUID]]
Shown = Callable[[Collection[uuid.UUID]], Collection[uuid.UUID]]


@dataclass(frozen=True, slots=True)
class AccountKind:
    """One kind of account, e.g. ``organisation``.

    Attributes:
        own: The ids of this kind whose quota a member may use, the usual one first.
        quota_bytes: How much one of them may keep.
    """

    name: str
    own: Callable[[Any], Sequence[int]]
    quota_bytes: Callable[[int], int]


_places: dict[str, tuple[Readable, Shown]] = {}
_accounts: dict[str, AccountKind] = {
    "member": AccountKind(
        "member", lambda actor: [actor.pk], lambda _id: int(settings.FILES["member_bytes"])
    )
}


def register_place(kind: str, readable: Readable, shown: Shown) -> None:
    """Say who reads files that belong to a kind of place, and which still do; once per kind.

    Args:
        kind: At most 20 characters, what :attr:`File.place` says.
        readable: ``(actor, file_ids)`` to those of the files that the actor may read now, in a
            constant number of queries; the actor may be a stranger.
        shown: ids to those of the files that anything there still shows, whoever may read it;
            what nothing shows any more is swept away.
    """
    if kind in _places:
        message = f"files of {kind} are registered twice"
        raise ValueError(message)
    _places[kind] = readable, shown


def register_account(kind: AccountKind) -> None:
    """Add a kind of account; it is preferred to those registered before it."""
    if kind.name in _accounts:
        message = f"accounts of {kind.name} are registered twice"
        raise ValueError(message)
    _accounts[kind.name] = kind


def own_accounts(actor: Any) -> list[str]:
    """The accounts whose quota a member may use, the usual one first."""
    kinds = reversed(_accounts.values())
    return [f"{kind.name}:{pk}" for kind in kinds for pk in kind.own(actor)]


def account_for(actor: Any, name: str) -> str:
    """The account that a file of this member counts for; the usual one for an empty name.

    Raises:
        Invalid: it is not one of the member's.
    """
    own = own_accounts(actor)
    if not name:
        return own[0]
    if name not in own:
        raise Invalid(fields={"account": [str(NotFound.default_detail)]})
    return name


def quota_of(account: str) -> int:
    """How many bytes an account may keep; 0 for one whose kind is no more."""
    kind, number = split_topic(account) or ("", 0)
    return _accounts[kind].quota_bytes(number) if kind in _accounts else 0


def own_file(actor: Any, file_id: uuid.UUID) -> File:
    """A file of the actor's own, whatever its state.

    Raises:
        NotFound: there is none, it is another's, or it is gone.
    """
    found = File.objects.filter(pk=file_id, owner=actor).exclude(state=State.GONE).first()
    if found is None:
        raise NotFound
    return found


def own_picture(actor: Any, file_id: uuid.UUID) -> File:
    """A picture that the actor brought and that belongs to nothing yet.

    Raises:
        NotFound: there is none, it is another's, or it is gone.
        Conflict: ``files.not_ready``; ``files.attached``.
        Invalid: ``files.picture_unreadable``, it is something else.
    """
    found = own_file(actor, file_id)
    if found.state == State.UPLOADING:
        raise Conflict(code="files.not_ready", detail=_("The file has not come whole yet."))
    if found.place:
        raise Conflict(code="files.attached", detail=_("This file belongs to a message."))
    if not found.is_picture:
        raise UnreadablePicture
    return found


def readable_file(actor: Any, file_id: uuid.UUID) -> File:
    """A file that is ready and that the actor may read now.

    Raises:
        NotFound: there is none, it is not ready, or it is hidden from this reader.
    """
    found = File.objects.filter(pk=file_id, state=State.READY).first()
    if found is None or not may_read(actor, found):
        raise NotFound
    return found


def may_read(actor: Any, file: File) -> bool:
    """Whether the actor may read the file now."""
    if not file.place:
        return actor.pk is not None and file.owner_id == actor.pk
    readable, _shown = _places.get(file.place, (None, None))
    return readable is not None and file.pk in readable(actor, [file.pk])


def places() -> dict[str, Shown]:
    """The kinds of places, each with what says which files still belong there."""
    return {kind: shown for kind, (_readable, shown) in _places.items()}
