"""Writes of REST that no command says, done once however often they are sent.

Invariant: what was made and the key with its answer stand or fall together, as a command's do.
"""

import uuid
from collections.abc import Callable
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from rest_framework.request import Request

from base.errors import KeyReused
from live.models import WriteKey
from live.performing import body_digest
from live.rest import key_of

Reply = dict[str, Any]


class NoBody(msgspec.Struct, frozen=True, kw_only=True):
    """What a write without a body was sent with."""


def once(
    request: Request, write: str, data: msgspec.Struct, do: Callable[[], Reply]
) -> tuple[Reply, bool]:
    """Do a write under the request's key, or find what it did when the key came before.

    Without a key it is done each time. The first reply is kept as long as keys are: ids and
    numbers, never words or secrets.

    Args:
        request: Of a member.
        write: What tells it from other writes, such as its `operation_id` and the row above it.
        data: The body as it was validated.
        do: The action, in this transaction; returns what is to be kept.

    Returns:
        The reply, and whether it is the first one again.

    Raises:
        KeyMissing: `key.missing`, the key is no UUID.
        KeyReused: `key.reused`, it was used for another write.
        Refusal: As the action says; the key is not used up.
    """
    key = key_of(request)
    if key is None:
        return do(), False
    member_id = int(request.user.pk or 0)
    digest = body_digest(write, "", data)
    found = _kept(member_id, key, digest)
    if found is not None:
        return found, True
    try:
        with transaction.atomic():
            reply = do()
            WriteKey.objects.create(member_id=member_id, key=key, digest=digest, reply=reply)
    except IntegrityError:
        # The same request came twice at once: the other one was the first.
        found = _kept(member_id, key, digest)
        if found is None:
            raise
        return found, True
    return reply, False


def _kept(member_id: int, key: uuid.UUID, digest: bytes) -> Reply | None:
    row = WriteKey.objects.filter(member_id=member_id, key=key).first()
    if row is None:
        return None
    if bytes(row.digest) != digest:
        raise KeyReused
    reply: Reply = row.reply
    return reply
