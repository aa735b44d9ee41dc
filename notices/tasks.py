"""Background work of notifications: mails, push messages, forgetting."""

import smtplib
from datetime import timedelta

import structlog
from django_tasks import task

from base.clock import now
from jobs.periodic import periodic
from jobs.retrying import retrying
from notices.actions import mailing, pushing
from notices.actions.quiet import keep_quiet
from notices.letters import letter_for
from notices.models import Mailing, Notice
from notices.pushing import send_all
from notices.queries import is_mail_due, is_push_due, pushes_for
from notices.vocabulary import KEPT, KEPT_READ, PUSH_ATTEMPTS, PUSH_PAUSE, Way

log = structlog.get_logger(__name__)

FORGOTTEN_AT_ONCE = 500
PERMANENT = range(500, 600)


@periodic(
    name="notices.mail",
    every=timedelta(seconds=5),
    lease=timedelta(minutes=2),
    needed=is_mail_due,
)
def make_mailings() -> None:
    """Bundle what is due and have it sent."""
    mailing.make_mailings(send_mailing.enqueue)


@task()
@retrying(attempts=8, first_delay=timedelta(seconds=30))
def send_mailing(mailing_id: int) -> None:
    """Send one mail; again later, under the same Message-ID, where the mail server is away."""
    taken = mailing.take(mailing_id)
    if taken is None:
        return
    try:
        letter = letter_for(taken)
        if letter is not None:
            letter.send()
    except smtplib.SMTPRecipientsRefused as refused:
        if any(code not in PERMANENT for code, _said in refused.recipients.values()):
            mailing.give_back(taken)
            raise
        log.warning("notices.mail_refused", mailing=mailing_id)
    except Exception:
        mailing.give_back(taken)
        raise
    mailing.settle(taken)


@periodic(
    name="notices.push",
    every=timedelta(seconds=1),
    lease=timedelta(minutes=1),
    needed=is_push_due,
)
def push_due() -> None:
    """Have what is due by push sent."""
    keep_quiet({Way.PUSH})
    while pushing.take_due(send_pushes.enqueue):
        pass


@task()
def send_pushes(delivery_ids: list[int], only: list[int] | None = None, attempt: int = 1) -> None:
    """Send what is due to the browsers that take it; those that fail get it again a little later.

    Args:
        delivery_ids: What is due.
        only: Subscriptions to which it is sent again.
        attempt: From 1.
    """
    again = pushing.note_outcomes(send_all(pushes_for(delivery_ids, only or ())))
    if again and attempt < PUSH_ATTEMPTS:
        later = send_pushes.using(run_after=now() + PUSH_PAUSE * attempt)
        later.enqueue(delivery_ids, list(again), attempt + 1)


@periodic(name="notices.forget", every=timedelta(days=1))
def forget_old() -> None:
    """Delete notices and mailings that are old: those that were read sooner than the others."""
    moment = now()
    old = Notice.objects.filter(at__lt=moment - KEPT)
    done = Notice.objects.filter(at__lt=moment - KEPT_READ)
    for rows in (old, done.exclude(read_at=None), done.exclude(dismissed_at=None)):
        while ids := list(rows.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
            Notice.objects.filter(pk__in=ids).delete()
    Mailing.objects.filter(made_at__lt=moment - KEPT_READ).delete()
