"""Consent: given and withdrawn by purpose, kept as history, and nothing is shown without it."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from base.errors import Conflict, Invalid, NotFound, Refusal
from live.models import Event, WriteKey
from live.performing import perform
from live.registry import commands
from members import access
from members.consent import QUESTIONS, Question, Wording
from members.events import GiveConsent, WithdrawConsent
from members.models import Consent, Member
from members.queries import consents_now, listed_members
from members.vocabulary import Purpose
from tests import factories
from tests.members.test_live import events, snapshot

pytestmark = pytest.mark.django_db
DIRECTORY = Purpose.DIRECTORY


def give(member: Member, purpose: str = "directory", version: int = 1, **options: Any) -> Any:
    """Send `consent.give` to one's own topic."""
    data = GiveConsent(purpose=purpose, version=version)
    topic = f"member:{member.pk}"
    return perform(actor=member, cmd="consent.give", topic=topic, data=data, **options)


def withdraw(member: Member, purpose: str = "directory") -> Any:
    """Send `consent.withdraw` to one's own topic."""
    data = WithdrawConsent(purpose=purpose)
    return perform(actor=member, cmd="consent.withdraw", topic=f"member:{member.pk}", data=data)


def rows() -> list[tuple[str, int, bool]]:
    """Purpose, version and whether it was withdrawn, the oldest first."""
    return [
        (row.purpose, row.version, row.withdrawn_at is not None)
        for row in Consent.objects.order_by("pk")
    ]


@pytest.fixture
def newer_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory asks for more than it did."""
    old = QUESTIONS[DIRECTORY]
    newer = Question((*old.wordings, Wording(old.now.dated, old.now.words)), least=2)
    monkeypatch.setitem(QUESTIONS, DIRECTORY, newer)


def test_nobody_consents_by_silence() -> None:
    member = factories.member(consents=())
    assert [access.consents(member, purpose) for purpose in Purpose] == [False] * 4
    assert list(Member.objects.consenting(DIRECTORY)) == []


def test_each_purpose_stands_by_itself_and_its_history_stays() -> None:
    member = factories.member(consents=())
    give(member)
    give(member, "digest")
    withdraw(member)
    give(member)
    assert [access.consents(member, purpose) for purpose in Purpose] == [True, False, True, False]
    assert rows() == [("directory", 1, True), ("digest", 1, False), ("directory", 1, False)]
    withdrawn = Consent.objects.earliest("pk")
    assert withdrawn.withdrawn_at is not None
    assert withdrawn.given_at <= withdrawn.withdrawn_at


def test_repeating_a_decision_changes_nothing() -> None:
    member = factories.member(consents=())
    withdraw(member)
    give(member)
    give(member)
    assert (rows(), len(events(member))) == ([("directory", 1, False)], 1)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (GiveConsent(purpose="directory", version=0), Conflict),
        (GiveConsent(purpose="directory", version=2), Conflict),
        (GiveConsent(purpose="everything", version=1), Invalid),
        (WithdrawConsent(purpose="everything"), Invalid),
    ],
)
def test_refused_decision_writes_and_says_nothing(data: Any, refusal: type[Refusal]) -> None:
    member = factories.member()
    cmd = "consent.give" if isinstance(data, GiveConsent) else "consent.withdraw"
    with pytest.raises(refusal):
        perform(actor=member, cmd=cmd, topic=f"member:{member.pk}", data=data)
    assert rows() == [("directory", 1, False)]
    assert (Event.objects.count(), WriteKey.objects.count()) == (0, 0)


@pytest.mark.parametrize("is_staff", [False, True])
def test_nobody_decides_for_another(is_staff: bool) -> None:
    member, other = factories.member(), factories.member(is_staff=is_staff)
    for cmd, data in (
        ("consent.give", GiveConsent(purpose="digest", version=1)),
        ("consent.withdraw", WithdrawConsent(purpose="directory")),
    ):
        with pytest.raises(NotFound):
            perform(actor=other, cmd=cmd, topic=f"member:{member.pk}", data=data)
    assert (rows(), Event.objects.count()) == ([("directory", 1, False)] * 2, 0)


def test_commands_are_on_ones_own_topic_only() -> None:
    kinds = {c.kind for c in commands() if c.name.startswith("consent.")}
    assert kinds == {"member"}


@pytest.mark.usefixtures("newer_words")
def test_consent_to_older_words_rests_until_it_is_renewed() -> None:
    member = factories.member(consents=())
    Consent.objects.create(member=member, purpose=DIRECTORY, version=1, language="de")
    assert not access.consents(member, DIRECTORY)
    assert list(Member.objects.consenting(DIRECTORY)) == []
    state = consents_now(member)["directory"]
    assert (state.given, state.version) == (False, 1)
    with pytest.raises(Conflict):
        give(member, version=1)
    give(member, version=2)
    assert access.consents(member, DIRECTORY)
    assert rows() == [("directory", 1, True), ("directory", 2, False)]


def test_old_snapshot_and_events_give_the_fresh_snapshot() -> None:
    member = factories.member(consents=())
    copy = snapshot(member)
    for step in (give, withdraw, give):
        step(member)
    withdraw_nothing = withdraw(member, "matching")
    assert "id" not in withdraw_nothing
    give(member, "recordings")
    said = events(member)
    assert len(said) == 4
    for data in said:
        copy["consents"][data["purpose"]] = data["consent"]
    assert copy == snapshot(member)


def test_event_of_a_deleted_consent_is_gone() -> None:
    member = factories.member(consents=())
    give(member)
    Consent.objects.all().delete()
    (said,) = events(member)
    assert said["gone"] is True


def test_directory_shows_who_consents_and_nobody_else() -> None:
    reader, staff = factories.member(name="A"), factories.member(name="B", is_staff=True)
    shown, hidden = factories.member(name="C"), factories.member(name="D", consents=["digest"])
    waiting = factories.member(name="E", is_active=False, is_approved=False)
    for actor in (reader, staff):
        assert list(listed_members(actor)) == [reader, staff, shown]
    assert access.member_for(reader, shown.pk) == shown
    assert access.member_for(hidden, hidden.pk) == hidden
    assert access.member_for(staff, hidden.pk) == hidden
    for unseen in (hidden, waiting):
        with pytest.raises(NotFound):
            access.member_for(reader, unseen.pk)
    withdraw(shown)
    assert list(listed_members(reader)) == [reader, staff]
    assert list(listed_members(AnonymousUser())) == []


@pytest.mark.usefixtures("site")
def test_page_gives_and_withdraws_once_per_key(client: Client) -> None:
    member = factories.member(consents=())
    client.force_login(member)
    address = reverse("members:consents")
    asked = client.get(address).context["asked"]
    assert [str(each["purpose"]) for each in asked] == list(Purpose.values)
    form = {"purpose": "matching", "version": "1", "given": "yes", "key": str(asked[1]["key"])}
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    assert rows() == [("matching", 1, False)]
    client.post(address, {"purpose": "matching", "given": "no"})
    assert rows() == [("matching", 1, True)]
    page = client.get(address).content.decode()
    assert page.count('<th scope="row">Suggestions of partners</th>') == 1


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"purpose": "directory", "given": "yes", "version": "9"},
        {"purpose": "directory", "given": "yes", "version": "9" * 5000},
        {"purpose": "x"},
    ],
)
def test_page_says_what_is_wrong_and_writes_nothing(client: Client, form: dict[str, str]) -> None:
    client.force_login(factories.member())
    answer = client.post(reverse("members:consents"), form, follow=True)
    assert 'class="notice notice-error"' in answer.content.decode()
    assert (rows(), Event.objects.count()) == ([("directory", 1, False)], 0)


def test_rest_gives_withdraws_and_tells() -> None:
    member = factories.member(consents=())
    api = APIClient()
    api.force_authenticate(member)
    asked = api.get("/api/v1/me/consents/").json()["consents"]
    assert [(each["purpose"], each["version"], each["consent"]["given"]) for each in asked] == [
        (purpose, 1, False) for purpose in Purpose.values
    ]
    given = api.put("/api/v1/me/consents/digest/", {"given": True, "version": 1}, format="json")
    assert (given.status_code, given.json()["consent"]["given"]) == (200, True)
    api.put("/api/v1/me/consents/digest/", {"given": False}, format="json")
    history = api.get("/api/v1/me/consents/history/").json()["results"]
    assert [(row["purpose"], row["withdrawn_at"] is None) for row in history] == [("digest", False)]


@pytest.mark.parametrize(
    ("purpose", "body", "status"),
    [
        ("digest", {"given": True}, 409),
        ("digest", {"given": "yes"}, 422),
        ("digest", {}, 422),
        ("everything", {"given": True, "version": 1}, 404),
    ],
)
def test_rest_refuses(purpose: str, body: dict[str, Any], status: int) -> None:
    api = APIClient()
    api.force_authenticate(factories.member(consents=()))
    answer = api.put(f"/api/v1/me/consents/{purpose}/", body, format="json")
    assert answer.status_code == status
    assert (rows(), Event.objects.count()) == ([], 0)


@pytest.mark.parametrize("path", ["", "history/"])
def test_rest_is_for_those_signed_in(path: str) -> None:
    assert APIClient().get(f"/api/v1/me/consents/{path}").status_code == 401


def test_words_are_dated_and_in_order() -> None:
    assert list(QUESTIONS) == list(Purpose)
    for question in QUESTIONS.values():
        dates = [wording.dated for wording in question.wordings]
        assert dates == sorted(dates)
        assert 1 <= question.least <= question.version
        assert all(str(wording.words) for wording in question.wordings)
