"""``manage.py token EMAIL``: a new access token, alone on the last line."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from live.credentials import create_token, find_token, revoke_token
from live.scopes import known_scopes


class Command(BaseCommand):
    """Make a token for a member, or revoke one."""

    help = "Print a new access token for a member, or revoke one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, or which."""
        parser.add_argument("email", nargs="?", help="e-mail address of the member")
        parser.add_argument("--name", default="manage.py", help="what the token is called")
        parser.add_argument(
            "--scopes", default="read,write", help="what it may do, cut at commas: chat:read, …"
        )
        parser.add_argument("--revoke", metavar="TOKEN", help="end this token instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; an unknown member or token is an error."""
        if options["revoke"]:
            row = find_token(options["revoke"])
            if row is None:
                message = "no such token"
                raise CommandError(message)
            revoke_token(row)
            self.stdout.write("revoked")
            return
        if not options["email"]:
            message = "an e-mail address is needed"
            raise CommandError(message)
        member = get_user_model().objects.filter(email=options["email"].lower()).first()
        if member is None:
            message = f"no member has the address {options['email']}"
            raise CommandError(message)
        scopes = [part.strip() for part in options["scopes"].split(",") if part.strip()]
        if unknown := set(scopes) - set(known_scopes()):
            message = f"no such scope: {', '.join(sorted(unknown))}"
            raise CommandError(message)
        self.stdout.write(create_token(member=member, name=options["name"], scopes=scopes))
