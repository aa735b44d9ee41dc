"""Who a socket or a program is, and how that ends: sessions, tokens, revocation.

A revocation is an event on an internal topic of the log, so every process hears of it within a
tick, with Redis or without.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.http.request import validate_host

from base.clock import now
from live.models import AccessToken
from live.registry import load_actors
from live.units import append, unit

REVOCATIONS = "@revocations"
USE_NOTED_EVERY = timedelta(minutes=5)
TOKEN_PREFIX = "cp_"  # noqa: S105 - a prefix that secret scanners can look for


@dataclass(frozen=True, slots=True)
class Credential:
    """What a socket was opened with.

    Attributes:
        session_key: Key of the session, None where a token was used.
        token_id: Id of the token, None where a session was used.
        scopes: What the token may do; None for a session, which has no limit.
    """

    member_id: int
    session_key: str | None = field(default=None, repr=False)
    token_id: int | None = None
    scopes: tuple[str, ...] | None = None


def session_digest(session_key: str) -> str:
    """What stands for a session key where the key itself must not: 32 hex digits."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def create_token(*, member: Any, name: str, scopes: Collection[str] = ("read", "write")) -> str:
    """Make an access token for the member's programs; it is shown this once.

    ``scopes`` are those of ``live/scopes.py``.
    """
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    AccessToken.objects.create(
        member=member, name=name[:80], digest=_digest(token), scopes=list(scopes)
    )
    return token


def create_tokens(members: Collection[Any], *, name: str) -> list[str]:
    """One token for each of the members, in their order. One query."""
    made = [TOKEN_PREFIX + secrets.token_urlsafe(32) for _ in members]
    AccessToken.objects.bulk_create(
        AccessToken(member=member, name=name, digest=_digest(token))
        for member, token in zip(members, made, strict=True)
    )
    return made


def revoke_token(token: AccessToken) -> None:
    """End a token and the sockets that were opened with it, within 2 s."""
    with unit():
        AccessToken.objects.filter(pk=token.pk).update(revoked_at=now())
        _append(member=token.member_id, token=token.pk)


def find_token(token: str) -> AccessToken | None:
    """The row of a token that is still good. One query."""
    return (
        AccessToken.objects.select_related("member")
        .filter(digest=_digest(token), revoked_at=None, member__is_active=True)
        .first()
    )


def note_use(token: AccessToken) -> None:
    """Write down that a token is used, every five minutes at most."""
    moment = now()
    if token.last_used_at is None or moment - token.last_used_at > USE_NOTED_EVERY:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=moment)


def revoke(*, member: Any, session_key: str | None = None) -> None:
    """End the live sockets of one session, or of everything of a member, within 2 s.

    The session or account itself is the caller's to end; this closes what is open.
    """
    with unit():
        _append(member=member.pk, session=session_digest(session_key) if session_key else None)


def revoke_sessions(*, member: Any) -> None:
    """End the live sockets of all sessions of a member; tokens go on."""
    with unit():
        _append(member=member.pk, sessions=True)


def recheck(*, member: Any) -> None:
    """Look again at what the member's sockets may do, after a role was given or taken."""
    with unit():
        _append(member=member.pk, recheck=True)


def keep_apart(*, member: Any, other: Any) -> None:
    """Look again at who is hidden from the two members' sockets, within 2 s."""
    with unit():
        _append(member=member.pk, apart=other.pk)


def _append(**facts: Any) -> None:
    append(topic=REVOCATIONS, event="revoked", data=facts)


def ends(facts: Mapping[str, Any], credential: Credential) -> bool:
    """Whether a revocation ends sockets that were opened with that credential."""
    if facts["member"] != credential.member_id or facts.get("recheck") or facts.get("apart"):
        return False
    if facts.get("sessions"):
        return credential.session_key is not None
    if facts.get("session") is not None:
        key = credential.session_key
        return key is not None and session_digest(key) == facts["session"]
    if facts.get("token") is not None:
        return credential.token_id == int(facts["token"])
    return True


def authenticate(scope: Mapping[str, Any]) -> Credential | None:
    """Who opens this socket; None for nobody. At most three queries.

    A bearer token wins over a cookie; a cookie needs an ``Origin``, which every browser sends.
    """
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if b"origin" in headers and not is_own_origin(headers[b"origin"], scope, headers):
        return None
    kind, _, token = headers.get(b"authorization", "").partition(" ")
    if kind.lower() == "bearer":
        row = find_token(token.strip())
        if row is None:
            return None
        note_use(row)
        return Credential(row.member_id, token_id=row.pk, scopes=tuple(row.scopes))
    if b"origin" not in headers:
        return None
    try:
        cookies = SimpleCookie(headers.get(b"cookie", ""))
    except CookieError:
        return None
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return None
    engine = import_module(settings.SESSION_ENGINE)
    session = engine.SessionStore(morsel.value)
    member = get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]
    if not member.is_authenticated or not member.is_active:
        return None
    return Credential(member.pk, session_key=morsel.value)


def is_own_origin(origin: str, scope: Mapping[str, Any], headers: Mapping[bytes, str]) -> bool:
    """Whether an ``Origin`` is the request's own scheme and an allowed host."""
    host = headers.get(b"host", "")
    scheme = {"ws": "http", "wss": "https"}.get(scope.get("scheme", "ws"), "http")
    if settings.TRUST_PROXY:
        scheme = headers.get(b"x-forwarded-proto", scheme).split(",")[0].strip()
    parts = urlsplit(origin)
    name = urlsplit(f"//{host}").hostname or ""
    name = f"[{name}]" if ":" in name else name
    return (
        parts.scheme == scheme
        and parts.netloc.lower() == host.lower()
        and validate_host(name, settings.ALLOWED_HOSTS)
    )


def still_good(credentials: Collection[Credential]) -> set[Credential]:
    """Those credentials that would still sign in: the slow check beside revocations.

    It finds what no action said: a session that expired or a row that was deleted by hand.
    Three queries.
    """
    engine = import_module(settings.SESSION_ENGINE)
    sessions = set(
        engine.SessionStore.get_model_class()
        .objects.filter(
            session_key__in={c.session_key for c in credentials if c.session_key},
            expire_date__gt=now(),
        )
        .values_list("session_key", flat=True)
    )
    active = {
        pk
        for pk, member in load_actors({c.member_id for c in credentials}).items()
        if member.is_active
    }
    tokens = set(
        AccessToken.objects.filter(
            pk__in={c.token_id for c in credentials if c.token_id}, revoked_at=None
        ).values_list("pk", flat=True)
    )
    return {
        c
        for c in credentials
        if c.member_id in active and (c.session_key in sessions or c.token_id in tokens)
    }
