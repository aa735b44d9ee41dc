"""Meetings with rounds, and people of three countries who take part."""

from typing import Any

import msgspec

from live.performing import perform
from matchmaking.events.rounds import PlanMeeting
from matchmaking.models import Meeting
from members.models import Member
from tests import factories

COUNTRIES = ("DE", "EE", "FI")


def do(actor: Member, cmd: str, data: msgspec.Struct) -> dict[str, Any]:
    """One write on one's own topic, as every door does it."""
    return perform(actor=actor, cmd=cmd, topic=f"member:{actor.pk}", data=data)


def people(count: int) -> list[Member]:
    """So many members who speak English and German."""
    return [
        factories.member(name=f"P{n}", country=COUNTRIES[n % 3], languages=["en-GB", "de"])
        for n in range(count)
    ]


def planned(host: Member, members: list[Member], size: int = 2) -> Meeting:
    """A meeting of these that has not begun."""
    data = PlanMeeting(title="Fair", size=size, members=[each.pk for each in members])
    return Meeting.objects.get(pk=do(host, "meeting.plan", data)["id"])
