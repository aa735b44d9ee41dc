"""Background work of files: what nobody wants any more goes."""

from datetime import timedelta

from base.clock import now
from files.actions import recount_accounts, sweep_files
from jobs.periodic import periodic


@periodic(name="files.sweep", every=timedelta(minutes=10))
def sweep() -> None:
    """Delete abandoned uploads, unused and released files."""
    sweep_files(now())


@periodic(name="files.recount", every=timedelta(days=1))
def recount() -> None:
    """Bring accounts in line with their files, should they ever differ."""
    recount_accounts()
