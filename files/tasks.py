"""Background work of files: what nobody wants any more goes."""

from datetime import timedelta

from base.clock import now
from files.actions import recount_accounts, release_forgotten_files, sweep_files
from jobs.periodic import periodic


@periodic(name="files.sweep", every=timedelta(minutes=10))
def sweep() -> None:
    """Delete abandoned uploads, unused and released files."""
    sweep_files(now())


@periodic(name="files.recount", every=timedelta(days=1))
def recount() -> None:
    """Find files that nothing shows any more; bring accounts in line with their files."""
    release_forgotten_files(now())
    recount_accounts()
