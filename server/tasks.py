"""Periodic jobs of the parts that stand below ``jobs``, and of Django itself."""

from datetime import timedelta

from django.core.management import call_command

from jobs.periodic import periodic
from live.keeping import forget_old_keys, trim_log
from server import environment as env


@periodic(name="live.forget_old_keys", every=timedelta(hours=6))
def forget_keys() -> None:
    """Forget idempotency keys that nobody will send again."""
    forget_old_keys()


@periodic(name="live.trim_log", every=timedelta(hours=24))
def trim() -> None:
    """Shorten the log, where the operator wants that."""
    if days := env.LOG_DAYS.number():
        trim_log(days)


@periodic(name="sessions.clear", every=timedelta(hours=24))
def clear_sessions() -> None:
    """Delete sessions that have expired."""
    call_command("clearsessions", verbosity=0)
