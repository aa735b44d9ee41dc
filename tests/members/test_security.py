"""What protects an account: sessions, second steps, addresses, and the list of what happened."""

import re
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from live.credentials import Credential, create_token, ends, find_token
from live.log import Range, heads, read
from live.models import Event
from members.actions.security import note
from members.links import Restore, read_restore_token, restore_token
from members.models import Member, SecurityEvent
from members.queries.security import browser_name
from members.vocabulary import SecurityKind
from tests import factories
from tests.factories import PASSWORD
from tests.members.signing import FIREFOX, sign_in, trusted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture
def anna() -> Member:
    member = factories.member(name="Anna Tamm", email="anna@example.org")
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member


def kinds(member: Member) -> list[str]:
    return list(
        SecurityEvent.objects.filter(member=member).order_by("id").values_list("kind", flat=True)
    )


def revocations() -> list[Any]:
    """What live processes were told to close, oldest first."""
    rows = Event.objects.filter(event="revoked").order_by("seq")
    return list(rows.values_list("data", flat=True))


def test_sign_in_is_noted_and_a_strange_browser_is_news(anna: Member) -> None:
    for agent in (FIREFOX, FIREFOX, CHROME, CHROME):
        sign_in(anna, agent)
    assert kinds(anna) == ["signed-in", "signed-in", "new-device", "signed-in"]
    head = heads([f"member:{anna.pk}"])[f"member:{anna.pk}"]
    said = read([Range(f"member:{anna.pk}", head.id, 0)])[f"member:{anna.pk}"]
    assert [entry.event for entry in said] == ["security.noted"] * 4


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (CHROME, "Chrome, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_browser_is_called_as_people_call_it(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_one_session_is_ended_with_its_sockets(anna: Member) -> None:
    here, there = sign_in(anna), sign_in(anna, CHROME)
    page = here.get(reverse("members:sessions"))
    assert [(s.browser, s.is_current) for s in page.context["sessions"]] == [
        ("Firefox, Linux", True),
        ("Chrome, Windows", False),
    ]
    other = page.context["sessions"][1]
    key = there.session.session_key
    here.post(reverse("members:end_session", args=[other.id]))
    assert there.get(reverse("members:account")).status_code == 302
    assert here.get(reverse("members:account")).status_code == 200
    [facts] = revocations()
    assert ends(facts, Credential(anna.pk, session_key=key))
    assert not ends(facts, Credential(anna.pk, session_key=here.session.session_key))
    assert kinds(anna)[-1] == "session-ended"


def test_nobody_ends_anothers_session(anna: Member) -> None:
    stranger = sign_in(factories.member())
    sign_in(anna)
    session = UserSession.objects.get(user=anna)
    answer = stranger.post(reverse("members:end_session", args=[session.pk]))
    assert (answer.status_code, revocations()) == (404, [])
    assert UserSession.objects.filter(user=anna).count() == 1


def test_all_other_sessions_end_at_once(anna: Member) -> None:
    here, *others = [sign_in(anna, agent) for agent in (FIREFOX, CHROME, CHROME)]
    here.post(reverse("members:end_other_sessions"))
    assert [c.get(reverse("members:account")).status_code for c in (here, *others)] == [
        200,
        302,
        302,
    ]
    assert len(revocations()) == 2


def test_session_is_seen_again_every_five_minutes_at_most(anna: Member) -> None:
    client = sign_in(anna)
    UserSession.objects.update(last_seen_at="2026-01-01T00:00:00Z", ip="10.0.0.1")
    client.get(reverse("members:account"))
    assert UserSession.objects.get().last_seen_at.year == 2026
    assert UserSession.objects.get().ip == "10.0.0.1"
    session = client.session
    session["seen"] -= 301
    session.save()
    client.get(reverse("members:account"))
    assert UserSession.objects.get().ip == "127.0.0.1"


def test_app_with_codes_is_set_up_and_asked_for(
    anna: Member, django_capture_on_commit_callbacks: Any
) -> None:
    client = trusted(sign_in(anna))
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    codes = done.context["unused_codes"]
    assert len(codes) == 10
    assert client.get(reverse("mfa_view_recovery_codes")).context["can_view_codes"] is False
    kept = Authenticator.objects.get(type="totp").data
    assert secret not in str(kept)
    assert kinds(anna) == ["signed-in", "app-on"]

    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert browser.get(reverse("members:account")).status_code == 302
    wrong = browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    right = browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert right.status_code == 302
    assert browser.get(reverse("members:account")).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "account_email"],
)
def test_sensitive_pages_ask_for_the_password_again(anna: Member, name: str) -> None:
    client = sign_in(anna)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 9999}]
    session.save()
    answer = client.post(reverse(name), {"email": "new@example.org", "action_add": "1"})
    assert urlsplit(answer["Location"]).path == reverse("account_reauthenticate")
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [anna.email]


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp",
     "socialaccount_connections"],
)  # fmt: skip
def test_own_pages_are_drawn_by_our_templates(anna: Member, name: str) -> None:
    answer = trusted(sign_in(anna)).get(reverse(name))
    assert answer.status_code == 200
    assert "server/templates" in str(answer.templates[0].origin) or "base.html" in [
        template.name for template in answer.templates
    ]


def change_address(member: Member, new: str) -> None:
    """Change the address as its owner, or whoever has the password, would."""
    client = trusted(sign_in(member))
    client.post(reverse("account_email"), {"email": new, "action_add": "1"})
    letter = next(m for m in mail.outbox if m.to == [new])
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(letter.body))
    assert link is not None
    client.post(link[1])


def restore_link(to: str) -> str:
    letter = next(m for m in reversed(mail.outbox) if m.to == [to] and "/restore/" in m.body)
    found = re.search(r"http://testserver(/restore/\S+)", str(letter.body))
    assert found is not None
    return found[1]


def test_old_address_is_told_and_takes_the_change_back(anna: Member) -> None:
    token = create_token(member=anna, name="A script")
    change_address(anna, "thief@example.org")
    anna.refresh_from_db()
    assert (anna.email, kinds(anna)[-1]) == ("thief@example.org", "email-changed")
    thief = sign_in(anna, CHROME)
    link = restore_link("anna@example.org")
    browser = Client()
    assert browser.get(link).status_code == 200
    anna.refresh_from_db()
    assert anna.email == "thief@example.org"
    answer = browser.post(link)
    assert answer["Location"] == reverse("account_reset_password")
    anna.refresh_from_db()
    assert (anna.email, anna.has_usable_password()) == ("anna@example.org", False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("anna@example.org", True, True)
    ]
    assert find_token(token) is None
    assert thief.get(reverse("members:account")).status_code == 302
    assert ends(revocations()[-1], Credential(anna.pk, session_key="any"))
    assert browser.get(link).status_code == 410


def test_change_after_change_is_taken_back_by_the_first_owner(anna: Member) -> None:
    change_address(anna, "thief@example.org")
    anna.refresh_from_db()
    change_address(anna, "second@example.org")
    Client().post(restore_link("anna@example.org"))
    anna.refresh_from_db()
    assert anna.email == "anna@example.org"


def test_a_thief_s_links_end_with_the_change_that_is_taken_back(anna: Member) -> None:
    """A link to an address of the thief's own would undo what the owner has undone."""
    change_address(anna, "thief@example.org")
    anna.refresh_from_db()
    change_address(anna, "second@example.org")
    own, stolen = restore_link("anna@example.org"), restore_link("thief@example.org")
    assert Client().post(own).status_code == 302
    for browser in (Client(), Client()):
        assert browser.get(stolen).status_code == 410
        assert browser.post(stolen).status_code == 410
    anna.refresh_from_db()
    assert anna.email == "anna@example.org"


def test_who_was_first_takes_back_what_a_thief_has_taken_back(anna: Member) -> None:
    change_address(anna, "thief@example.org")
    anna.refresh_from_db()
    change_address(anna, "second@example.org")
    Client().post(restore_link("thief@example.org"))
    assert Client().post(restore_link("anna@example.org")).status_code == 302
    anna.refresh_from_db()
    assert anna.email == "anna@example.org"


def test_restoring_an_address_that_another_has_is_refused(anna: Member) -> None:
    change = note(member=anna, kind=SecurityKind.EMAIL_CHANGED)
    token = restore_token(Restore(anna.pk, "old@example.org", change.pk))
    factories.member(email="old@example.org")
    link = reverse("members:restore_address", args=[token])
    assert Client().post(link).status_code == 409
    anna.refresh_from_db()
    assert (anna.email, anna.has_usable_password(), kinds(anna)) == (
        "anna@example.org", True, ["email-changed"],
    )  # fmt: skip
    assert not SecurityEvent.objects.filter(is_undone=True).exists()


def test_link_is_good_for_seven_days(anna: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    token = restore_token(Restore(anna.pk, "old@example.org", 7))
    assert read_restore_token(token) == Restore(anna.pk, "old@example.org", 7)
    assert read_restore_token(token[:-1]) is None
    later = time.time() + timedelta(days=7, seconds=1).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert read_restore_token(token) is None


def test_tries_are_counted_where_all_processes_see_them(anna: Member) -> None:
    browser = Client()
    for _ in range(10):
        browser.post(reverse("account_login"), {"login": anna.email, "password": "wrong"})
    from django.core.cache import caches

    caches["default"].close()
    answer = Client().post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert kinds(anna) == []
