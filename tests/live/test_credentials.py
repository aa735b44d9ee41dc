"""Who opens a socket, and what ends it."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client

from base.clock import now
from live.credentials import (
    REVOCATIONS,
    Credential,
    authenticate,
    create_token,
    ends,
    find_token,
    is_own_origin,
    revoke,
    revoke_token,
    session_digest,
    still_good,
)
from live.models import AccessToken, Event
from members.models import Member
from tests import factories

SESSION = Credential(5, session_key="a-session")
TOKEN = Credential(5, token_id=7)


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"member": 5, "session": None}, [True, True]),
        ({"member": 6, "session": None}, [False, False]),
        ({"member": 5, "session": session_digest("a-session")}, [True, False]),
        ({"member": 5, "session": session_digest("another")}, [False, False]),
        ({"member": 5, "sessions": True}, [True, False]),
        ({"member": 5, "token": 7}, [False, True]),
        ({"member": 5, "token": 8}, [False, False]),
        ({"member": 5, "recheck": True}, [False, False]),
    ],
)
def test_what_a_revocation_ends(facts: dict[str, Any], wanted: list[bool]) -> None:
    assert [ends(facts, credential) for credential in (SESSION, TOKEN)] == wanted


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("http://ports.example", "ports.example", True),
        ("http://PORTS.example", "ports.EXAMPLE", True),
        ("http://ports.example:8000", "ports.example:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("https://ports.example", "ports.example", False),
        ("http://ports.example:81", "ports.example", False),
        ("http://evil.example", "ports.example", False),
        ("http://evil.example", "evil.example", False),
        ("http://ports.example.evil.example", "ports.example", False),
        ("null", "ports.example", False),
        ("", "", False),
    ],
)
def test_own_origin_is_scheme_and_allowed_host(
    settings: Any, origin: str, host: str, is_own: bool
) -> None:
    settings.ALLOWED_HOSTS = ["ports.example", "[::1]"]
    assert is_own_origin(origin, {"scheme": "ws"}, {b"host": host}) is is_own


def test_proxy_is_believed_only_where_it_is_there(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["ports.example"]
    headers = {b"host": "ports.example", b"x-forwarded-proto": "https"}
    found = []
    for trusted in (True, False):
        settings.TRUST_PROXY = trusted
        found.append(is_own_origin("https://ports.example", {"scheme": "ws"}, headers))
    assert found == [True, False]


def scope(**headers: str) -> dict[str, Any]:
    """A handshake with these headers."""
    named = {"host": "127.0.0.1"} | headers
    return {"scheme": "ws", "headers": [(k.encode(), v.encode()) for k, v in named.items()]}


@pytest.mark.django_db
def test_token_is_kept_as_a_digest_and_ends_for_good() -> None:
    member = factories.member()
    token = create_token(member=member, name="a program")
    row = AccessToken.objects.get()
    assert token.encode() not in bytes(row.digest)
    assert authenticate(scope(authorization=f"Bearer {token}")) == Credential(
        member.pk, token_id=row.pk, scopes=("read", "write")
    )
    revoke_token(row)
    assert authenticate(scope(authorization=f"Bearer {token}")) is None
    assert find_token(token) is None
    told = Event.objects.get(topic__name=REVOCATIONS)
    assert told.data == {"member": member.pk, "token": row.pk}


@pytest.mark.django_db
def test_session_needs_the_own_origin_and_an_active_member() -> None:
    member = factories.member()
    client = Client()
    client.force_login(member)
    key = client.cookies[project.SESSION_COOKIE_NAME].value
    cookie = f"{project.SESSION_COOKIE_NAME}={key}"
    own, foreign = "http://127.0.0.1", "http://evil.example"
    assert authenticate(scope(cookie=cookie, origin=own)) == Credential(member.pk, session_key=key)
    assert authenticate(scope(cookie=cookie)) is None
    assert authenticate(scope(cookie=cookie, origin=foreign)) is None
    assert authenticate(scope(cookie="nonsense", origin=own)) is None
    Member.objects.filter(pk=member.pk).update(is_active=False)
    assert authenticate(scope(cookie=cookie, origin=own)) is None


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_sweep_finds_what_no_action_said(count: int, django_assert_num_queries: Any) -> None:
    """In three queries, for however many."""
    good, bad = set(), set()
    store = import_module(project.SESSION_ENGINE).SessionStore
    for _ in range(count):
        member = factories.member()
        create_token(member=member, name="good")
        create_token(member=member, name="revoked by hand")
        first, second = AccessToken.objects.filter(member=member).order_by("pk")
        AccessToken.objects.filter(pk=second.pk).update(revoked_at=now())
        good.add(Credential(member.pk, token_id=first.pk))
        bad.add(Credential(member.pk, token_id=second.pk))
        for lasts, where in ((timedelta(days=1), good), (timedelta(days=-1), bad)):
            session = store()
            session.save(must_create=True)
            rows = store.get_model_class().objects
            rows.filter(session_key=session.session_key).update(expire_date=now() + lasts)
            where.add(Credential(member.pk, session_key=session.session_key))
        gone = factories.member(is_active=False)
        create_token(member=gone, name="of somebody suspended")
        bad.add(Credential(gone.pk, token_id=AccessToken.objects.get(member=gone).pk))
    with django_assert_num_queries(3):
        assert still_good(good | bad) == good


@pytest.mark.django_db
def test_revocation_names_no_session_key() -> None:
    member = factories.member()
    revoke(member=member, session_key="the-key-itself")
    assert "the-key-itself" not in str(Event.objects.values_list("data", flat=True)[0])
