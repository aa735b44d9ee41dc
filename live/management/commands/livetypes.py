"""``manage.py livetypes``: write the front end's types of the wire, or see whether they are so."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from live.typescript import live_types

FILE = "static/src/live/schema.ts"


class Command(BaseCommand):
    """Write or check ``static/src/live/schema.ts``."""

    help = f"Write {FILE} from the structs of the wire."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write."""
        parser.add_argument("--check", action="store_true", help="fail when the file is not so")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; with ``--check``, an older one is an error."""
        path, text = settings.BASE_DIR / FILE, live_types()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                message = f"{FILE} is not what the structs say: run manage.py livetypes"
                raise CommandError(message)
            return
        path.write_text(text, encoding="utf-8")
