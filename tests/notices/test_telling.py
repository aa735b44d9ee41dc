"""Telling: once, to whom it concerns, behind the write, and never what one may not see."""

from dataclasses import replace
from typing import Any, cast

import msgspec
import pytest
from django.utils.translation import get_language

from base.clock import now, wire_time
from chat.events import DeleteMessage, NameMember, PostMessage, ReadChannel
from chat.notices import REPLY, gather
from jobs.periodic import _jobs
from live import announce
from live.log import Range, heads, read
from live.models import Event
from members.models import Member
from notices.actions.telling import tell
from notices.kinds import Draft, Kind, kinds
from notices.models import Delivery, Notice, Preferences
from notices.queries import notice_page, unread_counts
from tests import factories
from tests.chat.reading import log, position
from tests.notices.conftest import Talk, about, do


def follower() -> Any:
    """The job that gathers what happened in rooms."""
    return _jobs["chat.notices"]


def test_reply_is_told_by_the_job_and_not_by_the_write(talk: Talk) -> None:
    job = follower()
    job.run()  # begins at the heads
    talk.reply()
    assert Notice.objects.count() == 0
    assert job.needed() is True
    job.run()
    row = Notice.objects.get()
    assert (row.member_id, row.kind, row.group) == (talk.reader.pk, REPLY, talk.topic)
    assert job.needed() is False


def test_what_happened_before_the_first_run_is_not_told(talk: Talk) -> None:
    talk.reply()
    follower().run()
    assert Notice.objects.count() == 0


def test_notice_is_an_event_of_the_members_own_topic(talk: Talk) -> None:
    before = position(f"member:{talk.reader.pk}")
    (notice,) = talk.told()
    message = Notice.objects.get().subject
    assert log(f"member:{talk.reader.pk}", before) == [
        (
            "notice.added",
            {
                "latest": notice.pk,
                "notices": [
                    {
                        "id": notice.pk,
                        "kind": REPLY,
                        "group": talk.topic,
                        "at": wire_time(notice.at),
                        "text": "Otto Other replied to you in Harbour",
                        "excerpt": "Hei",
                        "actor": {
                            "id": talk.other.pk,
                            "name": "Otto Other",
                            "organisation": "Studio Nord",
                            "country": "DE",
                            "organisation_id": talk.other.organisation_id,
                        },
                        "url": f"/chat/{talk.channel}/?message={message}#m-{message}",
                        "read": False,
                    }
                ],
            },
        )
    ]


def test_event_speaks_the_language_of_its_reader(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = replace(kinds()[REPLY], say=lambda _facts: get_language() or "")
    monkeypatch.setitem(cast("dict[str, Kind]", kinds()), REPLY, spoken)
    told = []
    wanted: list[dict[str, Any]] = [
        {"locale": "et"},
        {"locale": "", "languages": ["pl", "en"]},
        {"languages": []},
    ]
    for values in wanted:
        Member.objects.filter(pk=talk.reader.pk).update(**values)
        talk.told()
        told.append(log(f"member:{talk.reader.pk}")[-1][1]["notices"][0]["text"])
    assert told == ["et", "pl", "en"]


def test_telling_twice_tells_once(talk: Talk) -> None:
    drafts = about(talk.reply())
    tell(drafts)
    head = position(f"member:{talk.reader.pk}")
    tell(drafts + drafts)
    assert Notice.objects.count() == 1
    assert position(f"member:{talk.reader.pk}") == head


def test_batch_is_one_event_for_each_member(talk: Talk) -> None:
    people = [talk.reader, *(factories.member() for _ in range(3))]
    drafts = [
        Draft(person.pk, REPLY, f"message:{number}", talk.topic, talk.said, now())
        for number in range(3)
        for person in people
    ]
    Event.objects.all().delete()
    tell(drafts)
    found = Event.objects.filter(event="notice.added").order_by("topic")
    assert [len((row.data or {})["ids"]) for row in found] == [3, 3, 3, 3]


def test_cost_of_a_batch_does_not_grow(talk: Talk, django_assert_num_queries: Any) -> None:
    one, three = about(talk.reply()), about(*(talk.reply() for _ in range(3)))
    tell(about(talk.reply()))
    with django_assert_num_queries(13):
        tell(one)
    with django_assert_num_queries(13):
        tell(three)


@pytest.mark.parametrize(
    "who", [{"is_active": False}, {"kind": "guest"}], ids=["suspended", "guest"]
)
def test_who_may_not_sign_in_is_told_nothing(talk: Talk, who: dict[str, Any]) -> None:
    Member.objects.filter(pk=talk.reader.pk).update(**who)
    tell(about(talk.reply()))
    assert Notice.objects.count() == 0


def test_who_switched_all_off_is_told_nothing(talk: Talk) -> None:
    Preferences.objects.create(member=talk.reader, is_off=True)
    head = position(f"member:{talk.reader.pk}")
    tell(about(talk.reply()))
    assert Notice.objects.count() == 0
    assert position(f"member:{talk.reader.pk}") == head


def test_kind_that_only_goes_by_mail_is_not_in_the_list(talk: Talk) -> None:
    Preferences.objects.create(member=talk.reader, ways={REPLY: ["mail"]})
    tell(about(talk.reply()))
    assert [row.way for row in Delivery.objects.all()] == ["mail"]
    assert unread_counts([talk.reader.pk]) == {talk.reader.pk: {"unread": 0}}
    assert notice_page(talk.reader).shown == []


def test_own_reply_is_told_to_nobody(talk: Talk) -> None:
    data = PostMessage(text="And", reply_to=talk.said)
    own = do(talk.reader, "message.post", talk.topic, data)["id"]
    assert about(own) == []


def test_deleted_message_is_no_longer_shown_nor_counted(talk: Talk) -> None:
    talk.told()
    assert unread_counts([talk.reader.pk]) == {talk.reader.pk: {"unread": 1}}
    message = Notice.objects.get().subject
    do(talk.other, "message.delete", talk.topic, DeleteMessage(id=message))
    assert unread_counts([talk.reader.pk]) == {talk.reader.pk: {"unread": 0}}
    assert notice_page(talk.reader).shown == []
    name, said = log(f"member:{talk.reader.pk}")[-1]
    assert (name, said["notices"]) == ("notice.added", [])


def test_who_was_removed_sees_no_more_of_it(talk: Talk) -> None:
    data = PostMessage(text="Hei", reply_to=None)
    said = do(talk.other, "message.post", talk.topic, data)["id"]
    answer = PostMessage(text="secret", reply_to=said)
    tell(about(do(talk.reader, "message.post", talk.topic, answer)["id"]))
    assert unread_counts([talk.other.pk]) == {talk.other.pk: {"unread": 1}}
    do(talk.reader, "member.remove", talk.topic, NameMember(member=talk.other.pk))
    assert unread_counts([talk.other.pk]) == {talk.other.pk: {"unread": 0}}
    assert notice_page(talk.other).shown == []


def test_what_was_read_in_the_room_counts_as_read(talk: Talk) -> None:
    talk.told(2)
    do(talk.reader, "channel.read", talk.topic, ReadChannel(seq=10**6))
    assert unread_counts([talk.reader.pk]) == {talk.reader.pk: {"unread": 0}}
    assert [facts.is_seen for _, facts in notice_page(talk.reader).shown] == [True, True]
    assert notice_page(talk.reader, unread=True).shown == []


def test_crash_between_batches_loses_and_doubles_nothing(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobs import following

    job = follower()
    job.run()
    made = [talk.reply() for _ in range(5)]
    monkeypatch.setattr(following, "AT_ONCE", 2)
    calls = []

    def dies_in_the_second(changes: Any) -> None:
        gather(changes)
        calls.append(len(changes))
        if len(calls) == 2:
            raise RuntimeError

    real = job.run.__self__.handle
    object.__setattr__(job.run.__self__, "handle", dies_in_the_second)
    try:
        with pytest.raises(RuntimeError):
            job.run()
        assert [row.subject for row in Notice.objects.order_by("pk")] == made[:2]
        job.run()
    finally:
        object.__setattr__(job.run.__self__, "handle", real)
    assert [row.subject for row in Notice.objects.order_by("pk")] == made
    said = [
        data["latest"] for name, data in log(f"member:{talk.reader.pk}") if name == "notice.added"
    ]
    assert len(said) == len(set(said)) == 3


def test_hub_is_told_after_the_commit(talk: Talk, django_capture_on_commit_callbacks: Any) -> None:
    facts: list[announce.Commit] = []
    drafts = about(talk.reply())
    stop = announce.listen(facts.extend)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            tell(drafts)
    finally:
        stop()
    assert [commit.topic for commit in facts] == [f"member:{talk.reader.pk}"]


def test_log_reads_an_event_of_many_at_constant_cost(
    talk: Talk, django_assert_num_queries: Any
) -> None:
    topic = f"member:{talk.reader.pk}"
    before = position(topic)
    for count in (1, 3):
        talk.told(count)
        place = heads([topic])[topic]
        with django_assert_num_queries(12):
            (entry,) = read([Range(topic, place.id, place.seq - 1)])[topic]
        assert len(msgspec.json.decode(entry.data)["notices"]) == count
    assert position(topic) == before + 2
