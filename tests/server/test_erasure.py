"""Nothing of an erased member is left: a canary is planted everywhere, then looked for.

The member plants it through the actions, wherever a member can write; every text column of every
table and every file under the data folder is searched before and after.
"""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection

from base.clock import now
from chat.models import Attachment, Forward, Message, Scheduled, Version
from files.actions import take_file
from files.models import File
from jobs.periodic import _jobs
from live.credentials import create_token
from live.limits import writes
from live.log import Range, heads, read
from live.performing import perform
from live.registry import find_command
from members.actions import invite
from members.actions.leaving import (
    ask_for_export,
    ask_to_leave,
    erase_departed,
    export_path,
    make_export,
)
from members.actions.security import Browser, note_sign_in
from members.models import Departure, Member
from members.vocabulary import LeavingTexts
from notices.models import Subscription
from tests import factories

pytestmark = pytest.mark.django_db

CANARY = "zwitscherling"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of its own."""
    kind = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {
        "files": kind | {"OPTIONS": {"location": tmp_path / "files"}},
        "default": kind | {"OPTIONS": {"location": tmp_path / "uploads"}},
    }
    settings.FILES = settings.FILES | {"parts": tmp_path / "unfinished"}
    settings.EXPORT_ROOT = tmp_path / "exports"
    return tmp_path


def do(actor: Member, cmd: str, topic: str, **data: Any) -> Any:
    """What a client does."""
    writes._buckets.clear()
    command, _number = find_command(cmd, topic)
    return perform(actor=actor, cmd=cmd, topic=topic, data=msgspec.convert(data, command.data))


def bring(member: Member, name: str) -> File:
    """A text file of the member's."""
    content = f"{CANARY} in a file\n".encode()
    return take_file(actor=member, name=name, size_bytes=len(content), content=BytesIO(content))


def own(member: Member) -> str:
    return f"member:{member.pk}"


def follow_the_log() -> None:
    """Let search, notices and previews catch up."""
    for job in _jobs.values():
        while job.needed is not None and job.needed():
            job.run()


def places_of_canary() -> set[str]:
    """``table.column`` of every table in which the canary stands, in whatever case."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    said = bytes(value) if isinstance(value, bytes | memoryview) else str(value)
                    text = said.decode("latin-1") if isinstance(said, bytes) else said
                    if CANARY in text.casefold():
                        found.add(f"{table}.{name}")
    return found


def files_with_canary(folder: Path) -> set[str]:
    """Files under the data folder that hold it, or are called by it; zips are looked into."""
    found = set()
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if zipfile.is_zipfile(BytesIO(content)):
            with zipfile.ZipFile(BytesIO(content)) as packed:
                content = b"".join(packed.read(name) for name in packed.namelist())
        if CANARY.encode() in content.lower() or CANARY in path.name.casefold():
            found.add(str(path.relative_to(folder)))
    return found


@pytest.fixture
def planted(folder: Path) -> dict[str, Any]:
    """Somebody who leaves traces wherever a member can, and a friend."""
    friend = factories.member(name="A friend")
    member = factories.member(name=f"Anna {CANARY}", email=f"{CANARY}@example.org", is_staff=True)
    factories.member(is_staff=True)
    room = f"chat:{do(friend, 'channel.create', '', name='Room', is_public=True)['id']}"
    aside = f"chat:{do(friend, 'channel.create', '', name='Aside', is_public=True)['id']}"
    do(member, "channel.join", room)
    do(member, "channel.join", aside)
    do(
        member, "profile.change", own(member),
        about=CANARY, interests=CANARY, pronouns=CANARY,
        links=[{"url": f"https://{CANARY}.example/", "label": CANARY}],
    )  # fmt: skip
    create_token(member=member, name=CANARY)
    note_sign_in(member=member, browser=Browser(ip="10.0.0.1", agent=CANARY))
    invite(actor=member, email=f"friend-of-{CANARY}@example.org")
    file, spare = bring(member, f"{CANARY}.txt"), bring(member, f"{CANARY}-2.txt")
    said = do(
        member, "message.post", room,
        text=f"{CANARY} https://{CANARY}.example/", files=[str(file.pk)],
    )["id"]  # fmt: skip
    do(member, "message.edit", room, id=said, text=f"{CANARY} again")
    do(friend, "message.forward", aside, channel=int(room.partition(":")[2]), id=said)
    root = do(friend, "message.post", room, text=f"@[Anna {CANARY}](member:{member.pk}) hello")[
        "id"
    ]
    do(friend, "message.edit", room, id=root, text=f"Dear @[Anna {CANARY}](member:{member.pk})!")
    do(friend, "message.post", room, text="I answer", reply_to=said)
    do(member, "message.post", room, text=f"{CANARY} below", thread=root)
    do(member, "message.react", room, id=root, emoji="🎭", on=True)
    do(member, "message.bookmark", room, id=root, on=True)
    do(friend, "message.bookmark", room, id=said, on=True)
    do(member, "draft.save", own(member), channel=int(room.partition(":")[2]), text=CANARY)
    do(friend, "draft.save", own(friend), channel=int(room.partition(":")[2]),
       text=f"@[Anna {CANARY}](member:{member.pk})")  # fmt: skip
    soon = (now() + timedelta(days=1)).isoformat()
    do(member, "message.schedule", room, text=CANARY, at=soon)
    do(
        member,
        "content.report",
        own(member),
        kind="message",
        object=root,
        reason="other",
        note=CANARY,
    )
    do(
        friend,
        "content.report",
        own(friend),
        kind="message",
        object=said,
        reason="other",
        note="Look",
    )
    do(friend, "member.block", own(friend), member=member.pk)
    Subscription.objects.create(
        member=member, endpoint=f"https://push.example/{CANARY}", p256dh=CANARY, auth=CANARY,
        session_key=CANARY, name=CANARY,
    )  # fmt: skip
    follow_the_log()
    make_export(export=ask_for_export(actor=member))
    return {
        "member": member, "friend": friend, "room": room, "aside": aside, "said": said,
        "root": root, "files": [file, spare],
    }  # fmt: skip


def leave(member: Member, texts: LeavingTexts) -> None:
    """Erase somebody as if they had asked a fortnight ago; the followers see it."""
    ask_to_leave(actor=member, texts=texts)
    Departure.objects.update(due_at=now())
    assert erase_departed(budget=timedelta(minutes=1)) == 1
    follow_the_log()


def test_planting_reaches_what_members_write(planted: dict[str, Any], folder: Path) -> None:
    reached = places_of_canary()
    assert {
        "chat_message.text", "chat_message.html", "chat_version.text", "chat_forward.text",
        "chat_draft.text", "chat_scheduled.text", "files_file.name", "live_accesstoken.name",
        "members_member.name", "members_member.email", "members_invitation.email",
        "members_securityevent.agent", "moderation_report.note", "moderation_report.context",
        "notices_subscription.endpoint",
    } <= reached  # fmt: skip
    assert any(place.startswith("search_") for place in reached)
    assert len(files_with_canary(folder)) >= 3


def test_nothing_is_left_where_texts_are_taken_away(planted: dict[str, Any], folder: Path) -> None:
    leave(planted["member"], LeavingTexts.TAKE)
    assert places_of_canary() == set()
    assert files_with_canary(folder) == set()
    assert not File.objects.exists()
    assert not Scheduled.objects.exists()


def test_name_is_gone_where_texts_are_left(planted: dict[str, Any], folder: Path) -> None:
    """What was said stays readable: the words, their files, and nothing else."""
    words = {"chat_message.text", "chat_message.html", "chat_version.text", "files_file.name",
             "chat_forward.text", "chat_forward.html"}  # fmt: skip
    leave(planted["member"], LeavingTexts.LEAVE)
    left = places_of_canary()
    assert {place for place in left if not place.startswith("search_")} <= words | {
        place for place in left if place.startswith("chat_preview.")
    }
    message = Message.objects.get(pk=planted["said"])
    assert (message.text, message.author) == (f"{CANARY} again", None)
    assert Forward.objects.get().author is None
    assert Attachment.objects.filter(message=message).count() == 1
    assert not Version.objects.filter(text__contains="member:").exists()
    root = Message.objects.get(pk=planted["root"])
    assert (root.text, root.repliers) == ("Dear @…!", [])
    stored = [str(path) for path in (folder / "files").rglob("*") if path.is_file()]
    assert [planted["files"][1].pk.hex in path for path in stored].count(True) == 0
    assert File.objects.get().owner is None


def test_replays_show_nothing_of_who_left(planted: dict[str, Any]) -> None:
    """The log stays whole, and every event shows its object as it is now."""
    topics = [planted["room"], planted["aside"], own(planted["friend"])]
    before = heads(topics)
    leave(planted["member"], LeavingTexts.TAKE)
    after = heads([*topics, own(planted["member"])])
    assert own(planted["member"]) not in after
    entries = read([Range(name, head.id, 0, 1000) for name, head in after.items()])
    for name, head in after.items():
        assert [entry.seq for entry in entries[name]] == list(range(1, head.seq + 1))
        assert head.seq >= before[name].seq
        wire = b"".join(entry.wire for entry in entries[name])
        assert CANARY.encode() not in wire
        assert planted["member"].pk not in {entry.by for entry in entries[name]}
    told = [entry.event for entry in entries[planted["room"]]][before[planted["room"]].seq :]
    assert {"message.deleted", "message.edited", "member.left", "thread.changed"} <= set(told)


def test_export_goes_with_its_owner(planted: dict[str, Any]) -> None:
    path = export_path(planted["member"].exports.get())
    assert path.exists()
    leave(planted["member"], LeavingTexts.LEAVE)
    assert not path.exists()
