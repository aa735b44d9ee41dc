"""What the demo's organisations look for in one matter, and what some of them do together."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

import msgspec

from base.clock import now
from live.performing import perform
from matchmaking.events.consortia import AnswerConsortium, ProposeConsortium
from matchmaking.events.groups import BeginGroup, ChangeGroup, SaveTask
from matchmaking.events.requests import PostRequest
from matchmaking.models import Consortium, CooperationRequest
from members.models import Member
from server.demo import reading

GROUP = ("Tartu Loomemajanduskeskus", "Filmby Aarhus", "Odra Studio")
"""Who agreed to a consortium and works in a group; the first leads."""
WAITING = (
    "Hamburg Kreativ Gesellschaft",
    "Media Evolution City Malmö",
    "Tartu Loomemajanduskeskus",
)
"""Who is asked into another; the last has not answered."""
TASKS = (
    ("Agree on the dates of the three summer workshops", "done", 0),
    ("Draft the budget for Creative Europe", "doing", 1),
    ("Find a house in Szczecin for twelve people", "doing", 2),
    ("Ask the film school for two tutors", "todo", 1),
    ("Translate the call for participants", "todo", 0),
)
"""What the group has to do, how far that is, and which of its organisations does it."""


def fill_requests(speakers: Mapping[str, Member]) -> None:
    """Post cooperation requests where there is none yet."""
    if CooperationRequest.objects.exists():
        return
    today = now().astimezone(UTC).date()
    for row in reading.requests():
        speaker = speakers.get(row.organisation)
        if speaker is None:
            continue
        data = PostRequest(
            organisation=speaker.organisation_id or 0,
            title=row.title,
            text=row.text,
            deadline=(today + timedelta(days=row.days)).isoformat(),
            language=row.language,
            needs=list(row.needs),
            offers=list(row.offers),
            sectors=list(row.sectors),
            countries=list(row.countries),
            audience=row.audience,
        )
        _do(speaker, "request.post", data)


def fill_projects(speakers: Mapping[str, Member]) -> None:
    """Have some agree to a consortium and begin its group, and propose another."""
    if Consortium.objects.exists() or not {*GROUP, *WAITING} <= speakers.keys():
        return
    agreed = _propose(speakers, GROUP, "Lighthouse workshops for young animators", GROUP[1:])
    lead, houses = speakers[GROUP[0]], [speakers[name] for name in GROUP]
    begun = BeginGroup(organisation=lead.organisation_id or 0, consortium=agreed)
    group = int(_do(lead, "group.begin", begun)["id"])
    ends_on = (now().astimezone(UTC).date() + timedelta(days=300)).isoformat()
    _do(lead, "group.change", ChangeGroup(group=group, ends_on=ends_on))
    for title, state, place in TASKS:
        task = SaveTask(group=group, title=title, state=state, who=houses[place].pk)
        _do(houses[place], "task.save", task)
    _propose(speakers, WAITING, "Harbours in winter: markets between the years", WAITING[1:2])


def _propose(
    speakers: Mapping[str, Member], names: tuple[str, ...], title: str, willing: tuple[str, ...]
) -> int:
    """Propose a consortium of these, the first leads; who is willing says yes. Its id."""
    lead, *others = (speakers[name] for name in names)
    proposed = ProposeConsortium(
        organisation=lead.organisation_id or 0,
        title=title,
        members=[each.organisation_id or 0 for each in others],
        needs=["space", "training"],
    )
    pk = int(_do(lead, "consortium.propose", proposed)["id"])
    for name in willing:
        speaker = speakers[name]
        yes = AnswerConsortium(consortium=pk, organisation=speaker.organisation_id or 0, yes=True)
        _do(speaker, "consortium.answer", yes)
    return pk


def _do(speaker: Member, cmd: str, data: msgspec.Struct) -> dict[str, Any]:
    return perform(actor=speaker, cmd=cmd, topic=f"member:{speaker.pk}", data=data, key=None)
