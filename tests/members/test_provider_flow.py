"""Sign-in by an OpenID Connect provider, all the way: a small provider of our own on loopback."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from members.models import Member
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


class House(BaseHTTPRequestHandler):
    """Discovery, tokens for one code, and who that is."""

    says: dict[str, Any]
    asked: list[dict[str, list[str]]]

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/who",
                    "jwks_uri": f"{here}/keys",
                }
            )
        elif self.path == "/who" and self.headers["Authorization"] == "Bearer opens":
            self.answer(self.says)
        else:
            self.send_error(401)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = parse_qs(body)
        self.asked.append(asked)
        known = base64.b64encode(b"ports:hush").decode()
        is_known = self.headers.get("Authorization") == f"Basic {known}" or asked.get(
            "client_secret"
        ) == ["hush"]
        if asked.get("code") == ["good"] and is_known:
            self.answer({"access_token": "opens", "token_type": "Bearer", "expires_in": 60})
        else:
            self.send_error(400)

    def answer(self, said: dict[str, Any]) -> None:
        data = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def house(settings: Any) -> Iterator[type[House]]:
    """The provider, running and known to the site."""
    House.says = {"sub": "42", "email": "Eva@Example.org", "email_verified": True, "name": "Eva K."}
    House.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), House) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        app = {
            "provider_id": "house",
            "name": "Our house",
            "client_id": "ports",
            "secret": "hush",
            "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
        }
        now = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {})
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": now | {"APPS": [app]}}
        yield House
        server.shutdown()


def go(client: Client) -> dict[str, list[str]]:
    """To the provider; what the site asks it for."""
    answer = client.post("/accounts/oidc/house/login/")
    there = answer.headers["Refresh"].partition("url=")[2]
    return parse_qs(urlsplit(there).query)


def back(client: Client, **said: str) -> Any:
    return client.get("/accounts/oidc/house/login/callback/", said)


def test_known_member_signs_in_and_comes_again(house: type[House]) -> None:
    member = factories.member(email="eva@example.org")
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    SocialAccount.objects.create(user=member, provider="house", uid="42")
    client = Client()
    asked = go(client)
    assert (asked["client_id"], asked["response_type"]) == (["ports"], ["code"])
    assert "openid" in asked["scope"][0]
    answer = back(client, code="good", state=asked["state"][0])
    assert answer.status_code == 302
    assert client.get("/api/v1/me/").json()["id"] == member.pk
    assert [each["code"] for each in house.asked] == [["good"]]


def test_newcomer_says_the_rest_and_is_a_member(house: type[House]) -> None:
    client = Client()
    answer = back(client, code="good", state=go(client)["state"][0])
    assert (answer.status_code, Member.objects.count()) == (302, 0)
    page = client.get(answer["Location"])
    assert "Eva K." in page.content.decode()


@pytest.mark.parametrize("how", ["another state", "another code", "refused"])
def test_what_was_not_asked_for_signs_nobody_in(house: type[House], how: str) -> None:
    member = factories.member()
    SocialAccount.objects.create(user=member, provider="house", uid="42")
    client = Client()
    state = go(client)["state"][0]
    said = {
        "another state": {"code": "good", "state": "made-up"},
        "another code": {"code": "bad", "state": state},
        "refused": {"error": "access_denied", "state": state},
    }[how]
    back(client, **said)
    assert client.get("/api/v1/me/").status_code == 401
