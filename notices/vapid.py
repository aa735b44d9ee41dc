"""The site's own key for web push (VAPID, RFC 8292): made once, kept in the data folder.

No relay of others stands between: a message goes to the push service of the reader's browser,
signed with this key and encrypted for that browser alone. Another key ends all subscriptions.
"""

import base64
import os
from email.utils import parseaddr
from functools import cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

FILE: Final = "vapid_key"
_BYTES: Final = 32


@cache
def key_pair() -> Vapid02:
    """The key pair: of the setting, else of the data folder, made there when it is first needed.

    Raises:
        ValueError: what is set is no P-256 key of 32 bytes in base64url.
    """
    return Vapid02.from_raw((settings.VAPID_PRIVATE_KEY or _kept()).encode())


@cache
def public_key() -> str:
    """The public key as browsers take it: an uncompressed point, base64url without padding."""
    point = key_pair().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _base64url(point)


def authorization(audience: str, expires_at: int) -> str:
    """The header by which a push service knows who speaks.

    Args:
        audience: Scheme and host of the push service.
        expires_at: Seconds since 1970, at most a day ahead.
    """
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    claims = {"aud": audience, "exp": expires_at, "sub": f"mailto:{address}"}
    return str(key_pair().sign(claims)["Authorization"])


def _kept() -> str:
    path = settings.DATA_DIR / FILE
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        draft = path.with_name(f"{FILE}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(_base64url(made.to_bytes(_BYTES, "big")))
        try:
            # Whole or not at all, and the first of several processes wins.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return str(path.read_text(encoding="ascii").strip())


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
