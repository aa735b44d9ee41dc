"""People of different standing, for the matrices of who may do what."""

from collections.abc import Callable

import pytest
from django.test import Client

from members.models import Member, SiteSettings
from tests import factories

SignedIn = Callable[[str], Client]


@pytest.fixture
def people(db: None) -> dict[str, Member | None]:
    """One of each: a stranger (None), a guest, a member, a moderator, staff, a superuser."""
    return {
        "stranger": None,
        "guest": factories.member(kind="guest"),
        "member": factories.member(name="Mirja Member"),
        "moderator": factories.member(is_moderator=True),
        "staff": factories.member(is_staff=True),
        "superuser": factories.member(is_staff=True, is_superuser=True),
    }


@pytest.fixture
def signed_in(people: dict[str, Member | None]) -> SignedIn:
    """Returns a browser of one of the people."""

    def browser(who: str) -> Client:
        client = Client()
        person = people[who]
        if person is not None:
            client.force_login(person)
        return client

    return browser


@pytest.fixture
def site(db: None) -> SiteSettings:
    """The settings of a site that is set up."""
    return SiteSettings.objects.create(pk=1, is_set_up=True)
