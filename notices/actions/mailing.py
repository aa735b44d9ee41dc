"""Mails: what is due is bundled, one mail for a member; each is handed to the mail server once.

A mail whose sending failed is tried again under the same Message-ID. Where a worker died while it
spoke to the mail server nobody knows the outcome: such a mail is not sent again, since its notices
stand in the list and a second mail is worse than none.
"""

from collections.abc import Callable

import structlog
from django.db import transaction

from base.clock import now
from notices.actions.quiet import keep_quiet
from notices.models import Delivery, Mailing
from notices.queries import due_mail
from notices.vocabulary import MailingKind, Way

log = structlog.get_logger(__name__)

KIND_OF_WAY = {Way.MAIL: MailingKind.AT_ONCE, Way.DIGEST: MailingKind.DIGEST}


def make_mailings(enqueue: Callable[[int], object]) -> int:
    """Bundle what is due; returns how many mails there are to send.

    Args:
        enqueue: Called with the id of each mailing, in the transaction that makes it.
    """
    keep_quiet(KIND_OF_WAY)
    made = 0
    for (member_id, way), ids in due_mail(now()).items():
        with transaction.atomic():
            mailing = Mailing.objects.create(member_id=member_id, kind=KIND_OF_WAY[way])
            # Of two workers that bundle at once, one gets each delivery.
            free = Delivery.objects.filter(pk__in=ids, is_settled=False, mailing=None)
            if free.update(mailing=mailing):
                enqueue(mailing.pk)
                made += 1
            else:
                mailing.delete()
    return made


def take(mailing_id: int) -> Mailing | None:
    """The mailing if it is to be sent now, by this worker and no other; else None."""
    mailing = Mailing.objects.select_related("member").filter(pk=mailing_id, sent_at=None).first()
    if mailing is None:
        return None
    moment = now()
    if Mailing.objects.filter(pk=mailing_id, handed_at=None, sent_at=None).update(handed_at=moment):
        mailing.handed_at = moment
        return mailing
    log.warning("notices.mail_unknown", mailing=mailing_id)
    return None


def give_back(mailing: Mailing) -> None:
    """The mail server did not take it: it may be tried again."""
    Mailing.objects.filter(pk=mailing.pk).update(handed_at=None)


def settle(mailing: Mailing) -> None:
    """It is sent, or nothing is left to say: its deliveries are done with."""
    with transaction.atomic():
        Mailing.objects.filter(pk=mailing.pk).update(sent_at=now())
        mailing.deliveries.update(is_settled=True)
