"""Sign-in by an OpenID Connect provider, up to the way there; no provider is asked."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseRedirect
from django.test import Client, RequestFactory

from members.models import Member
from members.pages import provider
from members.social import SocialAdapter
from server import environment

HOUSE = (
    '[{"id": "house", "name": "Our house", "issuer": "https://id.example/realms/house",'
    ' "client_id": "ports", "client_secret": "hush"}]'
)


def test_providers_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.oidc_apps() == []
    monkeypatch.setenv("OIDC_PROVIDERS", HOUSE)
    assert environment.oidc_apps() == [
        {
            "provider_id": "house",
            "name": "Our house",
            "client_id": "ports",
            "secret": "hush",
            "settings": {"server_url": "https://id.example/realms/house"},
        }
    ]


@pytest.mark.parametrize("wrong", ['{"id": "house"}', '[{"id": "house"}]', "[1]", "house"])
def test_wrong_providers_are_named_at_start(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("OIDC_PROVIDERS", wrong)
    with pytest.raises(ValueError, match=r"OIDC_PROVIDERS|Expecting value"):
        environment.oidc_apps()


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_sign_in_page_offers_providers(client: Client, settings: Any) -> None:
    assert "Go on with" not in client.get("/accounts/login/").content.decode()
    app = {
        "provider_id": "house",
        "name": "Our house",
        "client_id": "ports",
        "secret": "hush",
        "settings": {"server_url": "https://id.example"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    page = client.get("/accounts/login/").content.decode()
    assert "Go on with Our house" in page
    assert 'action="/accounts/oidc/house/login/' in page
    assert client.get("/accounts/oidc/house/login/").status_code == 405


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_way_to_the_provider_is_a_page_that_goes_on(
    monkeypatch: pytest.MonkeyPatch, rf: RequestFactory
) -> None:
    """A redirect would be stopped by the policy for forms."""
    there = "https://id.example/auth?state=x&scope=openid"
    monkeypatch.setattr(provider, "login", lambda *_asked: HttpResponseRedirect(there))
    request = rf.post("/accounts/oidc/house/login/")
    request.user = AnonymousUser()
    answer = provider.start(request, "house")
    assert (answer.status_code, answer.headers["Refresh"]) == (200, f"0; url={there}")
    assert f'href="{there.replace("&", "&amp;")}"' in answer.content.decode()


def test_new_account_begins_with_what_the_provider_says(rf: RequestFactory) -> None:
    login = SocialLogin(user=Member(), account=SocialAccount(provider="house"))
    said = {"email": " Anna@Example.org ", "name": "  Anna \n Tamm "}
    member = SocialAdapter().populate_user(rf.get("/"), login, said)
    assert (member.email, member.name) == ("anna@example.org", "Anna Tamm")
