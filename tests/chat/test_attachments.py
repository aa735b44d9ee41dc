"""Files of messages: shown to whoever reads the room, gone with the message."""

import uuid
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.clock import now
from base.errors import Conflict, Invalid, NotFound, Refusal
from chat.events import CreateChannel, DeleteMessage, EditMessage, PostMessage
from chat.events.messages import ForwardMessage
from chat.models import Attachment, Channel, Message
from chat.queries.export import as_markdown
from files import limits
from files.actions import release_forgotten_files, sweep_files, take_file
from files.models import Account, File
from files.vocabulary import UNFINISHED_KEPT, State
from members.models import Member
from search.registry import sources
from tests import factories
from tests.chat.conftest import Room, do
from tests.chat.reading import as_json, kept_up, log, position, snapshot
from tests.files.conftest import folder, kept
from tests.files.pictures import picture

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")
Rooms = Callable[..., Room]
SOUND = b"ID3\x03" + b"\0" * 200


def a_file(owner: Member, name: str = "plan.pdf", alt: str = "") -> uuid.UUID:
    """A ready file of a member."""
    limits.announcements._buckets.clear()
    content = b"%PDF-1.4\n" + name.encode()
    return take_file(
        actor=owner, name=name, size_bytes=len(content), content=BytesIO(content), alt=alt
    ).pk


def files_of(room: Room, reader: str = "owner") -> list[Any]:
    """What the newest message shows, as its readers see it."""
    shown = as_json(snapshot(room.people[reader], room.topic))
    files: list[Any] = shown["messages"][-1]["files"]
    return files


def test_message_shows_its_files_in_order(make_room: Rooms) -> None:
    room = make_room()
    member = room.people["member"]
    ids = [a_file(member, "b.pdf"), a_file(member, "a.pdf", alt="A plan")]
    do(member, "message.post", room.topic, PostMessage(text="", files=ids))
    assert [(each["id"], each["name"], each["alt"]) for each in files_of(room)] == [
        (str(ids[0]), "b.pdf", ""),
        (str(ids[1]), "a.pdf", "A plan"),
    ]
    assert set(File.objects.values_list("place", flat=True)) == {"chat"}


def test_message_of_files_alone_is_quoted_by_what_they_show(make_room: Rooms) -> None:
    room = make_room()
    owner, member = room.people["owner"], room.people["member"]
    ids = [a_file(member, "a.pdf"), a_file(member, "b.pdf")]
    said = do(member, "message.post", room.topic, PostMessage(text="", files=ids))["id"]
    alts = {str(ids[0]): "The harbour"}
    do(member, "message.edit", room.topic, EditMessage(id=said, text="", alts=alts))
    line = "The harbour, b.pdf"
    assert log(room.topic)[-1][1]["excerpt"] == line
    do(owner, "message.post", room.topic, PostMessage(text="Nice", reply_to=said))
    assert log(room.topic)[-1][1]["reply_to"]["excerpt"] == line
    shown = as_json(snapshot(owner, room.topic))
    assert shown["messages"][-1]["reply_to"]["excerpt"] == line
    [found] = sources()["message"].show(owner, [said]).values()
    assert found.body == line


def test_events_and_snapshot_agree(make_room: Rooms) -> None:
    room = make_room()
    member, owner = room.people["member"], room.people["owner"]
    before = as_json(snapshot(owner, room.topic))
    since = position(room.topic)
    ids = [a_file(member)]
    said = do(member, "message.post", room.topic, PostMessage(text="Look", files=ids))["id"]
    edit = EditMessage(id=said, text="Look", alts={str(ids[0]): "The harbour"})
    do(member, "message.edit", room.topic, edit)
    events = log(room.topic, since)
    assert [name for name, _data in events] == ["message.posted", "message.edited"]
    assert kept_up(before, room.topic, events) == as_json(snapshot(owner, room.topic))
    assert (files_of(room)[0]["alt"], Message.objects.get(pk=said).edited_at) == (
        "The harbour", None,
    )  # fmt: skip


@pytest.mark.parametrize("whose", ["others", "unfinished", "refused", "unknown", "used twice"])
def test_only_own_ready_files_are_shown(make_room: Rooms, whose: str) -> None:
    room = make_room()
    member = room.people["member"]
    file_id = a_file(room.people["owner"] if whose == "others" else member)
    if whose in {"unfinished", "refused"}:
        state = State.UPLOADING if whose == "unfinished" else State.REFUSED
        File.objects.update(state=state)
    ids = [file_id, file_id] if whose == "used twice" else [file_id]
    ids = [uuid.uuid4()] if whose == "unknown" else ids
    before = Message.objects.count(), position(room.topic)
    with pytest.raises(Invalid if whose == "used twice" else Conflict):
        do(member, "message.post", room.topic, PostMessage(text="Look", files=ids))
    assert (Message.objects.count(), position(room.topic)) == before
    assert (Attachment.objects.count(), File.objects.get().place) == (0, "")


def test_message_has_at_most_ten_files(make_room: Rooms) -> None:
    room = make_room()
    total = Message.objects.count()
    data = PostMessage(text="", files=[uuid.uuid4() for _ in range(11)])
    with pytest.raises(Invalid) as refused:
        do(room.people["member"], "message.post", room.topic, data)
    assert (refused.value.code, Message.objects.count()) == ("chat.too_many_files", total)


def test_message_of_files_may_lose_its_words(make_room: Rooms) -> None:
    room = make_room()
    member = room.people["member"]
    data = PostMessage(text="Look", files=[a_file(member)])
    said = do(member, "message.post", room.topic, data)["id"]
    do(member, "message.edit", room.topic, EditMessage(id=said, text=""))
    assert (Message.objects.get(pk=said).text, len(files_of(room))) == ("", 1)
    with pytest.raises(Invalid) as refused:
        do(member, "message.edit", room.topic, EditMessage(id=room.said, text=" "))
    assert (refused.value.code, Message.objects.get(pk=room.said).text) == (
        "chat.text_empty", "Tere!",
    )  # fmt: skip


def test_descriptions_are_of_the_messages_own_files(make_room: Rooms) -> None:
    room = make_room()
    member = room.people["member"]
    data = PostMessage(text="Look", files=[a_file(member)])
    said = do(member, "message.post", room.topic, data)["id"]
    other, long = {str(uuid.uuid4()): "x"}, {str(data.files[0]): "x" * 1001}
    with pytest.raises(NotFound):
        do(member, "message.edit", room.topic, EditMessage(id=said, text="Look", alts=other))
    with pytest.raises(Refusal):
        do(member, "message.edit", room.topic, EditMessage(id=said, text="Look", alts=long))
    assert files_of(room)[0]["alt"] == ""


READERS = {
    "owner": 200, "member": 200, "moderator": 200, "outsider": 404, "removed": 404, "guest": 404,
    "staff": 404, "suspended": 404,
}  # fmt: skip


@pytest.mark.parametrize(("who", "status"), READERS.items())
@pytest.mark.usefixtures("site")
def test_file_is_read_by_whoever_reads_the_room(
    make_room: Rooms, client: Client, who: str, status: int
) -> None:
    room = make_room()
    member = room.people["member"]
    data = PostMessage(text="Look", files=[a_file(member)])
    do(member, "message.post", room.topic, data)
    client.force_login(room.people[who])
    assert client.head(files_of(room)[0]["url"]).status_code == status


@pytest.mark.usefixtures("site")
def test_deleted_message_takes_its_files_with_it(
    make_room: Rooms, client: Client, folder: Path
) -> None:
    room = make_room()
    member = room.people["member"]
    data = PostMessage(text="Look", files=[a_file(member)])
    said = do(member, "message.post", room.topic, data)["id"]
    url = files_of(room)[0]["url"]
    do(member, "message.delete", room.topic, DeleteMessage(id=said))
    client.force_login(member)
    assert (client.head(url).status_code, files_of(room)) == (404, [])
    assert sweep_files(now()) == 1
    used = Account.objects.get().used_bytes
    assert (kept(folder), File.objects.count(), used) == ([], 0, 0)


def test_file_that_is_passed_on_stays_while_one_message_shows_it(make_room: Rooms) -> None:
    room = make_room()
    member = room.people["member"]
    data = PostMessage(text="Look", files=[a_file(member)])
    said = do(member, "message.post", room.topic, data)["id"]
    Attachment.objects.create(message_id=room.said, file_id=data.files[0], position=0)
    do(member, "message.delete", room.topic, DeleteMessage(id=said))
    assert (sweep_files(now()), File.objects.get().state) == (0, State.READY)
    do(member, "message.delete", room.topic, DeleteMessage(id=room.said))


def test_files_whose_room_is_gone_are_let_go(make_room: Rooms, folder: Path) -> None:
    room = make_room()
    member = room.people["member"]
    ids = [a_file(member), a_file(member)]
    for each in ids:
        do(member, "message.post", room.topic, PostMessage(text="Look", files=[each]))
    Attachment.objects.filter(file_id=ids[0]).delete()
    later = now() + UNFINISHED_KEPT * 2
    assert (release_forgotten_files(now()), release_forgotten_files(later)) == (0, 1)
    sweep_files(later)
    assert (list(File.objects.values_list("pk", flat=True)), kept(folder)) == (
        [ids[1]], [ids[1].hex],
    )  # fmt: skip


@pytest.mark.usefixtures("site")
def test_plain_form_uploads(make_room: Rooms, client: Client) -> None:
    room = make_room()
    client.force_login(room.people["member"])
    sent = [
        SimpleUploadedFile("harbour.png", picture("PNG")),
        SimpleUploadedFile("../plan.pdf", b"%PDF-1.4"),
    ]
    answer = client.post(f"/chat/{room.id}/", {"text": "", "files": sent})
    assert (answer.status_code, [each["name"] for each in files_of(room)]) == (
        302, ["harbour.png", "plan.pdf"],
    )  # fmt: skip


@pytest.mark.usefixtures("site")
def test_plain_form_keeps_the_words_when_a_file_is_refused(
    make_room: Rooms, client: Client, folder: Path
) -> None:
    room = make_room()
    client.force_login(room.people["member"])
    total = Message.objects.count()
    sent = [
        SimpleUploadedFile("harbour.png", picture("PNG")),
        SimpleUploadedFile("broken.png", b"\x89PNG\r\n\x1a\nbroken"),
    ]
    answer = client.post(f"/chat/{room.id}/", {"text": "Look at this", "files": sent})
    assert (answer.status_code, answer.context["text"], len(answer.context["errors"])) == (
        422, "Look at this", 1,
    )  # fmt: skip
    assert (Message.objects.count(), File.objects.count(), kept(folder)) == (total, 0, [])


@pytest.mark.usefixtures("site")
def test_pages_of_messages_take_a_constant_number_of_queries(
    make_room: Rooms, client: Client
) -> None:
    room = make_room()
    member = room.people["member"]
    client.force_login(member)
    counts = []
    for total in (0, 1, 3):
        files = [a_file(member) for _ in range(total)]
        data = PostMessage(text="Look", files=files)
        do(member, "message.post", room.topic, data)
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/api/v1/channels/{room.id}/messages/")
        counts.append(len(caught))
    assert counts[1] == counts[2]


def test_message_without_files_costs_nothing_more(make_room: Rooms) -> None:
    room = make_room()
    with CaptureQueriesContext(connection) as caught:
        do(room.people["member"], "message.post", room.topic, PostMessage(text="Tere"))
    assert [q["sql"] for q in caught if "files_" in q["sql"] or "attachment" in q["sql"]] == []


def test_organisations_people_use_its_quota(folder: Path, db: None) -> None:
    member = factories.member(organisation="Port of Turku")
    a_file(member)
    assert Account.objects.get().name == f"organisation:{member.organisation_id}"


@pytest.mark.usefixtures("site")
def test_pages_show_files_and_take_their_descriptions(make_room: Rooms, client: Client) -> None:
    room = make_room()
    member = room.people["member"]
    client.force_login(member)
    sent = [SimpleUploadedFile("harbour.png", picture("PNG")), SimpleUploadedFile("a.mp3", SOUND)]
    client.post(f"/chat/{room.id}/", {"text": "Look", "files": sent})
    said = Message.objects.latest("pk").pk
    shown = files_of(room)
    address = f"/chat/{room.id}/m/{said}/edit/"
    for page in (f"/chat/{room.id}/", address):
        answer = client.get(page)
        assert answer.status_code == 200
        assert [answer.content.decode().count(f'href="{each["url"]}"') for each in shown] == [1, 1]
    form = {"text": "Look", f"alt:{shown[0]['id']}": "The harbour"}
    assert client.post(address, form).status_code == 302
    assert [each["alt"] for each in files_of(room)] == ["The harbour", ""]


def test_forwarded_message_brings_its_files(make_room: Rooms) -> None:
    room = make_room()
    owner = room.people["owner"]
    data = PostMessage(text="One\n\n> two", files=[a_file(owner)])
    said = do(owner, "message.post", room.topic, data)
    elsewhere = do(owner, "channel.create", "", CreateChannel(name="Elsewhere"))["topic"]
    do(owner, "message.forward", elsewhere, ForwardMessage(channel=room.id, id=said["id"]))
    do(owner, "message.delete", room.topic, DeleteMessage(id=said["id"]))
    shown = as_json(snapshot(owner, elsewhere))["messages"][-1]
    assert [each["name"] for each in shown["files"]] == ["plan.pdf"]
    text = b"".join(as_markdown(Channel.objects.get(pk=int(elsewhere[5:])))).decode()
    head, _, day = text.partition("\n> **Olga Owner**, ")
    assert head.endswith(" UTC\n\n\n")
    assert day.partition("\n")[2] == "> \n> One\n> \n> > two\n\n- plan.pdf\n\n"
