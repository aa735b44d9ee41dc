"""Fills the demo in: organisations, people, rooms; more members, messages and tokens on request."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import Q, QuerySet

from live.credentials import create_tokens
from members.models import Member
from members.vocabulary import MemberKind
from server.demo.front import fill_front
from server.demo.matching import fill_matching
from server.demo.people import SIGN_INS, fill_crowd, fill_people
from server.demo.rooms import enter_all, fill_messages, fill_rooms


def _special() -> QuerySet[Member]:
    """Those who are no ordinary members: they moderate, run the site, wait, or are suspended."""
    return Member.objects.filter(
        Q(is_moderator=True) | Q(is_staff=True) | Q(is_active=False) | ~Q(kind=MemberKind.MEMBER)
    )


class Command(BaseCommand):
    """`seed`: what is there already is left alone, so it may run at every start."""

    help = "Fill in the demo; run again, it only adds what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the sizes."""
        parser.add_argument("--members", type=int, default=0, help="at least so many members")
        parser.add_argument(
            "--messages", type=int, default=0, help="at least so many messages in the first channel"
        )
        parser.add_argument(
            "--tokens",
            type=int,
            default=0,
            help="print so many fresh tokens of members of the first channel, one a line, no more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill in what is missing, then say how to sign in, or print the tokens."""
        people = fill_people()
        fill_front(people["staff"])
        channel = fill_rooms(people)[0]
        fill_matching()
        fill_crowd(max(options["members"], options["tokens"] + _special().count()))
        enter_all(channel)
        if options["messages"]:
            fill_messages(channel, options["messages"])
        if options["tokens"]:
            self._print_tokens(options["tokens"])
            return
        for sign_in in SIGN_INS:
            self.stdout.write(f"{sign_in.email}  ({sign_in.what})")
        self.stdout.write(f"password: {settings.DEMO_PASSWORD}")

    def _print_tokens(self, count: int) -> None:
        """One line per member without a special role: the address and a token."""
        ordinary = Member.objects.exclude(pk__in=_special())
        members = list(ordinary.order_by("id")[:count])
        for member, token in zip(members, create_tokens(members, name="seed"), strict=True):
            self.stdout.write(f"{member.email} {token}")
