"""Signing in as people do, and saying the password again as sensitive changes ask."""

import time

from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from members.models import Member
from tests.factories import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def sign_in(member: Member, agent: str = FIREFOX) -> Client:
    """A browser in which the member has just signed in with the password."""
    EmailAddress.objects.get_or_create(
        user=member, email=member.email, defaults={"verified": True, "primary": True}
    )
    client = Client(headers={"User-Agent": agent})
    answer = client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def trusted(client: Client) -> Client:
    """The same browser, as if the password had been typed a moment ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client
