"""Inviting by an e-mail address: who asks learns nothing of whoever does not stand in the list."""

from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from chat.actions import invitations
from chat.models import InviteLink, Membership
from chat.queries.people import links_of
from chat.tasks import invite_member
from chat.vocabulary import INVITATION_NOTICE
from live.models import Event
from members.models import Member
from moderation.events import BlockMember
from notices.kinds import kinds
from notices.models import Notice
from tests import factories
from tests.chat.conftest import Room, do

pytestmark = pytest.mark.usefixtures("site")


def ask(member: Member, room: Room, email: str) -> tuple[int, list[str]]:
    """What the page of a room's people answers to an address, in the words that it shows."""
    client = Client()
    client.force_login(member)
    answer = client.post(f"/chat/{room.id}/members/", {"email": email}, follow=True)
    return answer.status_code, [str(each) for each in answer.context.get("messages", [])]


def run_tasks() -> None:
    """Do what was put off."""
    for row in DBTaskResult.objects.order_by("enqueued_at"):
        invite_member.func(*row.args_kwargs["args"])
    DBTaskResult.objects.all().delete()


def test_hidden_and_absent_are_answered_alike_and_the_hidden_is_invited(
    make_room: Any, django_assert_num_queries: Any
) -> None:
    room = make_room()
    owner, hidden = room.people["owner"], factories.member(consents=())
    events = Event.objects.count()
    answers = [ask(owner, room, who) for who in (hidden.email, "nobody@example.org")]
    assert answers[0] == answers[1]
    assert len(answers[0][1]) == 1
    assert [r.args_kwargs["args"][2] for r in DBTaskResult.objects.order_by("enqueued_at")] == [
        hidden.pk,
        0,
    ]
    assert Event.objects.count() == events
    run_tasks()
    ask(owner, room, hidden.email.upper())
    run_tasks()
    (notice,) = Notice.objects.all()
    assert (notice.member_id, notice.kind) == (hidden.pk, INVITATION_NOTICE)
    assert list(links_of(owner.memberships.get().channel)) == []
    kind = kinds()[INVITATION_NOTICE]
    (facts,) = kind.facts([notice])
    assert facts is not None
    assert kind.say([facts]) == "Olga Owner invites you to A room"
    other, invited = Client(), Client()
    other.force_login(room.people["outsider"])
    invited.force_login(hidden)
    assert [other.get(facts.url).status_code, other.post(facts.url).status_code] == [404, 404]
    assert invited.get(facts.url).status_code == 200
    assert invited.post(facts.url).status_code == 302
    place = Membership.objects.get(channel_id=room.id, member=hidden)
    assert (place.role, place.is_inside) == ("member", True)


@pytest.mark.parametrize("who", ["removed", "guest", "suspended", "blocker", "inside"])
def test_who_is_not_to_be_invited_hears_nothing(make_room: Any, who: str) -> None:
    room = make_room()
    owner = room.people["owner"]
    if who in room.people:
        member = room.people[who]
    else:
        member = factories.member(consents=())
        if who == "blocker":
            do(member, "member.block", f"member:{member.pk}", BlockMember(member=owner.pk))
        else:
            member = room.people["member"]
    invite_member.func(owner.pk, room.id, member.pk)
    assert (InviteLink.objects.count(), Notice.objects.count()) == (0, 0)


def test_only_who_may_add_invites(make_room: Any) -> None:
    room = make_room(is_public=True)
    for who in ("member", "outsider"):
        assert ask(room.people[who], room, "nobody@example.org")[0] == 403
    assert DBTaskResult.objects.count() == 0


def test_invitations_of_a_day_are_bounded(make_room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "INVITED_A_DAY", 2)
    room = make_room()
    for _ in range(3):
        hidden = factories.member(consents=())
        invite_member.func(room.people["owner"].pk, room.id, hidden.pk)
    assert (InviteLink.objects.count(), Notice.objects.count()) == (2, 2)
