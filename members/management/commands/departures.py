"""``manage.py departures``: who asked to be erased, by number: what a restore must repeat."""

import csv
from typing import Any

from django.core.management.base import BaseCommand

from members.models import Departure


class Command(BaseCommand):
    """List departures."""

    help = "Print who asked to be erased: number, choice, dates, as CSV."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per departure, the oldest first."""
        columns = ("member_number", "texts", "asked_at", "due_at", "cancelled_at", "erased_at")
        table = csv.writer(self.stdout)
        table.writerow(columns)
        for row in Departure.objects.order_by("pk").values_list(*columns).iterator():
            table.writerow(["" if value is None else value for value in row])
