"""The background work of accounts: copies of one's own data, erasure, forgetting."""

from datetime import timedelta

from django_tasks import task

from base.clock import now
from jobs.periodic import periodic
from jobs.retrying import retrying
from members.actions.accounts import give_up_unconfirmed
from members.actions.leaving import erase_departed, forget_exports, make_export
from members.actions.portfolio import mail_invitation
from members.models import Allowance, Export, SecurityEvent

ACTIVITY_KEPT = timedelta(days=183)
ERASING_AT_ONCE = timedelta(minutes=2)


@task()
@retrying(attempts=5, first_delay=timedelta(seconds=10))
def write_export(export_id: int) -> None:
    """Put a member's export together; one that was erased in the meantime is no loss."""
    export = Export.objects.select_related("member").filter(pk=export_id).first()
    if export is not None:
        make_export(export=export)


@task()
@retrying(attempts=8, first_delay=timedelta(seconds=10))
def mail_portfolio_invitation(invitation_id: int, site_at: str) -> None:
    """Mail the link of an invitation into a portfolio; one that was answered is no loss."""
    mail_invitation(invitation_id=invitation_id, site_at=site_at)


@periodic(name="members.erase", every=timedelta(minutes=5))
def erase() -> None:
    """Erase those whose time of grace is over."""
    erase_departed(budget=ERASING_AT_ONCE)


@periodic(name="members.forget", every=timedelta(hours=6))
def forget() -> None:
    """Forget old exports, old activity, counted tries, and who never confirmed the address."""
    give_up_unconfirmed()
    forget_exports()
    SecurityEvent.objects.filter(at__lt=now() - ACTIVITY_KEPT).delete()
    Allowance.objects.filter(expires__lt=now()).delete()
