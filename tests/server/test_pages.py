"""The shell around every page, the front page, the choice of light and dark."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import constants
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

STRANGERS = (
    "home",
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
    "account_inactive",
)
MEMBERS = (
    "home",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "members:account",
    "members:directory",
    "chat:channels",
    "chat:new",
)


@pytest.fixture(autouse=True)
def _set_up() -> None:
    """Somebody has an account already, or every page would lead to the first run."""
    factories.member()


def _page(client: Client, name: str) -> str:
    response = client.get(reverse(name))
    assert response.status_code == 200
    return response.content.decode()


def _inline(html: str) -> list[str]:
    """What the content security policy would stop: inline styles, scripts and handlers."""
    return re.findall(r"<style|<script(?![^>]* src=)(?![^>]*json)|\sstyle=|\son[a-z]+=", html)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_s_page_has_one_heading_and_nothing_inline(client: Client, name: str) -> None:
    html = _page(client, name)
    assert (html.count("<h1"), html.count("<main"), _inline(html)) == (1, 1, [])
    assert 'class="rail"' not in html


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_s_page_has_one_heading_and_nothing_inline(client: Client, name: str) -> None:
    client.force_login(factories.member())
    html = _page(client, name)
    assert (html.count("<h1"), html.count("<main"), _inline(html)) == (1, 1, [])
    assert html.count('data-slot="connection"') == 1


def test_the_page_says_its_language(client: Client) -> None:
    assert '<html lang="de" dir="ltr">' in client.get("/", headers={"accept-language": "de"}).text


@pytest.mark.parametrize(
    ("chosen", "attribute"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"')]
)
def test_a_theme_is_kept_until_it_is_given_back(
    client: Client, chosen: str, attribute: str
) -> None:
    answer = client.post(reverse("set_theme"), {"theme": chosen, "next": "/accounts/login/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert f'dir="ltr"{attribute}>' in client.get("/").text
    client.post(reverse("set_theme"), {"theme": "", "next": "/"})
    assert 'dir="ltr">' in client.get("/").text


def test_the_theme_leads_nowhere_else(client: Client) -> None:
    answer = client.post(reverse("set_theme"), {"theme": "dark", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_page_that_does_not_exist_says_so_in_the_shell(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "<h1>This page does not exist</h1>" in answer.text


def rooms_at_home(client: Client) -> dict[str, Any]:
    """What home says of rooms."""
    parts = {part.name: part.data for part in client.get("/").context["parts"]}
    return dict(parts["rooms"])


def test_the_front_page_names_rooms_with_something_new(client: Client) -> None:
    anna, jonas = factories.member(name="Anna"), factories.member(name="Jonas")
    client.force_login(anna)
    room = client.post(
        reverse("chat:new"),
        {"name": "Quay", "purpose": "Ships", "is_public": "1", "key": uuid4()},
    )["Location"]
    client.post(room, {"text": "Tere!", "key": uuid4()})
    assert rooms_at_home(client)["unread"] == []

    client.force_login(jonas)
    assert [row["name"] for row in rooms_at_home(client)["others"]] == ["Quay"]
    client.post(f"{room}join/", {"key": uuid4()})
    client.force_login(anna)
    client.post(room, {"text": "Tere, Jonas!", "key": uuid4()})
    client.force_login(jonas)
    shown = client.get("/")
    unread = rooms_at_home(client)["unread"]
    assert [(row["name"], row["unread"]) for row in unread] == [("Quay", 1)]
    assert '<span class="count">1 <span class="visually-hidden">unread</span></span>' in shown.text


def test_what_a_form_lacks_is_said_once_at_its_top(client: Client) -> None:
    html = client.post(reverse("account_signup"), {"email": "not an address"}).text
    assert html.count("Not saved yet. Please look again at:") == 1
    assert '<a href="#id_email">' in html


def test_messages_are_shown_once_with_their_level(client: Client) -> None:
    assert constants.DEFAULT_TAGS[constants.SUCCESS] == "success"
    member = factories.member()
    client.force_login(member)
    new = "another-quiet-harbour-28"
    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
        follow=True,
    )
    assert answer.text.count("notice notice-success") == 1
    assert "notice notice-success" not in client.get("/").text
