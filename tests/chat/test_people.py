"""Whoever is called otherwise is so in every room that names them: told by a job, not the write."""

from typing import Any

import pytest
from django_tasks import TaskResultStatus

from chat.actions import people
from chat.actions.people import retell_people
from chat.events import CreateChannel, NameMember, Nothing, PostMessage, StartConversation
from chat.events.messages import ForwardMessage
from chat.tasks import retell
from jobs.models import Job
from live.models import Event
from members.actions.details import change_picture
from members.events import OrganisationChange, ProfileChange
from members.models import Appointment, Member
from tests import factories
from tests.chat.conftest import do
from tests.chat.reading import kept_up, log, position, snapshot

pytestmark = pytest.mark.django_db


def room(owner: Member, *others: Member) -> str:
    made = do(owner, "channel.create", "", CreateChannel(name="R", is_public=True))
    for other in others:
        do(owner, "member.add", made["topic"], NameMember(member=other.pk))
    return str(made["topic"])


def waiting() -> list[Any]:
    """The members of whom rooms are to be told, by task."""
    rows = Job.objects.filter(task_path=retell.module_path, status=TaskResultStatus.READY)
    return [row.args_kwargs["args"][0] for row in rows.order_by("enqueued_at")]


def retold() -> list[tuple[str, int | None]]:
    rows = Event.objects.filter(event="person.changed").order_by("topic__name")
    return [(row.topic.name, row.subject) for row in rows.select_related("topic")]


def test_all_rooms_that_name_somebody_are_told_and_copies_kept_up() -> None:
    anna = factories.member(name="Anna <A>")
    olga, otto = factories.member(), factories.member()
    said, named, passed, quiet = (room(olga, anna, otto) for _ in range(4))
    spoken = do(anna, "message.post", said, PostMessage(text="Tere!"))["id"]
    do(olga, "message.post", said, PostMessage(text="Hei", reply_to=spoken))
    do(olga, "message.post", said, PostMessage(text="Thread", thread=spoken))
    do(anna, "message.post", said, PostMessage(text="Thread", thread=spoken))
    do(olga, "message.post", named, PostMessage(text=f"@[Anna](member:{anna.pk}) & co"))
    forward = ForwardMessage(channel=int(said[5:]), id=spoken)
    do(otto, "message.forward", passed, forward)
    for topic in (named, passed):
        do(anna, "channel.leave", topic, Nothing())
    talk = do(olga, "conversation.start", "", StartConversation(members=[anna.pk]))["topic"]
    elsewhere = room(olga)
    topics = [said, named, passed, talk, quiet, elsewhere]
    copies = {t: (position(t), snapshot(olga, t)) for t in topics}
    do(anna, "profile.change", f"member:{anna.pk}", ProfileChange(name="Õie & O"))
    assert (retold(), waiting()) == ([], [[anna.pk]])
    Job.objects.all().delete()
    retell.call([anna.pk])
    assert retold() == sorted((topic, anna.pk) for topic in topics if topic != elsewhere)
    for topic, (seq, copy) in copies.items():
        fresh = snapshot(olga, topic)
        assert kept_up(copy, topic, log(topic)[seq:]) == fresh
        assert ("Õie" in str(fresh)) == (topic not in {quiet, elsewhere})
        assert "Anna <A>" not in str(fresh)


def test_only_what_others_see_is_told_and_several_changes_once() -> None:
    anna = factories.member()
    topic = room(anna)
    own = f"member:{anna.pk}"
    do(anna, "profile.change", own, ProfileChange(about="x", interests="y", pronouns="she"))
    change_picture(actor=anna, sent=None)
    assert waiting() == []
    do(anna, "profile.change", own, ProfileChange(country="FI"))
    do(anna, "profile.change", own, ProfileChange(audiences={"picture": "nobody"}))
    assert waiting() == [[anna.pk], [anna.pk]]
    # While another one waits, the rooms are left to it.
    retell.call([anna.pk])
    assert retold() == []
    Job.objects.all().delete()
    retell.call([anna.pk])
    assert retold() == [(topic, anna.pk)]


def test_an_organisation_s_people_are_told_of_when_it_is_renamed() -> None:
    house = factories.organisation(name="Old")
    anna, olga = (factories.member(organisation=house) for _ in range(2))
    Appointment.objects.create(
        member=anna, organisation=house, role="representative", granted_at=anna.joined_at
    )
    change = OrganisationChange(id=house.pk, name="New")
    do(anna, "organisation.change", f"member:{anna.pk}", change)
    assert waiting() == [sorted([anna.pk, olga.pk])]


def test_rooms_are_told_in_portions_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, olga = factories.member(), factories.member()
    topics = sorted(room(anna, olga) for _ in range(3))
    monkeypatch.setattr(people, "AT_ONCE", 2)
    assert retell_people([anna.pk]) == 3
    assert retold() == [(topic, anna.pk) for topic in topics]
    monkeypatch.setattr(people, "MAX_RETOLD", 4)
    assert retell_people([anna.pk, olga.pk]) == 4


def test_nobody_hears_of_one_who_is_forgotten() -> None:
    anna, olga = factories.member(), factories.member()
    topic = room(olga, anna)
    assert retell_people([anna.pk]) == 1
    seq = position(topic) - 1
    Member.objects.filter(pk=anna.pk).delete()
    assert log(topic, seq) == [("person.changed", {"id": anna.pk, "gone": True})]
    retell.call([anna.pk])
    assert position(topic) == seq + 1
