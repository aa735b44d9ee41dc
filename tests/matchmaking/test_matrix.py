"""Who may do what with teams, groups and meetings; and that no command is in no such table."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from base.errors import Refusal
from chat.models import Channel, Membership
from live.models import Event
from matchmaking.events.consortia import AnswerConsortium, CloseConsortium, ProposeConsortium
from matchmaking.events.groups import (
    AddPerson,
    BeginGroup,
    ChangeGroup,
    DropTask,
    LeaveGroup,
    SaveTask,
)
from matchmaking.events.rounds import (
    ChangePresence,
    DropMeeting,
    NextRound,
    PlanAhead,
    PlanMeeting,
)
from matchmaking.models import (
    Consortium,
    ConsortiumSeat,
    GroupPerson,
    GroupTask,
    Meeting,
    MeetingPlace,
    MeetingRound,
    ProjectGroup,
)
from members.live import _own_commands
from members.models import Act, Member
from notices.models import Notice
from tests import factories
from tests.matchmaking.matching import House, do, house
from tests.matchmaking.test_conduct import MATRIX as MATCHING
from tests.matchmaking.test_requests import MATRIX as REQUESTS

pytestmark = pytest.mark.django_db
OURS = frozenset({
    "matching", "suggestion", "introduction", "request", "consortium", "group", "task", "meeting",
})  # fmt: skip
TABLES = (
    Act, Channel, Consortium, ConsortiumSeat, Event, GroupPerson, GroupTask, Meeting,
    MeetingPlace, MeetingRound, Membership, Notice, ProjectGroup,
)  # fmt: skip

# Who leads, its editor, who accompanies it, who was asked and takes part, whose organisation was
# asked and who takes no part, an outsider, staff, an organiser, a guest.
STANDINGS = (
    "leads", "editor", "helper", "asked", "colleague", "outsider", "staff", "organiser", "guest",
)  # fmt: skip
MATRIX: list[tuple[str, Callable[[Any], Any], str]] = [
    ("consortium.propose",
     lambda w: ProposeConsortium(organisation=w["one"], title="x", members=[w["other"]]),
     "y y f f f f f f n"),
    ("consortium.answer",
     lambda w: AnswerConsortium(consortium=w["waits"], organisation=w["other"], yes=True),
     "f f f y y f f f n"),
    ("consortium.close", lambda w: CloseConsortium(consortium=w["waits"], organisation=w["one"]),
     "y y f f f f f f n"),
    ("group.begin", lambda w: BeginGroup(organisation=w["one"], consortium=w["agreed"]),
     "y y f f f f f f n"),
    ("group.change", lambda w: ChangeGroup(group=w["group"], title="y"), "y n n y n n n n n"),
    ("group.add", lambda w: AddPerson(group=w["group"], member=w["colleague"]),
     "y n n y n n n n n"),
    ("group.leave", lambda w: LeaveGroup(group=w["group"]), "y n n y n n n n n"),
    ("task.save", lambda w: SaveTask(group=w["group"], title="y"), "y n n y n n n n n"),
    ("task.drop", lambda w: DropTask(group=w["group"], id=w["task"]), "y n n y n n n n n"),
    ("meeting.plan", lambda w: PlanMeeting(title="x", size=2, members=[w["asked"]]),
     "f f f f f f y y f"),
    ("meeting.next", lambda w: NextRound(meeting=w["meeting"]), "n n n n n n y y n"),
    ("meeting.ahead", lambda w: PlanAhead(meeting=w["meeting"], rounds=1), "n n n n n n y y n"),
    ("meeting.presence", lambda w: ChangePresence(meeting=w["meeting"], absent=[w["asked"]]),
     "n n n n n n y y n"),
    ("meeting.drop", lambda w: DropMeeting(meeting=w["meeting"]), "n n n n n n y y n"),
]  # fmt: skip
CODES = {"y": "", "f": "forbidden", "n": "not_found"}


@pytest.fixture
def world(settings: Any) -> dict[str, Any]:
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}
    one = house("DE", needs=["festival"], offers=["residency"])
    other = house("EE", needs=["residency"], offers=["festival"])
    hub = factories.organisation(kind="incubator")
    people: dict[str, Member] = {
        "leads": one.member,
        "editor": factories.member(),
        "helper": factories.member(),
        "asked": other.member,
        "colleague": factories.member(),
        "outsider": factories.member(),
        "staff": factories.member(is_staff=True),
        "organiser": factories.member(is_organiser=True),
        "guest": factories.member(kind="guest"),
    }
    factories.appointment(member=people["editor"], organisation=one.organisation, role="editor")
    factories.appointment(member=people["helper"], organisation=hub)
    factories.accompaniment(intermediary=hub, organisation=one.organisation)
    factories.appointment(member=people["colleague"], organisation=other.organisation)
    waits = _proposed(one, other)
    agreed, begun = (_agreed(one, other) for _ in range(2))
    begin = BeginGroup(organisation=one.id, consortium=begun)
    group = do(one.member, "group.begin", begin)["id"]
    task = do(one.member, "task.save", SaveTask(group=group, title="Write"))["id"]
    plan = PlanMeeting(title="Fair", size=2, members=[one.member.pk, other.member.pk])
    meeting = do(people["organiser"], "meeting.plan", plan)["id"]
    return {
        "one": one.id, "other": other.id, "waits": waits, "agreed": agreed, "group": group,
        "task": task, "meeting": meeting, "asked": other.member.pk,
        "colleague": people["colleague"].pk, "people": people,
    }  # fmt: skip


def _proposed(one: House, other: House) -> int:
    data = ProposeConsortium(organisation=one.id, title="Harbours", members=[other.id])
    return int(do(one.member, "consortium.propose", data)["id"])


def _agreed(one: House, other: House) -> int:
    pk = _proposed(one, other)
    said = AnswerConsortium(consortium=pk, organisation=other.id, yes=True)
    do(other.member, "consortium.answer", said)
    return pk


def counts() -> list[int]:
    return [table._default_manager.count() for table in TABLES]


def test_matrix_of_commands(world: dict[str, Any]) -> None:
    for cmd, data, wanted in MATRIX:
        for standing, word in zip(STANDINGS, wanted.split(), strict=True):
            mark, before, code = transaction.savepoint(), counts(), ""
            try:
                do(world["people"][standing], cmd, data(world))
            except Refusal as refusal:
                code = refusal.code
                assert counts() == before, (cmd, standing)
            assert (cmd, standing, code) == (cmd, standing, CODES[word])
            transaction.savepoint_rollback(mark)


def test_every_command_of_matchmaking_stands_in_a_matrix() -> None:
    known = {cmd for cmd, _data, _wanted in (*MATCHING, *MATRIX)} | REQUESTS.keys()
    assert known == {cmd for cmd in _own_commands if cmd.partition(".")[0] in OURS}
