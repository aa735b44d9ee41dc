"""Whoever is called otherwise is so in every room that names them: told by a job, not the write."""

from typing import Any

import msgspec
import pytest
from django.test import Client
from django_tasks import TaskResultStatus

from chat.actions import people
from chat.actions.people import retell_people, tell_lists
from chat.events import (
    ChannelState,
    CreateChannel,
    DescribeChannel,
    NameMember,
    Nothing,
    PostMessage,
    StartConversation,
)
from chat.events.messages import ForwardMessage
from chat.models import Channel
from chat.queries import title_of
from chat.queries.marks import candidates
from chat.queries.people import people_of
from chat.tasks import relist, retell
from jobs.models import Job
from live.models import Event
from members.actions.details import change_picture
from members.events import OrganisationChange, ProfileChange
from members.models import Appointment, Member
from search.grammar import parse
from search.queries import find
from tests import factories
from tests.chat.conftest import do
from tests.chat.reading import kept_up, log, position, snapshot
from tests.search.conftest import index

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


def test_what_a_profile_hides_is_hidden_in_rooms_too() -> None:
    anna = factories.member(name="Anna", organisation="Loomekeskus", country="EE")
    olga = factories.member()
    topic = room(olga, anna)
    do(anna, "message.post", topic, PostMessage(text="Tere!"))
    channel = Channel.objects.get(pk=int(topic[5:]))
    assert people_of(channel, search="loomekeskus").count() == 1
    hidden = ProfileChange(audiences={"organisation": "nobody", "country": "organisation"})
    do(anna, "profile.change", f"member:{anna.pk}", hidden)
    assert waiting() == [[anna.pk]]
    Job.objects.all().delete()
    retell.call([anna.pk])
    said = Event.objects.filter(event="person.changed", topic__name=topic)
    assert said.count() == 1
    (row,) = snapshot(olga, topic)["messages"]
    author = row["author"]
    assert (author["name"], author["organisation"], author["country"]) == ("Anna", "", "")
    assert author["organisation_id"] is None
    assert people_of(channel, search="loomekeskus").count() == 0
    assert [each.detail for each in candidates(olga, channel, "Ann")] == [""]
    index()
    (result,) = find(olga, parse("tere")).results
    assert result.found.author is not None
    assert (result.found.author.organisation, result.found.author.country) == ("", "")
    client = Client()
    client.force_login(olga)
    people = client.get(f"/chat/{channel.pk}/members/").content.decode()
    assert "Anna" in people
    assert "Loomekeskus" not in people


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


def listed() -> list[tuple[str, int | None]]:
    """Whose lists were told of which channels."""
    rows = Event.objects.filter(event="channel.changed", topic__name__startswith="member:")
    return [(row.topic.name, row.subject) for row in rows.select_related("topic").order_by("pk")]


def carry_on() -> None:
    """What happens behind the write: rooms are told, then lists."""
    tasks = {task.module_path: task for task in (retell, relist)}
    while jobs := list(Job.objects.order_by("enqueued_at")):
        Job.objects.all().delete()
        for job in jobs:
            if job.task_path in tasks:
                tasks[job.task_path].call(*job.args_kwargs["args"])


def test_lists_of_rooms_say_what_a_conversation_is_called_now() -> None:
    anna, olga, otto = (factories.member(name=name) for name in ("Anna", "Olga", "Otto"))
    direct = do(olga, "conversation.start", "", StartConversation(members=[anna.pk]))
    three = StartConversation(members=[anna.pk, otto.pk])
    group = do(olga, "conversation.start", "", three)
    public = room(olga, anna)
    carry_on()
    own = [f"member:{who.pk}" for who in (anna, olga, otto)]
    copies = {topic: (position(topic), snapshot(who, topic)) for topic, who in zip(
        own, (anna, olga, otto), strict=True
    )}  # fmt: skip
    do(anna, "profile.change", own[0], ProfileChange(name="Õie"))
    assert listed() == []
    carry_on()
    talks = [(topic, direct["id"]) for topic in own[:2]] + [(topic, group["id"]) for topic in own]
    assert sorted(listed()) == sorted(talks)
    for topic, who in zip(own, (anna, olga, otto), strict=True):
        seq, copy = copies[topic]
        since = log(topic, seq)
        called = [title_of(msgspec.convert(said["channel"], ChannelState), who.pk)
                  for name, said in since if name == "channel.changed"]  # fmt: skip
        assert called == {anna: ["Olga", "Olga, Otto"], olga: ["Õie", "Õie, Otto"]}.get(
            who, ["Õie, Olga"]
        )
        assert kept_up(copy, topic, since) == snapshot(who, topic)
    # A room's new name is told; what lists do not show is not.
    said = len(listed())
    number = int(public.partition(":")[2])
    do(olga, "channel.edit", public, DescribeChannel(name="R", purpose="Other", slow_mode_s=10))
    carry_on()
    assert len(listed()) == said
    do(olga, "channel.edit", public, DescribeChannel(name="Harbour"))
    carry_on()
    assert len(listed()) == said + 2
    assert {topic for topic, channel in listed() if channel == number} == set(own[:2])


def test_lists_are_told_in_portions_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    topic = room(*(factories.member() for _ in range(5)))
    number = int(topic.partition(":")[2])
    monkeypatch.setattr(people, "AT_ONCE", 2)
    assert (tell_lists([number]), len(listed())) == (5, 5)
    monkeypatch.setattr(people, "MAX_RETOLD", 3)
    assert (tell_lists([number]), len(listed())) == (3, 8)


def test_whoever_is_out_does_not_read_on_what_became_of_a_room() -> None:
    """Their own log is told again without it, however far back they begin."""
    olga, anna = factories.member(), factories.member()
    topic = str(do(olga, "channel.create", "", CreateChannel(name="R", is_public=False))["topic"])
    number = int(topic.partition(":")[2])
    do(olga, "member.add", topic, NameMember(member=anna.pk))
    tell_lists([number])
    own = f"member:{anna.pk}"
    said = dict(log(own))
    assert said["channel.added"]["channel"] == said["channel.changed"]["channel"]
    do(olga, "member.remove", topic, NameMember(member=anna.pk))
    do(olga, "channel.edit", topic, DescribeChannel(name="Secret"))
    gone = {"id": number, "gone": True}
    said = dict(log(own))
    assert (said["channel.added"], said["channel.changed"]) == (gone, gone)
    assert "Secret" not in str(said)
