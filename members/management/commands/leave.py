"""``manage.py leave EMAIL``: begin a member's leaving, for who cannot sign in any more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from base.errors import Conflict
from members.actions.leaving import ask_to_leave
from members.models import Member
from members.vocabulary import LeavingTexts


class Command(BaseCommand):
    """Begin a member's leaving."""

    help = "Begin the fourteen days after which a member is erased."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and what becomes of what they wrote."""
        parser.add_argument("email", help="e-mail address of the member")
        parser.add_argument("--texts", choices=LeavingTexts.values, default=LeavingTexts.LEAVE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; an unknown member is an error."""
        member = Member.objects.filter(email=options["email"].lower()).first()
        if member is None:
            message = f"no member has the address {options['email']}"
            raise CommandError(message)
        try:
            row = ask_to_leave(actor=member, texts=LeavingTexts(options["texts"]))
        except Conflict as refusal:
            raise CommandError(str(refusal.detail)) from refusal
        self.stdout.write(f"member {member.pk} is erased on {row.due_at:%Y-%m-%d %H:%M} UTC")
