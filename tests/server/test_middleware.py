"""The line per request says what was asked and gives nobody a way in."""

import pytest
from django.test import Client
from structlog.testing import capture_logs

from tests import factories

pytestmark = pytest.mark.django_db


def _line(client: Client, path: str) -> dict[str, object]:
    with capture_logs() as lines:
        client.get(path)
    (line,) = [line for line in lines if line["event"] == "request"]
    return {name: line[name] for name in ("method", "path", "status", "member")}


def test_a_request_has_one_line(client: Client) -> None:
    member = factories.member()
    client.force_login(member)
    assert _line(client, "/chat/?before=3") == {
        "method": "GET",
        "path": "/chat/",
        "status": 200,
        "member": member.pk,
    }


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/invitation/a-secret/", "/invitation/…/"),
        ("/accounts/confirm-email/a-secret/", "/accounts/confirm-email/…/"),
        ("/accounts/password/reset/key/7-a-secret/", "/accounts/password/reset/key/7-…/"),
    ],
)
def test_links_that_let_in_are_not_logged(client: Client, path: str, logged: str) -> None:
    factories.member()
    assert _line(client, path)["path"] == logged


def test_health_checks_are_not_logged(client: Client) -> None:
    with capture_logs() as lines:
        for path in ("/healthz", "/readyz", "/metrics"):
            client.get(path)
    assert [line for line in lines if line["event"] == "request"] == []
