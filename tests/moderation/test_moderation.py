"""Blocks and reports: what they do, who may, the event law, what pages cost."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from base.errors import Refusal
from chat.events import CreateChannel, DeleteMessage, EditMessage, NameMember, PostMessage
from live.credentials import REVOCATIONS, Credential, ends
from live.models import Event, WriteKey
from live.performing import perform
from live.registry import commands, load_apart
from members.models import Member, SiteSettings
from moderation import access
from moderation.events import BlockMember, ReportContent
from moderation.models import Block, Report
from tests import factories
from tests.chat.reading import log, position, snapshot

pytestmark = pytest.mark.django_db
OWN = ("content.report", "member.block", "member.unblock")


def own(actor: Member, cmd: str, data: Any) -> dict[str, Any]:
    """A command on one's own topic."""
    return perform(actor=actor, cmd=cmd, topic=f"member:{actor.pk}", data=data)


def said(author: Member, texts: list[str], *readers: Member) -> list[int]:
    """Messages in a private room of the author and the readers; their ids."""
    made = perform(
        actor=author, cmd="channel.create", topic="", data=CreateChannel(name="R", is_public=False)
    )
    for reader in readers:
        data = NameMember(member=reader.pk)
        perform(actor=author, cmd="member.add", topic=made["topic"], data=data)
    post: Any = [
        perform(actor=author, cmd="message.post", topic=made["topic"], data=PostMessage(text=text))
        for text in texts
    ]
    return [reply["id"] for reply in post]


def rows() -> list[Any]:
    """All that a write could change."""
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Event, Block, Report, WriteKey)
    ]


@pytest.fixture
def site() -> SiteSettings:
    """The settings of a site that is set up."""
    return SiteSettings.objects.create(pk=1, is_set_up=True)


def test_commands_of_moderation_are_those_tested_here() -> None:
    found = {c.name for c in commands() if c.run.__module__ == "members.live"}
    assert set(OWN) <= found


def test_block_has_one_direction_and_tells_nobody_else() -> None:
    anna, boris = factories.member(), factories.member()
    own(anna, "member.block", BlockMember(member=boris.pk))
    assert (access.blocks(anna.pk, boris.pk), access.blocks(boris.pk, anna.pk)) == (True, False)
    assert access.is_apart(boris.pk, anna.pk)
    assert access.blocked_by(anna.pk) == {boris.pk}
    assert access.blockers_of(boris.pk, [anna.pk, boris.pk]) == {anna.pk}
    assert access.apart_from(boris.pk, [anna.pk]) == {anna.pk}
    assert access.apart_from(anna.pk, [boris.pk, anna.pk]) == {boris.pk}
    assert access.apart_among([anna.pk, boris.pk]) == {(anna.pk, boris.pk)}
    clara = factories.member()
    own(clara, "member.block", BlockMember(member=anna.pk))
    everybody = [anna.pk, boris.pk, factories.member().pk]
    assert load_apart(everybody) == {anna.pk: {boris.pk, clara.pk}, boris.pk: {anna.pk}}
    facts = [event.data for event in Event.objects.filter(topic__name=REVOCATIONS).order_by("seq")]
    assert facts == [
        {"member": anna.pk, "apart": boris.pk},
        {"member": clara.pk, "apart": anna.pk},
    ]
    sockets = [Credential(pk, session_key="any") for pk in (anna.pk, boris.pk)]
    assert not any(ends(fact, socket) for fact in facts for socket in sockets)
    assert log(f"member:{boris.pk}") == []


def test_blocking_twice_and_unblocking_a_stranger_change_nothing() -> None:
    anna, boris = factories.member(), factories.member()
    own(anna, "member.block", BlockMember(member=boris.pk))
    own(anna, "member.block", BlockMember(member=boris.pk))
    own(boris, "member.unblock", BlockMember(member=anna.pk))
    assert (Block.objects.count(), len(log(f"member:{anna.pk}"))) == (1, 1)
    assert Event.objects.filter(topic__name=REVOCATIONS).count() == 1
    boris.is_active = False
    boris.save()
    own(anna, "member.unblock", BlockMember(member=boris.pk))
    assert Block.objects.count() == 0


def test_snapshot_and_events_are_the_fresh_snapshot() -> None:
    anna, boris = factories.member(), factories.member()
    (message,) = said(boris, ["Buy!"], anna)
    topic = f"member:{anna.pk}"
    steps: list[tuple[str, Any]] = [
        ("member.block", BlockMember(member=boris.pk)),
        ("content.report", ReportContent(kind="message", object=message, reason="spam")),
        ("member.unblock", BlockMember(member=boris.pk)),
        ("member.block", BlockMember(member=boris.pk)),
    ]
    copies = [(position(topic), snapshot(anna, topic)["blocked"])]
    for cmd, data in steps:
        own(anna, cmd, data)
        copies.append((position(topic), snapshot(anna, topic)["blocked"]))
    for seq, blocked in copies:
        kept = set(blocked)
        for name, data in log(topic, seq):
            if name == "member.blocked":
                kept.add(data["member"]["id"])
            elif name == "member.unblocked":
                kept.discard(data["id"])
        assert sorted(kept) == [boris.pk]
    assert [name for name, _ in log(topic, copies[0][0])] == [
        "member.blocked", "report.filed", "member.unblocked", "member.blocked"
    ]  # fmt: skip


def test_report_keeps_what_was_said_and_what_stood_around_it() -> None:
    anna, boris = factories.member(name="Anna"), factories.member(name="Boris")
    ids = said(boris, [f"Message {n}" for n in range(9)], anna)
    reply = own(
        anna,
        "content.report",
        ReportContent(kind="message", object=ids[6], reason="spam", note=" Again "),
    )
    topic = f"chat:{_channel(ids[6])}"
    perform(actor=boris, cmd="message.edit", topic=topic, data=EditMessage(id=ids[6], text="Nice"))
    perform(actor=boris, cmd="message.delete", topic=topic, data=DeleteMessage(id=ids[6]))
    report = Report.objects.get(pk=reply["id"])
    kept = report.context
    assert (report.author, report.reporter, report.note) == (boris, anna, "Again")
    assert kept["it"]["text"] == "Message 6"
    assert [row["text"] for row in kept["before"]] == [f"Message {n}" for n in range(1, 6)]
    assert [row["text"] for row in kept["after"]] == ["Message 7", "Message 8"]
    assert report.address == f"/chat/{_channel(ids[6])}/m/{ids[6]}/"


def _channel(message_id: int) -> int:
    from chat.models import Message

    return Message.objects.get(pk=message_id).channel_id


def test_reporting_again_gives_the_first_report() -> None:
    anna, boris = factories.member(), factories.member()
    (message,) = said(boris, ["Buy!"], anna)
    data = ReportContent(kind="message", object=message, reason="spam")
    first = own(anna, "content.report", data)
    again = own(
        anna, "content.report", ReportContent(kind="message", object=message, reason="hate")
    )
    assert first["id"] == again["id"]
    assert list(Report.objects.values_list("reason", flat=True)) == ["spam"]


def test_report_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, boris = factories.member(), factories.member()
    ids = said(boris, ["One", "Two"], anna)
    monkeypatch.setattr("moderation.actions.REPORTS_A_DAY", 1)
    monkeypatch.setattr("moderation.actions.MAX_BLOCKS", 0)
    own(anna, "content.report", ReportContent(kind="message", object=ids[0], reason="spam"))
    before = rows()
    found = []
    long = "x" * 2001
    tries: list[tuple[str, Any]] = [
        ("content.report", ReportContent(kind="message", object=ids[1], reason="spam")),
        ("content.report", ReportContent(kind="message", object=ids[1], reason="boring")),
        ("content.report", ReportContent(kind="message", object=ids[1], reason="spam", note=long)),
        ("content.report", ReportContent(kind="person", object=ids[1], reason="spam")),
        ("content.report", ReportContent(kind="message", object=-1, reason="spam")),
        ("member.block", BlockMember(member=boris.pk)),
        ("member.block", BlockMember(member=anna.pk)),
    ]  # fmt: skip
    for cmd, data in tries:
        with pytest.raises(Refusal) as refused:
            own(anna, cmd, data)
        found.append(refused.value.code)
    assert found == [
        "moderation.too_many_reports", "invalid", "text.too_long", "not_found", "not_found",
        "moderation.too_many_blocks", "not_found",
    ]  # fmt: skip
    assert rows() == before


def test_who_may_block_and_report() -> None:
    """Commands by standing; a message in a room is reported by those who read it alone."""
    author, reader = factories.member(), factories.member()
    (message,) = said(author, ["Buy!"], reader)
    report = ReportContent(kind="message", object=message, reason="spam")
    people = {
        "reader": reader,
        "outsider": factories.member(),
        "moderator": factories.member(is_moderator=True),
        "guest": factories.member(kind="guest"),
        "suspended": factories.member(is_active=False),
    }
    wanted = {
        "reader": ("ok", "ok", "ok"),
        "outsider": ("not_found", "ok", "ok"),
        "moderator": ("not_found", "ok", "ok"),
        "guest": ("forbidden", "not_found", "not_found"),
        "suspended": ("not_found", "not_found", "not_found"),
    }
    block = BlockMember(member=author.pk)
    for standing, person in people.items():
        found = []
        for cmd, data in zip(OWN, (report, block, block), strict=True):
            before, point = rows(), transaction.savepoint()
            try:
                own(person, cmd, data)
                found.append("ok")
            except Refusal as refusal:
                found.append(refusal.code)
                assert rows() == before
            transaction.savepoint_rollback(point)
        assert tuple(found) == wanted[standing], standing


def test_nobody_writes_on_anothers_topic() -> None:
    anna, boris, carl = (factories.member() for _ in range(3))
    before = rows()
    for cmd, data in (
        ("member.block", BlockMember(member=carl.pk)),
        ("member.unblock", BlockMember(member=carl.pk)),
        ("content.report", ReportContent(kind="message", object=1, reason="spam")),
    ):
        with pytest.raises(Refusal) as refused:
            perform(actor=boris, cmd=cmd, topic=f"member:{anna.pk}", data=data)
        assert refused.value.code == "not_found"
    assert rows() == before


ADDRESSES: list[tuple[str, str, Any, str]] = [
    ("GET", "/settings/blocked/", None, "302 200 200 200 200"),
    ("GET", "/members/{author}/block/", None, "302 200 200 200 404"),
    ("POST", "/members/{author}/block/", {}, "302 302 302 302 404"),
    ("POST", "/members/{author}/unblock/", {}, "302 302 302 302 404"),
    ("GET", "/report/message/{message}/", None, "302 200 404 404 404"),
    ("POST", "/report/message/{message}/", {"reason": "spam"}, "302 302 404 404 404"),
    ("POST", "/report/message/{message}/", {"reason": "x"}, "302 422 404 404 404"),
    ("GET", "/moderation/reports/", None, "302 403 403 200 403"),
    ("GET", "/moderation/reports/{report}/", None, "302 404 404 200 404"),
    ("GET", "/api/v1/blocks/", None, "401 200 200 200 403"),
    ("POST", "/api/v1/blocks/", {"member": "{author}"}, "401 201 201 201 404"),
    ("DELETE", "/api/v1/blocks/{author}/", None, "401 200 200 200 404"),
    ("GET", "/api/v1/reports/", None, "401 403 403 200 403"),
    ("POST", "/api/v1/reports/", {"kind": "message", "object": "{message}", "reason": "spam"},
     "401 201 404 404 403"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "wanted"), ADDRESSES)
def test_who_may_open_an_address(
    site: SiteSettings, method: str, path: str, body: Any, wanted: str
) -> None:
    author, reader, third = factories.member(), factories.member(), factories.member()
    (message,) = said(author, ["Buy!"], reader, third)
    filed = own(
        third, "content.report", ReportContent(kind="message", object=message, reason="hate")
    )
    names = {"author": author.pk, "message": message, "report": filed["id"]}
    people = [
        None,
        reader,
        factories.member(),
        factories.member(is_moderator=True),
        factories.member(kind="guest"),
    ]
    is_rest = path.startswith("/api/")
    address = path.format(**names)
    data = {
        key: int(value.format(**names)) if "{" in value else value
        for key, value in (body or {}).items()
    }
    found = []
    for person in people:
        client = Client()
        if person is not None:
            client.force_login(person)
        before, point = rows(), transaction.savepoint()
        call: Any = getattr(client, method.lower())
        options: dict[str, Any] = {"content_type": "application/json"} if is_rest else {}
        answer = call(address, data, **(options if method != "GET" else {}))
        found.append(answer.status_code)
        if answer.status_code >= 400:
            assert rows() == before
        transaction.savepoint_rollback(point)
    assert found == [int(status) for status in wanted.split()]


def test_list_of_reports_shows_the_text_and_its_neighbours_escaped(site: SiteSettings) -> None:
    moderator, author = factories.member(is_moderator=True), factories.member()
    ids = said(author, ["Before", "<script>x</script>", "После"], moderator)
    own(moderator, "content.report", ReportContent(kind="message", object=ids[1], reason="spam"))
    client = Client()
    client.force_login(moderator)
    page = client.get("/moderation/reports/").content.decode()
    assert [text in page for text in ("Before", "&lt;script&gt;x", "<script>x", "После")] == [
        True, True, False, True
    ]  # fmt: skip
