"""``manage.py new_epoch``: after a backup was restored, the log says that it is another."""

from typing import Any

from django.core.management.base import BaseCommand

from base.ids import new_key
from live.models import Log


class Command(BaseCommand):
    """Give the log a new epoch, so that every reader starts from a snapshot.

    A restored log gives numbers a second time; without a new epoch, readers that had seen the
    first ones would miss what the second ones say. Processes ask for the epoch at start.
    """

    help = "Give the log a new epoch: after restoring a backup, before the servers start."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and say what to do next."""
        epoch = new_key()
        Log.objects.update_or_create(pk=1, defaults={"epoch": epoch})
        self.stdout.write(f"epoch: {epoch}")
        self.stdout.write("Start the servers now; restart those that were running meanwhile.")
