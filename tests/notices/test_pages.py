"""The list, its settings, and REST: one's own alone, at constant cost, under the event law."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from base.errors import Refusal
from chat.notices import REPLY
from live import announce
from live.models import Event
from live.registry import commands, topic_kinds
from members.models import Member, SiteSettings
from notices.events import ConfigureNotices, DismissNotices, ReadNotices
from notices.models import Notice, Preferences
from tests import factories
from tests.chat.reading import as_json, log, snapshot
from tests.notices.conftest import Talk, about, do

COMMANDS: list[tuple[str, Callable[[list[int]], Any]]] = [
    ("notice.read", lambda ids: ReadNotices(ids=ids)),
    ("notice.read", lambda ids: ReadNotices(up_to=max(ids))),
    ("notice.dismiss", lambda ids: DismissNotices(ids=ids)),
    ("notice.configure", lambda ids: ConfigureNotices(digest="daily", ways={REPLY: ["mail"]})),
]


def browser(member: Member | None) -> Client:
    client = Client()
    if member is not None:
        client.force_login(member)
    return client


def ids_of(talk: Talk, count: int = 2) -> list[int]:
    return [row.pk for row in talk.told(count)]


def test_every_command_of_notices_is_in_the_table() -> None:
    own = {command.name for command in commands() if command.name.startswith("notice.")}
    assert own == {name for name, _ in COMMANDS}


@pytest.mark.parametrize(("cmd", "data"), COMMANDS)
def test_nobody_reaches_the_notices_of_another(
    talk: Talk, cmd: str, data: Callable[[list[int]], Any]
) -> None:
    """Neither on the other's topic nor by naming the other's notices on one's own."""
    ids = ids_of(talk)
    before = [list(model._default_manager.values()) for model in (Notice, Preferences, Event)]
    people = {
        "other": talk.other,
        "guest": factories.member(kind="guest"),
        "staff": factories.member(is_staff=True),
    }
    for who, member in people.items():
        point = transaction.savepoint()
        with pytest.raises(Refusal) as refused:
            do(member, cmd, f"member:{talk.reader.pk}", data(ids))
        assert refused.value.code == "not_found", who
        transaction.savepoint_rollback(point)
        after = [list(model._default_manager.values()) for model in (Notice, Preferences, Event)]
        assert after == before, who
    if cmd != "notice.configure" and "ids" in str(data(ids)) and data(ids).ids:
        with pytest.raises(Refusal) as refused:
            do(talk.other, cmd, f"member:{talk.other.pk}", data(ids))
        assert refused.value.code == "not_found"


@pytest.mark.parametrize(("cmd", "data"), COMMANDS)
def test_fresh_events_say_what_the_log_says(
    talk: Talk,
    django_capture_on_commit_callbacks: Any,
    cmd: str,
    data: Callable[[list[int]], Any],
) -> None:
    """Also that a write done twice is one event, and that events fit their shapes."""
    topic = f"member:{talk.reader.pk}"
    ids = ids_of(talk)
    facts: list[announce.Commit] = []
    stop = announce.listen(facts.extend)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            do(talk.reader, cmd, topic, data(ids))
    finally:
        stop()
    (commit,) = facts
    (entry,) = commit.entries
    name, said = log(topic, commit.seq - 1)[0]
    import msgspec

    assert (entry.event, msgspec.json.decode(entry.data)) == (name, said)
    struct = topic_kinds()["member"].events[name]
    assert as_json(msgspec.convert(said, struct)) == said
    if cmd != "notice.dismiss":
        head = commit.seq
        do(talk.reader, cmd, topic, data(ids))
        assert len(log(topic, head)) == 0


def test_snapshot_and_the_events_since_are_the_fresh_snapshot(talk: Talk) -> None:
    topic = f"member:{talk.reader.pk}"
    state = snapshot(talk.reader, topic)["notices"]
    seq = len(log(topic))
    ids = ids_of(talk, 3)
    do(talk.reader, "notice.read", topic, ReadNotices(ids=ids[:1]))
    do(talk.reader, "notice.dismiss", topic, DismissNotices(ids=ids[:1]))
    do(talk.reader, "notice.configure", topic, ConfigureNotices(is_off=True, quiet_from="22:00",
                                                                quiet_to="07:00"))  # fmt: skip
    for name, said in log(topic, seq):
        if name == "notice.added":
            state["latest"] = said["latest"]
        elif name == "notice.configured":
            state["settings"] = said["settings"]
    assert state == snapshot(talk.reader, topic)["notices"]


def test_read_unread_and_read_up_to(talk: Talk) -> None:
    topic = f"member:{talk.reader.pk}"
    ids = ids_of(talk, 3)

    def unread() -> list[int]:
        return list(Notice.objects.unread().order_by("pk").values_list("pk", flat=True))

    do(talk.reader, "notice.read", topic, ReadNotices(up_to=ids[1]))
    assert unread() == ids[2:]
    do(talk.reader, "notice.read", topic, ReadNotices(ids=ids[:1], read=False))
    assert unread() == [ids[0], ids[2]]
    with pytest.raises(Refusal):
        do(talk.reader, "notice.read", topic, ReadNotices(up_to=ids[2], read=False))
    with pytest.raises(Refusal):
        do(talk.reader, "notice.read", topic, ReadNotices(ids=list(range(1, 202))))
    assert unread() == [ids[0], ids[2]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (ConfigureNotices(quiet_from="25:00"), "quiet_from"),
        (ConfigureNotices(quiet_from="22:00"), "quiet_to"),
        (ConfigureNotices(digest="hourly"), "digest"),
        (ConfigureNotices(digest_hour=24), "digest_hour"),
        (ConfigureNotices(digest_day=-1), "digest_day"),
        (ConfigureNotices(ways={"no.such": ["page"]}), "ways"),
        (ConfigureNotices(ways={REPLY: ["pigeon"]}), "ways"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    talk: Talk, change: ConfigureNotices, field: str
) -> None:
    topic = f"member:{talk.reader.pk}"
    head = len(log(topic))
    with pytest.raises(Refusal) as refused:
        do(talk.reader, "notice.configure", topic, change)
    assert list(refused.value.fields) == [field]
    assert (Preferences.objects.count(), len(log(topic))) == (0, head)


def test_list_shows_what_belongs_together_as_one(talk: Talk, site: SiteSettings) -> None:
    ids = ids_of(talk, 3)
    client = browser(talk.reader)
    page = client.get("/notices/").content.decode()
    assert page.count("data-notice>") == 1
    assert "3 replies to you in Harbour" in page
    shown = " ".join(str(pk) for pk in reversed(ids))
    assert client.post("/notices/dismiss/", {"ids": shown}).status_code == 302
    page = client.get("/notices/").content.decode()
    assert ("data-notice>" in page, "No notifications yet" in page) == (False, True)


def test_all_are_marked_read_by_a_plain_form(talk: Talk, site: SiteSettings) -> None:
    ids = ids_of(talk)
    client = browser(talk.reader)
    assert client.post("/notices/read/", {"up_to": str(ids[-1])}).status_code == 302
    assert Notice.objects.unread().count() == 0
    assert "Nothing unread" in client.get("/notices/?show=unread").content.decode()


def test_settings_form_keeps_and_says_what_is_wrong(talk: Talk, site: SiteSettings) -> None:
    client = browser(talk.reader)
    form = {"is_on": "on", "digest": "weekly", "digest_day": "2", "digest_hour": "9",
            "quiet_from": "22:00", "quiet_to": "", f"{REPLY}:mail": "on"}  # fmt: skip
    refused = client.post("/settings/notifications/", form)
    assert refused.status_code == 422
    assert "Quiet hours have a beginning and an end." in refused.content.decode()
    assert client.post(
        "/settings/notifications/", form | {"quiet_to": "07:00"}
    ).status_code == 302  # fmt: skip
    chosen = Preferences.objects.get()
    assert (chosen.ways[REPLY], chosen.digest, chosen.digest_day, chosen.digest_hour) == (
        ["mail"], "weekly", 2, 9,
    )  # fmt: skip
    assert f"{chosen.quiet_from:%H:%M} {chosen.quiet_to:%H:%M}" == "22:00 07:00"


def test_ticks_of_another_tab_are_not_undone_unseen(talk: Talk, site: SiteSettings) -> None:
    client, address = browser(talk.reader), "/settings/notifications/"
    form = client.get(address).context["form"]
    sent = {"is_on": "on", "digest": "weekly", "digest_day": "0", "digest_hour": "8",
            "seen": form["seen"].value()}  # fmt: skip
    sent |= {name: "on" for _kind, cells in form.table() for name, _way, on in cells if on}
    one = {name: value for name, value in sent.items() if name != f"{REPLY}:push"}
    assert client.post(address, one).status_code == 302
    assert client.post(address, sent | {f"{REPLY}:mail": "on"}).status_code == 422
    assert "push" not in Preferences.objects.get().ways[REPLY]
    assert client.post(address, one).status_code == 302


def test_rest_says_and_does_the_same(talk: Talk, site: SiteSettings) -> None:
    ids = ids_of(talk, 3)
    client = browser(talk.reader)
    first = client.get("/api/v1/notices/?limit=2").json()
    assert [row["id"] for row in first["results"]] == [ids[2], ids[1]]
    rest = client.get(f"/api/v1/notices/?before={first['before']}").json()
    assert ([row["id"] for row in rest["results"]], rest["before"]) == ([ids[0]], None)
    done = client.post("/api/v1/notices/read/", {"ids": ids[:1]}, "application/json")
    assert done.status_code == 200
    unread = client.get("/api/v1/notices/?unread=1").json()["results"]
    assert [row["id"] for row in unread] == [ids[2], ids[1]]
    client.post("/api/v1/notices/dismiss/", {"ids": ids}, "application/json")
    assert client.get("/api/v1/notices/").json()["results"] == []
    changed = client.patch("/api/v1/notices/settings/", {"digest": "daily"}, "application/json")
    assert changed.status_code == 200
    assert client.get("/api/v1/notices/settings/").json()["digest"] == "daily"


PATHS = [
    "/notices/",
    "/settings/notifications/",
    "/api/v1/notices/",
    "/api/v1/notices/settings/",
    "/api/v1/notices/browsers/",
]


@pytest.mark.parametrize("path", PATHS)
def test_strangers_and_guests_find_nothing(site: SiteSettings, path: str) -> None:
    guest = factories.member(kind="guest")
    signed_out = 401 if path.startswith("/api/") else 302
    found = [browser(who).get(path).status_code for who in (None, guest)]
    assert found in ([signed_out, 404], [signed_out, 200] if path == "/api/v1/notices/" else [0])
    if found[1] == 200:
        assert browser(guest).get(path).json()["results"] == []


def test_service_worker_is_ours_and_for_the_whole_site(client: Client, site: SiteSettings) -> None:
    answer = client.get("/service-worker.js")
    assert answer.status_code in {200, 404}, "404 where the front end is not built"
    if answer.status_code == 200:
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert b"showNotification" in answer.content


def test_telling_in_the_write_itself_never_happens(talk: Talk) -> None:
    talk.reply()
    assert Notice.objects.count() == 0
    assert about(talk.reply())[0].member_id == talk.reader.pk
