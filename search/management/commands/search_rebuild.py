"""``manage.py search_rebuild``: makes the index anew from the rows themselves."""

from typing import Any

from django.core.management.base import BaseCommand

from search.models import Entry
from search.registry import rebuild, sources


class Command(BaseCommand):
    """Empties the index and fills it; searches meanwhile find what is in it already."""

    help = "Make the search index anew, e.g. after PostgreSQL's dictionaries have changed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Rebuild every kind, and say how many texts it has."""
        Entry.objects.exclude(kind__in=sources()).delete()
        for source in sources().values():
            Entry.objects.filter(kind=source.kind).delete()
            total = rebuild(source)
            self.stdout.write(f"{source.label}: {total}")
