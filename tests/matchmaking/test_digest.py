"""The digest of suggestions: in the member's language, no more than they set, never twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from base.clock import now
from matchmaking.models import MatchingProfile, Suggestion
from matchmaking.tasks.suggestions import suggest
from members.events import WithdrawConsent
from members.models import Consent, SiteSettings
from members.vocabulary import Purpose
from notices.actions.mailing import make_mailings
from notices.models import Delivery, Notice, Preferences
from notices.tasks import send_mailing
from tests.matchmaking.matching import House, answer, do, house

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(settings: Any) -> House:
    """Who consented to digests, reads German and set two suggestions a week; three would fit.

    Nothing else was set: digests come weekly.
    """
    settings.SITE_URL = "https://ports.example"
    SiteSettings.objects.create(pk=1, is_set_up=True)
    own = house("EE", name="Sadam", consents=("directory", "matching", "digest"), weekly=2)
    own.member.locale = "de"
    own.member.save()
    for country in ("FI", "SE", "LV"):
        house(country, needs=["residency"], offers=["festival"])
    return own


def send_due() -> list[Any]:
    """Send what is due by now, had its time come; the letters."""
    Delivery.objects.filter(mailing=None).update(due_at=now())
    before = len(mail.outbox)
    make_mailings(send_mailing.func)
    return mail.outbox[before:]


def look_again(after: timedelta) -> None:
    """The job that looks for suggestions, as if so much time had passed."""
    for row in Suggestion.objects.all():
        Suggestion.objects.filter(pk=row.pk).update(made_at=row.made_at - after)
    for notice in Notice.objects.all():
        key = f"{notice.key}-before"
        Notice.objects.filter(pk=notice.pk).update(key=key, at=notice.at - after)
    MatchingProfile.objects.update(suggested_at=None)
    suggest()


def test_it_comes_in_ones_language_within_ones_number_and_never_twice(reader: House) -> None:
    suggest()
    (waiting,) = Delivery.objects.filter(member=reader.member)
    assert timedelta(0) < waiting.due_at - now() <= timedelta(days=7)
    (letter,) = send_due()
    assert letter.to == [reader.member.email]
    assert letter.subject == "Was auf Creative Ports für Sie neu ist"
    line = "* Es gibt neue Partnervorschläge für Sadam"
    assert letter.body.count(line) == 1
    assert f"https://ports.example/partners/{reader.id}/" in letter.body
    assert Suggestion.objects.filter(profile=reader.id).count() == 2
    # Nothing more than one set this week, and nothing of what was sent.
    look_again(timedelta(days=1))
    assert send_due() == []
    # With the new week comes the third, once.
    look_again(timedelta(days=7))
    assert Suggestion.objects.filter(profile=reader.id).count() == 3
    (second,) = send_due()
    assert second.body.count(line) == 1
    assert send_due() == []


def test_one_click_ends_it(reader: House) -> None:
    suggest()
    (letter,) = send_due()
    headers = letter.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("https://ports.example")
    click = {"List-Unsubscribe": "One-Click"}
    assert Client(enforce_csrf_checks=True).post(address, click).status_code == 200
    assert Preferences.objects.get(member=reader.member).digest == "never"
    look_again(timedelta(days=8))
    assert Notice.objects.filter(member=reader.member).count() == 2
    assert send_due() == []


@pytest.mark.parametrize("purpose", ["digest", "matching"])
def test_without_consent_nothing_comes(reader: House, purpose: str) -> None:
    suggest()
    do(reader.member, "consent.withdraw", WithdrawConsent(purpose=purpose))
    assert send_due() == []


def test_what_is_answered_or_gone_meanwhile_is_not_news(reader: House) -> None:
    suggest()
    first, second = Suggestion.objects.filter(profile=reader.id).order_by("pk")
    answer(reader, House(first.other.organisation, reader.member), "declined")
    contact = second.other.contact
    Consent.objects.filter(member=contact, purpose=Purpose.MATCHING).update(withdrawn_at=now())
    assert send_due() == []
