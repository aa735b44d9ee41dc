"""A room with things said in it, and what a search of it finds."""

from collections.abc import Callable
from typing import Any

import pytest

from chat.events import CreateChannel, NameMember, PostMessage
from chat.models import Message
from jobs.periodic import _jobs
from live.performing import perform
from members.models import Member
from search.grammar import parse
from search.queries import find
from tests import factories

Say = Callable[..., int]


def index(kind: str = "message") -> None:
    """Bring the index up to date, as the worker does every second."""
    job = _jobs[f"search.{kind}"]
    assert job.needed is not None
    while job.needed():
        job.run()


def room(owner: Member, name: str = "Harbour", *, is_public: bool = True) -> int:
    """A new room of that member."""
    data = CreateChannel(name=name, is_public=is_public)
    made: int = perform(actor=owner, cmd="channel.create", topic="", data=data)["id"]
    return made


def say(actor: Member, channel: int, text: str, *, language: str | None = None) -> int:
    """A message; in that language, whatever it looks like."""
    reply = perform(
        actor=actor, cmd="message.post", topic=f"chat:{channel}", data=PostMessage(text=text)
    )
    if language is not None:
        Message.objects.filter(pk=reply["id"]).update(language=language)
    number: int = reply["id"]
    return number


def let_in(owner: Member, channel: int, member: Member) -> None:
    """Make somebody a member of a room."""
    data = NameMember(member=member.pk)
    perform(actor=owner, cmd="member.add", topic=f"chat:{channel}", data=data)


def found(actor: Any, query: str, **options: Any) -> list[int]:
    """Ids of what the search finds, newest first."""
    return [each.found.id for each in find(actor, parse(query), **options).results]


@pytest.fixture
def anna(db: None) -> Member:
    """Somebody who talks."""
    return factories.member(name="Anna Tamm")


@pytest.fixture(autouse=True)
def _unhurried(settings: Any) -> None:
    """Nobody is too fast here."""
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}
