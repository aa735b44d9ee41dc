"""Mails: one for what belongs together, never twice, in the reader's language, easily ended."""

import re
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django_tasks_db.models import DBTaskResult

from base.clock import now
from chat.events import DeleteMessage, ReadChannel
from chat.notices import REPLY
from live.models import Event
from members.models import Consent, Member, SiteSettings
from members.vocabulary import Purpose
from notices.actions.mailing import make_mailings
from notices.actions.quiet import keep_quiet
from notices.letters import Unsubscription, read_token, sign
from notices.models import Delivery, Mailing, Notice, Preferences
from notices.of_members import SECURITY
from notices.queries import due_mail, is_mail_due
from notices.tasks import forget_old, send_mailing
from notices.vocabulary import MailingKind, Way
from tests.notices.conftest import Talk, do, quiet_now


@pytest.fixture(autouse=True)
def _site(settings: Any, site: SiteSettings) -> None:
    settings.SITE_URL = "https://ports.example"


def wish(talk: Talk, *ways: str, **more: Any) -> None:
    """The reader wants replies by these ways."""
    Preferences.objects.update_or_create(
        member=talk.reader, defaults={"ways": {REPLY: list(ways)}} | more
    )


def come_due(**by: float) -> None:
    """Time passes for what waits."""
    Delivery.objects.update(due_at=now() - timedelta(**by) if by else now())


def send_all() -> int:
    """Bundle and send; how many mails went out."""
    before = len(mail.outbox)
    make_mailings(send_mailing.func)
    return len(mail.outbox) - before


def html_of(letter: EmailMessage) -> str:
    """The mail's second shape."""
    assert isinstance(letter, EmailMultiAlternatives)
    return str(letter.alternatives[0][0])


def test_mail_waits_its_minute_and_takes_all_along(talk: Talk) -> None:
    wish(talk, "page", "mail")
    talk.told(2)
    assert (is_mail_due(), send_all()) == (False, 0)
    come_due()
    talk.told()
    assert is_mail_due() is True
    assert send_all() == 1
    (letter,) = mail.outbox
    assert letter.to == [talk.reader.email]
    assert letter.subject == "3 replies to you in Harbour"
    assert "Hello Rasa Reader,\n\nthis happened on Creative Ports:\n\n* 3 replies" in letter.body
    assert f"  https://ports.example/chat/{talk.channel}/?message=" in letter.body
    assert list(Delivery.objects.values_list("is_settled", flat=True)) == [True] * 3
    assert is_mail_due() is False


def test_next_mail_waits_for_the_pause(talk: Talk) -> None:
    wish(talk, "mail")
    talk.told()
    come_due()
    assert send_all() == 1
    talk.told()
    come_due()
    assert send_all() == 0
    Mailing.objects.update(made_at=now() - timedelta(minutes=6))
    assert send_all() == 1


def test_mail_that_comes_due_in_quiet_hours_waits_for_their_end(talk: Talk) -> None:
    """As after a pause that ends in them; what concerns the account's safety does not wait."""
    wish(talk, "mail")
    talk.told()
    come_due()
    quiet_now(talk.reader)
    assert (send_all(), is_mail_due()) == (0, False)
    delivery = Delivery.objects.get()
    assert timedelta(0) < delivery.due_at - now() <= timedelta(hours=1)
    come_due()
    Notice.objects.update(kind=SECURITY)
    assert send_all() == 0
    assert Mailing.objects.count() == 1


def test_quiet_hours_of_others_put_nothing_off(talk: Talk, django_assert_num_queries: Any) -> None:
    wish(talk, "mail")
    talk.told(3)
    come_due()
    quiet_now(talk.other)
    with django_assert_num_queries(1):
        keep_quiet({Way.MAIL})
    assert send_all() == 1


def test_single_reply_says_who_and_what(talk: Talk) -> None:
    wish(talk, "mail")
    talk.told()
    come_due()
    send_all()
    (letter,) = mail.outbox
    assert letter.subject == "Otto Other replied to you in Harbour"
    assert "  Hei\n" in letter.body
    html = html_of(letter)
    assert "Otto Other replied to you in Harbour</a>" in html
    assert "<script" not in html


def test_names_in_a_subject_stay_on_one_line_and_are_escaped_in_html(talk: Talk) -> None:
    Member.objects.filter(pk=talk.other.pk).update(name="Otto\nBcc: all@example.org <b>")
    wish(talk, "mail")
    talk.told()
    come_due()
    send_all()
    (letter,) = mail.outbox
    assert letter.subject == "Otto Bcc: all@example.org <b> replied to you in Harbour"
    assert "&lt;b&gt;" in html_of(letter)
    assert letter.recipients() == [talk.reader.email]


@pytest.mark.parametrize("how", ["read", "seen", "dismissed", "deleted", "unwanted", "suspended"])
def test_what_is_of_no_use_any_more_is_not_mailed(talk: Talk, how: str) -> None:
    wish(talk, "page", "mail")
    (notice,) = talk.told()
    come_due()
    match how:
        case "read":
            Notice.objects.update(read_at=now())
        case "seen":
            do(talk.reader, "channel.read", talk.topic, ReadChannel(seq=10**6))
        case "dismissed":
            Notice.objects.update(dismissed_at=now())
        case "deleted":
            data = DeleteMessage(id=notice.subject)
            do(talk.other, "message.delete", talk.topic, data)
        case "unwanted":
            wish(talk, "page")
        case "suspended":
            Member.objects.filter(pk=talk.reader.pk).update(is_active=False)
    assert send_all() == 0
    assert is_mail_due() is False
    assert Mailing.objects.get().sent_at is not None


class Away(EmailBackend):
    """A mail server that is not there."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    """A mail server that knows no such address."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"x": (550, b"unknown")})


def test_mail_server_away_means_the_same_mail_later(talk: Talk, settings: Any) -> None:
    wish(talk, "mail")
    talk.told()
    come_due()
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    ids: list[int] = []
    make_mailings(ids.append)
    with pytest.raises(ConnectionRefusedError):
        send_mailing.func(ids[0])
    assert Delivery.objects.get().is_settled is False
    settings.EMAIL_BACKEND = usual
    send_mailing.func(ids[0])
    send_mailing.func(ids[0])
    assert len(mail.outbox) == 1
    made = Mailing.objects.get()
    wanted = f"<notices.{made.pk}.{made.made_at.timestamp():.0f}@ports.example>"
    assert mail.outbox[0].extra_headers["Message-ID"] == wanted


def test_unknown_outcome_is_not_sent_again(talk: Talk) -> None:
    """A worker died between speaking to the mail server and writing it down."""
    wish(talk, "mail")
    talk.told()
    come_due()
    ids: list[int] = []
    make_mailings(ids.append)
    Mailing.objects.update(handed_at=now())
    send_mailing.func(ids[0])
    assert mail.outbox == []


def test_unknown_address_is_not_tried_again(talk: Talk, settings: Any) -> None:
    wish(talk, "mail")
    talk.told()
    come_due()
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert send_all() == 0
    assert Mailing.objects.get().sent_at is not None


def test_mailing_and_its_task_stand_in_one_transaction(talk: Talk) -> None:
    wish(talk, "mail")
    talk.told()
    come_due()

    def dies(_mailing_id: int) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        make_mailings(dies)
    assert (Mailing.objects.count(), is_mail_due()) == (0, True)
    make_mailings(send_mailing.enqueue)
    assert [row.args_kwargs["args"] for row in DBTaskResult.objects.all()] == [
        [Mailing.objects.get().pk]
    ]


def consent(talk: Talk) -> None:
    Consent.objects.create(member=talk.reader, purpose=Purpose.DIGEST, version=1)


def test_digest_comes_only_with_consent(talk: Talk) -> None:
    wish(talk, "page", "digest", digest="daily", digest_hour=8)
    talk.told()
    assert Delivery.objects.count() == 0
    consent(talk)
    talk.told()
    (delivery,) = Delivery.objects.all()
    assert delivery.way == Way.DIGEST
    come_due()
    assert send_all() == 1
    (letter,) = mail.outbox
    assert letter.subject == "What is new for you on Creative Ports"
    assert Mailing.objects.get().kind == MailingKind.DIGEST


def test_consent_withdrawn_meanwhile_stops_the_digest(talk: Talk) -> None:
    consent(talk)
    wish(talk, "digest", digest="daily")
    talk.told()
    Consent.objects.update(withdrawn_at=now())
    come_due()
    assert send_all() == 0


def unsubscribe_path(letter: Any) -> str:
    """The path of the address in a mail's header."""
    header = letter.extra_headers["List-Unsubscribe"]
    found = re.fullmatch(r"<https://ports\.example(/notices/unsubscribe/[^>]+/)>", header)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("way", "now_has"),
    [("mail", (["digest", "page"], "daily")), ("digest", (["page", "mail", "digest"], "never"))],
)
def test_one_click_ends_mails_of_that_sort(
    talk: Talk, way: str, now_has: tuple[list[str], str]
) -> None:
    """As RFC 8058 has it: a POST without cookies and without our CSRF token."""
    consent(talk)
    wish(talk, "page", "mail", "digest", digest="daily")
    talk.told()
    come_due()
    Delivery.objects.exclude(way=way).delete()
    send_all()
    (letter,) = mail.outbox
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = unsubscribe_path(letter)
    assert path in letter.body
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    chosen = Preferences.objects.get()
    assert (chosen.ways[REPLY], chosen.digest) == (["page", "mail", "digest"], "daily")
    for _ in range(2):
        answer = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    chosen = Preferences.objects.get()
    assert (chosen.ways[REPLY], chosen.digest) == now_has
    said = Event.objects.filter(event="notice.configured", by=talk.reader)
    assert said.count() == 1


def test_forged_and_foreign_tokens_change_nothing(talk: Talk) -> None:
    token = sign(Unsubscription(talk.reader.pk, Way.MAIL, (REPLY,)))
    assert read_token(token) == Unsubscription(talk.reader.pk, Way.MAIL, (REPLY,))
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), "x", token + "x"):
        assert read_token(wrong) is None
        assert Client().post(f"/notices/unsubscribe/{wrong}/").status_code == 404
    assert Preferences.objects.count() == 0


def test_cost_of_looking_for_what_is_due_does_not_grow(
    talk: Talk, django_assert_num_queries: Any
) -> None:
    wish(talk, "mail")
    for count in (1, 3):
        talk.told(count)
        come_due()
        with django_assert_num_queries(3):
            due_mail(now())


def test_old_notices_are_forgotten(talk: Talk) -> None:
    wish(talk, "page", "mail")
    kept, read, dismissed, old = talk.told(4)
    long_ago = now() - timedelta(days=100)
    Notice.objects.filter(pk__in=[kept.pk, read.pk, dismissed.pk]).update(at=long_ago)
    Notice.objects.filter(pk=old.pk).update(at=now() - timedelta(days=366))
    Notice.objects.filter(pk=read.pk).update(read_at=now())
    Notice.objects.filter(pk=dismissed.pk).update(dismissed_at=now())
    forget_old()
    assert [row.pk for row in Notice.objects.all()] == [kept.pk]
    assert [row.notice_id for row in Delivery.objects.all()] == [kept.pk]
