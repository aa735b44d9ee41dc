"""The background work of the background work: old results go."""

from datetime import timedelta

from django.core.management import call_command

from jobs.periodic import periodic

KEPT_DAYS = 7
KEPT_DAYS_FAILED = 30


@periodic(name="jobs.prune", every=timedelta(days=1))
def prune_results() -> None:
    """Delete results of tasks that ended long ago; failures are kept longer."""
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=KEPT_DAYS,
        failed_min_age_days=KEPT_DAYS_FAILED,
        verbosity=0,
    )
