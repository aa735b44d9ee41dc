"""Language and time zone of a request."""

import pytest
from django.test import Client

from members.models import SiteSettings
from tests import factories

pytestmark = pytest.mark.django_db
LOGIN, HOME = "/accounts/login/", "/members/"


def language(client: Client, path: str = LOGIN, accept: str = "") -> str | None:
    """The language that a page says it is in."""
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE=accept)
    found = answer.headers["Content-Language"]
    assert f'<html lang="{found}"' in answer.content.decode()
    return found


@pytest.mark.usefixtures("site")
def test_language_follows_the_browser_then_the_cookie(client: Client) -> None:
    assert language(client) == "en"
    assert language(client, accept="de-AT,de;q=0.9") == "de"
    client.post("/settings/language/", {"language": "et", "next": "/"})
    assert language(client, accept="de") == "et"


@pytest.mark.usefixtures("site")
def test_language_of_the_account_wins(client: Client) -> None:
    client.cookies["django_language"] = "et"
    client.force_login(factories.member(locale="de"))
    assert language(client, HOME, accept="pl") == "de"


@pytest.mark.usefixtures("site")
def test_language_choice_is_kept_in_the_account(client: Client) -> None:
    member = factories.member()
    client.force_login(member)
    client.post("/settings/language/", {"language": "de", "next": HOME})
    member.refresh_from_db()
    assert (member.locale, language(client, HOME)) == ("de", "de")


def test_language_is_one_that_the_site_offers(client: Client, site: SiteSettings) -> None:
    site.languages = ["et", "pl"]
    site.save()
    assert language(client, accept="de,pl;q=0.5") == "et"
    assert language(client, accept="pl") == "pl"


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("zone", "shown"), [("Europe/Tallinn", "Europe/Tallinn"), ("Mars/Base", "UTC")]
)
def test_times_are_in_the_members_zone(client: Client, zone: str, shown: str) -> None:
    member = factories.member(time_zone=zone)
    client.force_login(member)
    page = client.get(f"/members/{member.pk}/").content.decode()
    assert f' {shown}">' in page
