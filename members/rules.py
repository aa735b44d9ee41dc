"""Pure calculations about accounts; no database."""

import hashlib
import secrets
from datetime import timedelta

INVITATION_LASTS = timedelta(days=14)
TOKEN_BYTES = 24


def new_invitation_token() -> str:
    """Return a fresh token of 192 random bits, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def invitation_hash(token: str) -> str:
    """Return what is stored of an invitation's token: SHA-256 in hexadecimal.

    The token is long and random, so a plain digest cannot be reversed by guessing.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def is_setup_code(typed: str, expected: str) -> bool:
    """Return whether the typed code is the expected one, in constant time; spaces do not count.

    An empty expectation means that the instance asks for none.
    """
    if not expected:
        return True
    return secrets.compare_digest("".join(typed.split()).encode(), expected.encode())
