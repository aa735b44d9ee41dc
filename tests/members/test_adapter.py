"""Accounts end to end: signing up in three ways, verifying, signing in and out, passwords."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from live.credentials import REVOCATIONS, session_digest
from live.models import Event
from members.actions import invite, withdraw_invitation
from members.models import Consent, Member, Organisation, SiteSettings
from members.vocabulary import Purpose, Registration
from tests import factories
from tests.members.signing import trusted

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-harbour-28"


@pytest.fixture(autouse=True)
def _fresh_rates() -> None:
    """allauth counts attempts in the cache."""
    cache.clear()


class CountingHasher(MD5PasswordHasher):
    """Counts what it hashes."""

    algorithm = "counting"
    done = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.done += 1
        return super().encode(password, salt)


def sign_up(client: Client, **values: Any) -> Any:
    """Send the sign-up form."""
    return client.post(
        reverse("account_signup"),
        {
            "email": "Eva@Example.org",
            "password1": PASSWORD,
            "name": " Eva  Kask ",
            "organisation": "Uus Stuudio",
            "country": "EE",
            "languages": ["et", "en"],
            "time_zone": "Europe/Tallinn",
        }
        | values,
    )


def link_in_mail(pattern: str) -> str:
    """The path of the address in the last mail that looks like this."""
    found = re.search(rf"https?://[^/]+({pattern}\S*)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def revocations() -> list[Any]:
    """What was said on the internal topic of revocations."""
    return list(
        Event.objects.filter(topic__name=REVOCATIONS).order_by("seq").values_list("data", flat=True)
    )


@pytest.mark.usefixtures("site")
def test_sign_up_verifies_the_address_before_it_lets_in(client: Client) -> None:
    answer = sign_up(client)
    assert answer["Location"] == reverse("account_email_verification_sent")
    member = Member.objects.select_related("organisation").get()
    assert member.organisation is not None
    assert (
        member.email, member.name, member.organisation.name, member.organisation.country,
        member.languages, member.time_zone, member.is_active,
    ) == (
        "eva@example.org", "Eva Kask", "Uus Stuudio", "EE", ["et", "en"], "Europe/Tallinn", True,
    )  # fmt: skip
    assert client.get(reverse("members:account")).status_code == 302
    client.post(link_in_mail("/accounts/confirm-email/"))
    assert client.get(reverse("members:account")).status_code == 200


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("country", "zone"), [("DE", "Europe/Berlin"), ("LV", "Europe/Riga"), ("RU", None)]
)
def test_sign_up_finds_the_time_zone_of_the_country(
    client: Client, country: str, zone: str | None
) -> None:
    answer = sign_up(client, country=country, time_zone="")
    if zone is None:
        assert list(answer.context["form"].errors) == ["time_zone"]
    else:
        assert Member.objects.get().time_zone == zone


@pytest.mark.usefixtures("site")
def test_sign_up_takes_an_organisation_that_exists(client: Client) -> None:
    known = factories.organisation(name="Uus Stuudio", country="EE")
    sign_up(client, organisation="uus  stuudio")
    assert Member.objects.get().organisation == known


@pytest.mark.usefixtures("site")
def test_sign_up_suggests_what_strangers_may_know(client: Client) -> None:
    factories.organisation(name="Known to all", is_public=True)
    factories.organisation(name="Known to members")
    page = client.get(reverse("account_signup")).content.decode()
    assert ("Known to all" in page, "Known to members" in page) == (True, False)
    client.force_login(factories.member())
    own = client.get(reverse("members:account")).content.decode()
    assert ("Known to all" in own, "Known to members" in own) == (True, True)


@pytest.mark.usefixtures("site")
def test_sign_up_with_a_known_address_looks_the_same(client: Client) -> None:
    factories.member(email="eva@example.org", name="First")
    answer = sign_up(client)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert list(Member.objects.values_list("name", flat=True)) == ["First"]
    assert "/accounts/confirm-email/" not in mail.outbox[-1].body


@pytest.mark.usefixtures("site")
def test_sign_up_with_a_known_address_takes_as_long(client: Client, settings: Any) -> None:
    """Hashing a password is what takes time."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    sign_up(client)
    assert (Member.objects.count(), CountingHasher.done) == (1, 1)
    sign_up(Client())
    assert (Member.objects.count(), CountingHasher.done) == (1, 2)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("country", "XX"), ("time_zone", "Mars/Base"), ("languages", ["tlh1"]),
     ("email", "nobody"), ("password1", "123")],
)  # fmt: skip
def test_sign_up_refuses_and_keeps_what_was_typed(client: Client, field: str, value: Any) -> None:
    answer = sign_up(client, **{field: value})
    assert list(answer.context["form"].errors) == [field]
    assert 'value="Uus Stuudio"' in answer.content.decode()
    assert not Member.objects.exists()


def test_sign_up_by_invitation_only(client: Client, site: SiteSettings) -> None:
    site.registration = Registration.INVITATION
    site.save()
    assert sign_up(client).templates[0].name == "account/signup_closed.html"
    assert not Member.objects.exists()
    staff = factories.member(is_staff=True)
    invitation, token = invite(actor=staff, email="eva@example.org", role="moderator")
    answer = client.get(reverse("members:invitation", args=[token]))
    assert answer["Location"] == f"{reverse('account_signup')}?email=eva%40example.org"
    assert list(sign_up(client, email="other@example.org").context["form"].errors) == ["email"]
    sign_up(client)
    member = Member.objects.get(email="eva@example.org")
    invitation.refresh_from_db()
    assert (member.is_moderator, member.is_staff, member.came_by) == (True, False, invitation)
    assert invitation.uses == 1
    assert client.get(reverse("members:invitation", args=[token])).status_code == 410


@pytest.mark.usefixtures("site")
def test_invitation_stands_in_nobodys_way_where_none_is_needed(client: Client) -> None:
    staff = factories.member(is_staff=True)
    invitation, token = invite(actor=staff, email="ida@example.org", role="moderator")
    client.get(reverse("members:invitation", args=[token]))
    assert list(sign_up(client).context["form"].errors) == ["email"]
    assert list(sign_up(client, email="other@example.org").context["form"].errors) == ["email"]
    assert sign_up(client, email="other@example.org").status_code == 302
    invitation.refresh_from_db()
    assert (Member.objects.get(email="other@example.org").is_moderator, invitation.uses) == (
        False, 0,
    )  # fmt: skip
    late = Client()
    late.get(reverse("members:invitation", args=[token]))
    withdraw_invitation(actor=staff, invitation=invitation)
    assert sign_up(late).status_code == 302
    assert Member.objects.filter(email="eva@example.org", is_moderator=False).exists()


def test_sign_up_by_approval_waits_for_staff(client: Client, site: SiteSettings) -> None:
    site.registration = Registration.APPROVAL
    site.save()
    assert sign_up(client)["Location"] == reverse("account_email_verification_sent")
    member = Member.objects.get()
    assert (member.is_active, member.is_approved) == (False, False)
    client.post(link_in_mail("/accounts/confirm-email/"))
    assert EmailAddress.objects.get(user=member).verified
    credentials = {"login": "eva@example.org", "password": PASSWORD}
    assert client.post(reverse("account_login"), credentials)["Location"] == reverse(
        "members:waiting"
    )
    desk = Client()
    desk.force_login(factories.member(is_staff=True))
    address = reverse("members:staff_decide", args=[member.pk])
    desk.post(address, {"decision": "approve"})
    assert client.post(reverse("account_login"), credentials)["Location"] == "/"


def test_request_that_is_declined_goes_with_its_organisation(
    client: Client, site: SiteSettings
) -> None:
    site.registration = Registration.APPROVAL
    site.save()
    kept = factories.organisation(name="Here before", country="EE")
    sign_up(client)
    sign_up(Client(), email="ida@example.org", organisation="Here before")
    desk = Client()
    desk.force_login(factories.member(is_staff=True))
    for waiting in Member.objects.waiting():
        desk.post(reverse("members:staff_decide", args=[waiting.pk]), {"decision": "decline"})
    assert list(Organisation.objects.all()) == [kept]
    assert Member.objects.count() == 1


def test_sign_up_by_approval_does_not_tell_known_addresses(
    client: Client, site: SiteSettings
) -> None:
    site.registration = Registration.APPROVAL
    site.save()
    fresh = sign_up(client, email="new@example.org")
    factories.member(email="eva@example.org")
    known = sign_up(Client())
    assert (fresh.status_code, fresh["Location"]) == (known.status_code, known["Location"])


@pytest.mark.usefixtures("site")
def test_sign_in_refuses_the_suspended(client: Client) -> None:
    member = factories.member(is_active=False)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    answer = client.post(
        reverse("account_login"), {"login": member.email, "password": factories.PASSWORD}
    )
    assert answer["Location"] == reverse("account_inactive")
    assert client.get(reverse("members:account")).status_code == 302


@pytest.mark.usefixtures("site")
def test_sign_out_ends_the_sockets_of_this_session(client: Client) -> None:
    member = factories.member()
    client.force_login(member)
    session_key = client.session.session_key
    client.post(reverse("account_logout"))
    assert revocations() == [{"member": member.pk, "session": session_digest(session_key or "")}]


@pytest.mark.usefixtures("site")
def test_new_password_ends_other_sessions_and_sockets(client: Client) -> None:
    member = factories.member()
    other = Client()
    for browser in (client, other):
        browser.force_login(member)
    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": factories.PASSWORD, "password1": PASSWORD, "password2": PASSWORD},
    )
    assert answer.status_code == 302
    assert revocations() == [{"member": member.pk, "sessions": True}]
    assert client.get(reverse("members:account")).status_code == 200
    assert other.get(reverse("members:account")).status_code == 302


@pytest.mark.usefixtures("site")
def test_new_address_counts_once_it_is_verified(client: Client) -> None:
    member = factories.member(email="old@example.org")
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    client.force_login(member)
    trusted(client)
    client.post(reverse("account_email"), {"email": "New@example.org", "action_add": ""})
    member.refresh_from_db()
    assert member.email == "old@example.org"
    client.post(link_in_mail("/accounts/confirm-email/"))
    member.refresh_from_db()
    assert member.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "primary")) == [("new@example.org", True)]


@pytest.mark.usefixtures("site")
def test_password_reset_by_mail(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://ports.example"
    member = factories.member()
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    known = client.post(
        reverse("account_reset_password"), {"email": member.email}, HTTP_HOST="localhost"
    )
    assert "https://ports.example/accounts/password/reset/key/" in mail.outbox[-1].body
    form = client.get(link_in_mail("/accounts/password/reset/key/"), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    member.refresh_from_db()
    assert member.check_password(PASSWORD)
    assert revocations() == [{"member": member.pk, "sessions": True}]
    unknown = Client().post(reverse("account_reset_password"), {"email": "no@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


@pytest.mark.usefixtures("site")
def test_sign_up_asks_for_consent_and_takes_silence_for_none(client: Client) -> None:
    form = client.get(reverse("account_signup")).context["form"]
    asked = [field for field in form if field.name.startswith("consent_")]
    assert [(field.name, bool(field.value())) for field in asked] == [
        (f"consent_{purpose}", False) for purpose in Purpose.values
    ]
    sign_up(client)
    assert Consent.objects.count() == 0
    sign_up(client, email="ida@example.org", consent_digest="on", consent_directory="on")
    given = Consent.objects.filter(member__email="ida@example.org", withdrawn_at=None)
    assert sorted(given.values_list("purpose", "version", "language")) == [
        ("digest", 1, "en"),
        ("directory", 1, "en"),
    ]
