"""Every page of the app: who gets it, and how many queries it takes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from live.credentials import REVOCATIONS
from live.models import Event
from members.actions import invite
from members.models import Member, Profile, SiteSettings
from tests import factories
from tests.members.signing import trusted

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
WHO = ("stranger", "member", "moderator", "staff")
TO_LOGIN = 302

MATRIX = {
    # name: what a stranger, a member, a moderator and staff get
    "directory": (TO_LOGIN, 200, 200, 200),
    "directory_csv": (TO_LOGIN, 403, 403, 200),
    "organisations": (200, 200, 200, 200),
    "organisations_csv": (TO_LOGIN, 403, 403, 200),
    "account": (TO_LOGIN, 200, 200, 200),
    "languages": (TO_LOGIN, 200, 200, 200),
    "own_picture": (TO_LOGIN, 200, 200, 200),
    "consents": (TO_LOGIN, 200, 200, 200),
    "security": (TO_LOGIN, 200, 200, 200),
    "tokens": (TO_LOGIN, 200, 200, 200),
    "staff_site": (TO_LOGIN, 403, 403, 200),
    "staff_approvals": (TO_LOGIN, 403, 403, 200),
    "staff_invitations": (TO_LOGIN, 403, 403, 200),
    "staff_suspended": (TO_LOGIN, 403, 403, 200),
    "waiting": (200, 200, 200, 200),
}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("name", "expected"), MATRIX.items())
def test_page_is_for(signed_in: SignedIn, name: str, expected: tuple[int, ...]) -> None:
    address = reverse(f"members:{name}")
    answers = [signed_in(who).get(address) for who in WHO]
    assert tuple(answer.status_code for answer in answers) == expected
    for answer in answers:
        if answer.status_code == TO_LOGIN:
            assert answer["Location"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("suspend", (TO_LOGIN, 403, 403, 302)),
        ("reactivate", (TO_LOGIN, 404, 404, 302)),
        ("staff_decide", (TO_LOGIN, 403, 403, 302)),
    ],
)
def test_action_is_for(signed_in: SignedIn, name: str, expected: tuple[int, ...]) -> None:
    subject = factories.member(
        is_active=name == "suspend", is_approved=name != "staff_decide", name="Subject"
    )
    before = Member.objects.values_list("is_active", "is_approved").get(pk=subject.pk)
    address = reverse(f"members:{name}", args=[subject.pk])
    for who, status in zip(WHO[:3], expected[:3], strict=True):
        assert signed_in(who).post(address, {"decision": "approve"}).status_code == status
    assert Member.objects.values_list("is_active", "is_approved").get(pk=subject.pk) == before
    answer = signed_in("staff").post(address, {"decision": "approve"})
    assert answer.status_code == expected[3]
    assert Member.objects.values_list("is_active", "is_approved").get(pk=subject.pk) == (
        name != "suspend",
        True,
    )


@pytest.mark.usefixtures("site")
def test_directory_finds_by_name_organisation_and_country(client: Client) -> None:
    anna = factories.member(name="Anna Tamm", organisation="Loomekeskus", country="EE")
    jonas = factories.member(name="Jonas Brandt", organisation="Kreativ", country="DE")
    factories.member(name="Anna Hidden", is_active=False)
    client.force_login(anna)

    def found(**asked: str) -> list[Member]:
        answer = client.get(reverse("members:directory"), asked)
        return list(answer.context["page"].object_list)

    assert found() == [anna, jonas]
    assert found(q="anna") == [anna]
    assert found(q="kreat bran") == [jonas]
    assert found(country="DE") == [jonas]
    assert found(q="nobody") == []
    assert found(country="XX") == []
    oie = factories.member(name="Õie Öpik", country="DK")
    assert [found(q=word) for word in ("õie", "ÖPIK", "öpik Õie")] == [[oie]] * 3


@pytest.mark.usefixtures("site")
def test_directory_pages_keep_the_search(client: Client) -> None:
    for number in range(31):
        factories.member(name=f"Anna {number:02}")
    client.force_login(factories.member(name="Bert"))
    answer = client.get(reverse("members:directory"), {"q": "anna", "page": "2"})
    assert [m.name for m in answer.context["page"].object_list] == ["Anna 30"]
    assert '"?q=anna&amp;page=1"' in answer.content.decode()


@pytest.mark.usefixtures("site")
def test_profile_of_hidden_member_is_not_found(signed_in: SignedIn) -> None:
    hidden = factories.member(is_active=False)
    address = reverse("members:profile", args=[hidden.pk])
    assert signed_in("member").get(address).status_code == 404
    assert signed_in("staff").get(address).status_code == 200


@pytest.mark.usefixtures("site")
def test_settings_keep_what_was_typed_when_something_is_wrong(client: Client) -> None:
    member = factories.member(name="Anna")
    client.force_login(member)
    answer = client.post(
        reverse("members:account"),
        {"name": "Änne", "organisation": "Loom", "country": "XX", "time_zone": "Europe/Tallinn"},
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["country"]
    assert 'value="Änne"' in answer.content.decode()
    member.refresh_from_db()
    assert member.name == "Anna"


@pytest.mark.usefixtures("site")
def test_settings_change_the_profile_once_per_key(client: Client) -> None:
    member = factories.member(name="Anna")
    client.force_login(member)
    key = client.get(reverse("members:account")).context["key"]
    values = {
        "name": "Anna Tamm", "organisation": "Loom", "country": "EE",
        "time_zone": "Europe/Tallinn", "locale": "de", "key": str(key),
        "about_audience": "everyone", "work_days": ["1", "5"], "links": "https://a.ee My site",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(reverse("members:account"), values).status_code == 302
    member.refresh_from_db()
    assert member.organisation is not None
    assert (member.name, member.organisation.name, member.locale) == ("Anna Tamm", "Loom", "de")
    profile = Profile.objects.get(member=member)
    assert (profile.about_audience, profile.name_audience, profile.work_days, profile.links) == (
        "everyone", "members", "15", [{"label": "My site", "url": "https://a.ee"}],
    )  # fmt: skip
    answer = client.post(reverse("members:account"), values | {"key": str(key)})
    assert answer.status_code == 302
    assert '<html lang="de"' in client.get(reverse("members:account")).content.decode()
    # Back in the browser, the same page with its old key says something else.
    typed = values | {"name": "Anna Kask"}
    again = client.post(reverse("members:account"), typed)
    assert again.status_code == 422
    assert 'value="Anna Kask"' in again.text
    fresh = {"key": str(again.context["key"])}
    assert client.post(reverse("members:account"), typed | fresh).status_code == 302
    member.refresh_from_db()
    assert member.name == "Anna Kask"


@pytest.mark.usefixtures("site")
def test_second_tab_does_not_undo_the_first_unseen(client: Client) -> None:
    member = factories.member(name="Anna")
    client.force_login(member)
    address = reverse("members:account")
    form = client.get(address).context["form"]
    values = {"name": "Anna", "country": "EE", "time_zone": "Europe/Tallinn",
              "seen": form["seen"].value(), "about": "From the first tab"}  # fmt: skip
    values |= {name: "members" for name in form.fields if name.endswith("_audience")}
    assert client.post(address, values).status_code == 302
    stale = values | {"about": "", "pronouns": "she"}
    refused = client.post(address, stale)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
    assert 'value="she"' in refused.text
    profile = Profile.objects.get(member=member)
    assert (profile.about, profile.pronouns) == ("From the first tab", "")
    fresh = refused.context["form"]["seen"].value()
    assert client.post(address, stale | {"seen": fresh}).status_code == 302
    profile.refresh_from_db()
    assert (profile.about, profile.pronouns) == ("", "she")
    # What another tab saved in the same words contradicts nothing.
    assert client.post(address, stale).status_code == 302


@pytest.mark.usefixtures("site")
def test_token_is_shown_once_and_can_be_revoked(client: Client) -> None:
    member = factories.member()
    client.force_login(member)
    said = {"name": "backup", "scopes": ["chat:read", "chat:write"]}
    asked = client.post(reverse("members:tokens"), said)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    trusted(client)
    assert client.post(reverse("members:tokens"), {"name": "backup"}).status_code == 422
    made = client.post(reverse("members:tokens"), said).context["made"]
    token = member.tokens.get()
    assert token.scopes == ["chat:read", "chat:write"]
    assert made.startswith("cp_")
    assert made not in client.get(reverse("members:tokens")).content.decode()
    stranger = Client()
    stranger.force_login(factories.member())
    address = reverse("members:revoke_token", args=[token.pk])
    assert stranger.post(address).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
    assert client.post(address).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:1", "/"),
        ("http://testserver//evil.example/x", "/evil.example/x"),
        ("http://testserver/members/?q=a", "/members/?q=a"),
    ],
)
def test_language_stays_on_the_site(client: Client, target: str, path: str) -> None:
    answer = client.post(reverse("members:set_language"), {"language": "de", "next": target})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert client.cookies["django_language"].value == "de"


def test_language_that_the_site_does_not_offer_is_ignored(
    client: Client, site: SiteSettings
) -> None:
    site.languages = ["en", "et"]
    site.save()
    client.post(reverse("members:set_language"), {"language": "de", "next": "/members/"})
    assert "django_language" not in client.cookies


@pytest.mark.usefixtures("site")
def test_what_another_decided_already_is_said_and_not_missing(client: Client) -> None:
    staff = factories.member(is_staff=True)
    client.force_login(staff)
    waiting = factories.member(is_active=False, is_approved=False)
    for decision in ("approve", "decline", "approve"):
        address = reverse("members:staff_decide", args=[waiting.pk])
        answer = client.post(address, {"decision": decision}, follow=True)
        assert answer.status_code == 200
    assert "This was decided already." in answer.text
    assert Member.objects.filter(pk=waiting.pk, is_active=True).exists()
    invitation, _token = invite(actor=staff)
    for _ in range(2):
        address = reverse("members:staff_withdraw", args=[invitation.pk])
        answer = client.post(address, follow=True)
        assert answer.status_code == 200
    assert "has run out" in answer.text


@pytest.fixture
def _fresh_rates() -> None:
    """Tries are counted in the cache."""
    cache.clear()


@pytest.mark.usefixtures("site", "_fresh_rates")
def test_nobody_tries_out_who_is_a_member(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"give_role": "2/h/user"}
    role = factories.appointment()
    known = factories.member()
    client.force_login(role.member)
    address = reverse("members:organisation_people", args=[role.organisation_id])
    for number in range(2):
        tried = client.post(address, {"email": f"{number}@example.org", "role": "editor"})
        assert tried.status_code == 422
    refused = client.post(address, {"email": known.email, "role": "editor"})
    assert (refused.status_code, known.appointments.count()) == (429, 0)


@pytest.mark.usefixtures("site", "_fresh_rates")
def test_too_many_tries_are_answered_by_a_page_of_ours(client: Client) -> None:
    for _ in range(21):
        answer = client.post(reverse("account_reset_password"), {"email": "a@example.org"})
    assert answer.status_code == 429
    assert "Too many tries" in answer.text


@pytest.mark.usefixtures("site")
def test_admin_is_for_staff(signed_in: SignedIn) -> None:
    found = {
        who: signed_in(who).get("/admin/", follow=True).status_code
        for who in ("member", "moderator", "staff")
    }
    assert found == {"member": 403, "moderator": 403, "staff": 200}


@pytest.mark.usefixtures("site")
def test_admin_uses_the_accounts_own_doors(signed_in: SignedIn) -> None:
    stranger = signed_in("stranger").get("/admin/login/?next=/admin/")
    assert stranger["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert signed_in("member").get("/admin/login/").status_code == 403
    change = signed_in("staff").get("/admin/password_change/")
    assert change["Location"] == reverse("account_change_password")
    staff = signed_in("superuser")
    assert staff.post("/admin/logout/")["Location"] == "/"
    assert Event.objects.filter(topic__name=REVOCATIONS).count() == 1
