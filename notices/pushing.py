"""Sends web push messages (RFC 8030, 8291): encrypted for one browser, to its own push service.

Addresses come from browsers, so they are untrusted: https alone, public addresses alone, looked up
and checked just before the connection, no redirection, few bytes read, a time limit.
"""

import asyncio
import base64
import binascii
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from files.fetching import PUBLIC, UnfetchableError, Web, checked, pinned
from notices import vapid

LONGEST_S: Final = 6.0
AT_ONCE: Final = 8
TTL_S: Final = 24 * 3600
"""How long the push service keeps a message for a browser that is away."""
SIGNED_FOR_S: Final = 12 * 3600
MAX_BODY_BYTES: Final = 3000
_AUTH_BYTES: Final = 16
_POINT_BYTES: Final = 65


class Outcome(Enum):
    """What became of a message."""

    TAKEN = "taken"
    GONE = "gone"
    """The browser is no longer subscribed."""
    LATER = "later"
    """It may be taken later."""


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one browser; the body is at most ``MAX_BODY_BYTES`` long."""

    subscription_id: int
    endpoint: str
    p256dh: str
    auth: str
    body: bytes


def is_endpoint(url: str) -> bool:
    """Whether this could be the address of a push service: https, port 443, a host, no password."""
    try:
        return checked(url, {443}).scheme == "https"
    except (UnfetchableError, httpx.InvalidURL, ValueError):
        return False


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether these are a browser's keys: a point of P-256 and 16 bytes, base64url."""
    try:
        point, secret = _bytes(p256dh), _bytes(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error):
        return False
    return len(point) == _POINT_BYTES and len(secret) == _AUTH_BYTES


def send_all(pushes: Sequence[Push], web: Web = PUBLIC) -> dict[int, Outcome]:
    """Send messages, several at a time; what became of each, by subscription."""
    return asyncio.run(_send_all(pushes, web))


async def _send_all(pushes: Sequence[Push], web: Web) -> dict[int, Outcome]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(push: Push) -> Outcome:
        async with gate:
            try:
                async with asyncio.timeout(LONGEST_S):
                    return await _send(push, web)
            except UnfetchableError:
                return Outcome.GONE
            except (OSError, httpx.HTTPError, ValueError):
                return Outcome.LATER

    found = await asyncio.gather(*(one(push) for push in pushes))
    return {push.subscription_id: outcome for push, outcome in zip(pushes, found, strict=True)}


async def _send(push: Push, web: Web) -> Outcome:
    # It brings clients for HTTP that we do not use: 14 MiB for processes that send nothing.
    from pywebpush import WebPusher

    target = checked(push.endpoint, web.ports)
    keys = {"p256dh": push.p256dh, "auth": push.auth}
    sealed = WebPusher({"endpoint": push.endpoint, "keys": keys}).encode(push.body)
    audience = f"{target.scheme}://{target.netloc.decode('ascii')}"
    headers = {
        "Host": target.netloc.decode("ascii"),
        "Authorization": vapid.authorization(audience, int(time.time()) + SIGNED_FOR_S),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_S),
        "Urgency": "normal",
        "Connection": "close",
    }
    transport = httpx.AsyncHTTPTransport(trust_env=False, retries=0, http2=False)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        request = httpx.Request(
            "POST",
            await pinned(target, web),
            headers=headers,
            content=sealed["body"],
            extensions={
                "sni_hostname": target.host,
                "timeout": httpx.Timeout(LONGEST_S).as_dict(),
            },
        )
        # The answer's body says nothing that we need, and is not read.
        answer = await client.send(request, stream=True, follow_redirects=False)
        await answer.aclose()
    return outcome_of(answer.status_code)


def outcome_of(status: int) -> Outcome:
    """What the answer of a push service means (RFC 8030, section 5)."""
    if status in {200, 201, 202, 204}:
        return Outcome.TAKEN
    if status in {404, 410}:
        return Outcome.GONE
    return Outcome.LATER


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
