"""Who may do what: every command, endpoint and page of the chat, for everybody.

The tables are literal: whoever changes what somebody may do changes them by hand.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse, SimpleCookie
from django.test import Client

from base.clock import now
from base.errors import Refusal
from chat.events import (
    CreateChannel,
    DeleteMessage,
    DescribeChannel,
    EditMessage,
    NameMember,
    Nothing,
    PostMessage,
    React,
    ReadChannel,
    StartConversation,
)
from chat.events.keeping import ArchiveChannel, ChangeRole, EnterByLink, MakeLink, RevokeLink
from chat.events.languages import MarkMessage
from chat.events.marks import BookmarkMessage, UnreadFrom
from chat.events.messages import ForwardMessage, PinMessage
from chat.events.places import PlaceChannel
from chat.events.previews import RemovePreview
from chat.events.threads import FollowThread, ReadThread
from chat.events.unsent import ScheduleMessage
from chat.models import (
    Bookmark,
    Draft,
    Forward,
    Membership,
    Mention,
    Message,
    Reaction,
    Scheduled,
    ThreadPlace,
    Version,
)
from live.models import Event, WriteKey
from live.registry import commands, reach_of
from members.models import SiteSettings
from tests import factories
from tests.chat.conftest import Room, do, preview_on
from tests.chat.keys import link_into, section_of

TABLES = (
    Bookmark, Draft, Event, Forward, Membership, Mention, Message, Reaction, Scheduled,
    ThreadPlace, Version, WriteKey,
)  # fmt: skip
LATER = now() + timedelta(days=1)
STANDINGS = ("owner", "member", "moderator", "outsider", "removed", "guest", "staff", "suspended")
OK, NO, HIDDEN = "ok", "forbidden", "not_found"

# In the order of STANDINGS, in a private and in a public room.
COMMANDS: list[tuple[str, Callable[[Room], Any], str, str]] = [
    ("message.post", lambda r: PostMessage(text="x"), "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("message.edit", lambda r: EditMessage(id=r.said, text="x"),
     "no ok no h h h h h", "no ok no no h h no h"),
    ("message.edit", lambda r: EditMessage(id=r.owned, text="x"),
     "ok no no h h h h h", "ok no no no h h no h"),
    ("message.delete", lambda r: DeleteMessage(id=r.said),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("message.delete", lambda r: DeleteMessage(id=r.owned),
     "ok no ok h h h h h", "ok no ok no h h no h"),
    ("message.react", lambda r: React(id=r.said, emoji="👍"),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("message.mark", lambda r: MarkMessage(id=r.said, language="et"),
     "no ok no h h h h h", "no ok no no h h no h"),
    ("preview.remove", lambda r: RemovePreview(id=r.said, preview=preview_on(r).pk),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("message.post", lambda r: PostMessage(text="x", thread=r.owned),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("message.schedule", lambda r: ScheduleMessage(text="x", at=LATER),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("message.forward", lambda r: ForwardMessage(channel=r.id, id=r.said),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("message.pin", lambda r: PinMessage(id=r.said),
     "ok no ok h h h h h", "ok no ok no h h no h"),
    ("message.bookmark", lambda r: BookmarkMessage(id=r.said),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("thread.follow", lambda r: FollowThread(id=r.said),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("thread.read", lambda r: ReadThread(id=r.said, seq=3),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("channel.unread", lambda r: UnreadFrom(id=r.said),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("channel.read", lambda r: ReadChannel(seq=3), "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("channel.join", lambda r: Nothing(), "no no no h h h h h", "no no no ok h h ok h"),
    ("channel.leave", lambda r: Nothing(), "own ok ok h h h h h", "own ok ok no h h no h"),
    ("channel.edit", lambda r: DescribeChannel(name="x"),
     "ok no ok h h h h h", "ok no ok no h h no h"),
    ("channel.create", lambda r: CreateChannel(name="x"),
     "ok ok ok ok ok no ok h", "ok ok ok ok ok no ok h"),
    ("conversation.start", lambda r: StartConversation(members=[r.people["staff"].pk]),
     "ok ok ok ok ok no in h", "ok ok ok ok ok no in h"),
    ("channel.place", lambda r: PlaceChannel(is_favourite=True),
     "ok ok ok h h h h h", "ok ok ok no h h no h"),
    ("channel.archive", lambda r: ArchiveChannel(),
     "ok no no h h h h h", "ok no no no h h no h"),
    ("channel.enter", lambda r: EnterByLink(token=link_into(r).token),
     "ok ok ok ok h no ok h", "ok ok ok ok h no ok h"),
    ("link.make", lambda r: MakeLink(), "ok no ok h h h h h", "ok no ok no h h no h"),
    ("link.revoke", lambda r: RevokeLink(id=link_into(r).pk),
     "ok no ok h h h h h", "ok no ok no h h no h"),
    ("member.role", lambda r: ChangeRole(member=r.people["member"].pk, role="moderator"),
     "ok no no h h h h h", "ok no no no h h no h"),
    ("member.role", lambda r: ChangeRole(member=r.people["owner"].pk, role="member"),
     "own no no h h h h h", "own no no no h h no h"),
    ("member.add", lambda r: NameMember(member=r.people["outsider"].pk),
     "ok no ok h h h h h", "ok no ok no h h no h"),
    ("member.remove", lambda r: NameMember(member=r.people["member"].pk),
     "ok no ok h h h h h", "ok no ok no h h no h"),
    ("member.remove", lambda r: NameMember(member=r.people["owner"].pk),
     "no no no h h h h h", "no no no no h h no h"),
]  # fmt: skip
WITHOUT_TOPIC = {"channel.create", "channel.enter", "conversation.start"}
WORDS = {"ok": OK, "no": NO, "h": HIDDEN, "own": "chat.last_owner", "in": "invalid"}


def rows() -> list[Any]:
    """All that a write could change."""
    found = []
    with connection.cursor() as cursor:
        for model in TABLES:
            order = ", ".join(field.column or "" for field in model._meta.pk_fields)
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY {order}")  # noqa: S608
            found.append(cursor.fetchall())
    return found


def test_every_command_of_the_chat_is_in_the_table() -> None:
    known = {command.name for command in commands() if command.kind in {"chat", ""}}
    assert {name for name, *_ in COMMANDS} == known


@pytest.mark.parametrize("is_public", [False, True])
def test_who_may_use_a_command(make_room: Callable[..., Room], is_public: bool) -> None:
    room = make_room(is_public=is_public)
    before = rows()

    def answered(standing: str, cmd: str, data: Callable[[Room], Any]) -> str:
        point = transaction.savepoint()
        try:
            topic = "" if cmd in WITHOUT_TOPIC else room.topic
            do(room.people[standing], cmd, topic, data(room))
        except Refusal as refusal:
            assert rows() == before, f"{standing}: {cmd} refused, and yet something was written"
            return refusal.code
        else:
            return OK
        finally:
            transaction.savepoint_rollback(point)

    for cmd, data, private, public in COMMANDS:
        wanted = [WORDS[word] for word in (public if is_public else private).split()]
        assert [answered(standing, cmd, data) for standing in STANDINGS] == wanted, cmd
    assert rows() == before


@pytest.mark.parametrize("is_public", [False, True])
def test_announced_commands_are_those_that_work(
    make_room: Callable[..., Room], is_public: bool
) -> None:
    """What ``can`` says and what the actions allow is one and the same list."""
    room = make_room(is_public=is_public)
    for place, standing in enumerate(STANDINGS):
        if standing == "suspended":
            continue
        allowed = {
            cmd
            for cmd, _, private, public in COMMANDS
            if cmd not in WITHOUT_TOPIC
            and (public if is_public else private).split()[place] in {"ok", "own"}
        }
        if "message.post" in allowed:
            # One's own messages, which not everybody here has.
            allowed |= {"message.edit", "message.mark"}
        try:
            can = set(reach_of(room.people[standing], room.topic).can)
        except Refusal:
            can = set()
        assert can == allowed, standing


# Addresses: name, method, path, body; then the status by standing, anonymous first.
ENDPOINTS: list[tuple[str, str, Any, str]] = [
    ("GET", "/api/v1/channels/", None, "401 200 200 200 200 200 200 200"),
    ("GET", "/api/v1/channels/{id}/", None, "401 200 200 200 404 404 404 404"),
    ("PATCH", "/api/v1/channels/{id}/", {"name": "x"}, "401 200 403 200 404 404 404 404"),
    ("POST", "/api/v1/channels/", {"name": "x"}, "401 201 201 201 201 201 403 201"),
    ("GET", "/api/v1/unread/", None, "401 200 200 200 200 200 403 200"),
    ("POST", "/api/v1/unread/", {"seqs": {}}, "401 200 200 200 200 200 200 200"),
    ("GET", "/api/v1/sections/", None, "401 200 200 200 200 200 403 200"),
    ("POST", "/api/v1/sections/", {"name": "x"}, "401 201 201 201 201 201 201 201"),
    ("DELETE", "/api/v1/sections/{section}/", None, "401 200 404 404 404 404 404 404"),
    ("POST", "/api/v1/channels/enter/", {"token": "{token}"}, "401 200 200 200 200 404 403 200"),
    ("PATCH", "/api/v1/channels/{id}/place/", {"is_muted": True},
     "401 200 200 200 404 404 404 404"),
    ("POST", "/api/v1/channels/{id}/archive/", {}, "401 200 403 403 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/export/", None, "401 200 403 403 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/copies/", None, "401 200 403 403 404 404 404 404"),
    ("POST", "/api/v1/channels/{id}/copies/", {}, "401 202 403 403 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/copies/1/", None, "401 404 403 403 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/copies/1/file/", None, "401 404 403 403 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/links/", None, "401 200 403 200 404 404 404 404"),
    ("POST", "/api/v1/channels/{id}/links/", {}, "401 201 403 201 404 404 404 404"),
    ("DELETE", "/api/v1/channels/{id}/links/{link}/", None, "401 200 403 200 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/members/", None, "401 200 200 200 404 404 404 404"),
    ("POST", "/api/v1/channels/{id}/members/", {"member": "{member_id}"},
     "401 200 403 200 404 404 404 404"),
    ("PATCH", "/api/v1/channels/{id}/members/{member}/", {"role": "reader"},
     "401 200 403 403 404 404 404 404"),
    ("DELETE", "/api/v1/channels/{id}/members/{member}/", None,
     "401 200 403 200 404 404 404 404"),
    ("POST", "/api/v1/conversations/", {"members": ["{member_id}"]},
     "401 201 422 201 201 201 403 201"),
    ("GET", "/api/v1/threads/", None, "401 200 200 200 200 200 404 200"),
    ("GET", "/api/v1/bookmarks/", None, "401 200 200 200 200 200 404 200"),
    ("GET", "/api/v1/drafts/", None, "401 200 200 200 200 200 404 200"),
    ("PUT", "/api/v1/drafts/", {"channel": "{channel}", "text": "x"},
     "401 200 200 200 404 404 404 404"),
    ("GET", "/api/v1/scheduled/", None, "401 200 200 200 200 200 404 200"),
    ("PUT", "/api/v1/scheduled/1/", {"text": "x", "at": LATER.isoformat()},
     "401 404 404 404 404 404 404 404"),
    ("DELETE", "/api/v1/scheduled/1/", None, "401 404 404 404 404 404 404 404"),
    ("GET", "/api/v1/emoji/", None, "401 200 200 200 200 200 200 200"),
    ("GET", "/api/v1/channels/{id}/pins/", None, "401 200 200 200 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/mentionable/", None, "401 200 200 200 404 404 404 404"),
    ("POST", "/api/v1/channels/{id}/scheduled/", {"text": "x", "at": LATER.isoformat()},
     "401 201 201 201 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/messages/{said}/unreached/", None,
     "401 200 200 200 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/messages/{said}/versions/", None,
     "401 200 200 200 404 404 404 404"),
    ("POST", "/api/v1/channels/{id}/messages/{said}/forward/", {"to": "{channel}"},
     "401 201 201 201 404 404 404 404"),
    ("POST", "/api/v1/channels/{id}/messages/{said}/unread/", None,
     "401 200 200 200 404 404 404 404"),
    ("PUT", "/api/v1/channels/{id}/messages/{said}/pin/", None, "401 200 403 200 404 404 404 404"),
    ("DELETE", "/api/v1/channels/{id}/messages/{said}/pin/", None,
     "401 200 403 200 404 404 404 404"),
    ("PUT", "/api/v1/channels/{id}/messages/{said}/bookmark/", None,
     "401 200 200 200 404 404 404 404"),
    ("DELETE", "/api/v1/channels/{id}/messages/{said}/bookmark/", None,
     "401 200 200 200 404 404 404 404"),
    ("PUT", "/api/v1/channels/{id}/messages/{said}/follow/", None,
     "401 200 200 200 404 404 404 404"),
    ("DELETE", "/api/v1/channels/{id}/messages/{said}/follow/", None,
     "401 200 200 200 404 404 404 404"),
    ("PUT", "/api/v1/channels/{id}/messages/{said}/language/", {"language": "et"},
     "401 403 200 403 404 404 404 404"),
    ("DELETE", "/api/v1/channels/{id}/messages/{said}/previews/{preview}/", None,
     "401 200 200 200 404 404 404 404"),
    ("GET", "/api/v1/me/languages/", None, "401 200 200 200 200 200 404 200"),
    ("PUT", "/api/v1/me/languages/", {"reads": ["de"], "others": "fold"},
     "401 200 200 200 200 200 404 200"),
    ("GET", "/api/v1/channels/{id}/messages/", None, "401 200 200 200 404 404 404 404"),
    ("POST", "/api/v1/channels/{id}/messages/", {"text": "x"}, "401 201 201 201 404 404 404 404"),
    ("GET", "/api/v1/channels/{id}/messages/{said}/", None, "401 200 200 200 404 404 404 404"),
    ("PATCH", "/api/v1/channels/{id}/messages/{said}/", {"text": "y"},
     "401 403 200 403 404 404 404 404"),
    ("DELETE", "/api/v1/channels/{id}/messages/{owned}/", None, "401 200 403 200 404 404 404 404"),
    ("GET", "/api/v1/topics/chat:{id}/", None, "401 200 200 200 404 404 404 404"),
    ("GET", "/api/v1/topics/chat:{id}/events/", None, "401 200 200 200 404 404 404 404"),
    ("POST", "/api/v1/commands/", {"ref": 1, "cmd": "message.post", "topic": "chat:{id}",
     "key": "9b2f6a0e-0000-4000-8000-000000000000", "data": {"text": "x"}},
     "401 200 200 200 404 404 404 404"),
]  # fmt: skip
PAGES: list[tuple[str, str, Any, str]] = [
    ("GET", "/chat/", None, "302 200 200 200 200 200 404 200"),
    ("GET", "/chat/new/", None, "302 200 200 200 200 200 404 200"),
    ("POST", "/chat/new/", {"name": "x", "is_public": "1"}, "302 302 302 302 302 302 404 302"),
    ("GET", "/chat/unread/", None, "302 200 200 200 200 200 404 200"),
    ("POST", "/chat/unread/read/", {"seq-{id}": "3"}, "302 302 302 302 302 302 404 302"),
    ("GET", "/chat/{id}/place/", None, "302 200 200 200 404 404 404 404"),
    ("POST", "/chat/{id}/place/", {"level": "all"}, "302 302 302 302 404 404 404 404"),
    ("POST", "/chat/sections/", {"name": "x"}, "302 302 302 302 302 302 404 302"),
    ("POST", "/chat/sections/{section}/remove/", {}, "302 302 404 404 404 404 404 404"),
    ("GET", "/chat/join/{token}/", None, "302 200 200 200 200 200 404 200"),
    ("POST", "/chat/join/{token}/", {}, "302 302 302 302 302 404 404 302"),
    ("POST", "/chat/{id}/archive/", {}, "302 302 403 403 404 404 404 404"),
    ("GET", "/chat/{id}/export/", None, "302 200 403 403 404 404 404 404"),
    ("POST", "/chat/{id}/copies/", {"form": "json"}, "302 302 403 403 404 404 404 404"),
    ("GET", "/chat/{id}/copies/1/", None, "302 404 403 403 404 404 404 404"),
    ("POST", "/chat/{id}/links/", {"days": "7"}, "302 302 403 302 404 404 404 404"),
    ("POST", "/chat/{id}/links/{link}/revoke/", {}, "302 302 403 302 404 404 404 404"),
    (
        "POST",
        "/chat/{id}/members/{member}/role/",
        {"role": "reader"},
        "302 302 403 403 404 404 404 404",
    ),
    ("GET", "/chat/converse/", None, "302 200 200 200 200 200 404 200"),
    ("POST", "/chat/converse/", {"with": "{member}"}, "302 302 422 302 302 302 404 302"),
    ("POST", "/chat/with/{member}/", {}, "302 302 422 302 302 302 404 302"),
    ("GET", "/chat/{id}/", None, "302 200 200 200 404 404 404 404"),
    ("POST", "/chat/{id}/", {"text": "x"}, "302 302 302 302 404 404 404 404"),
    ("GET", "/chat/threads/", None, "302 200 200 200 200 200 404 200"),
    ("GET", "/chat/bookmarks/", None, "302 200 200 200 200 200 404 200"),
    ("GET", "/chat/scheduled/", None, "302 200 200 200 200 200 404 200"),
    ("POST", "/chat/scheduled/1/", {"cancel": "1"}, "302 404 404 404 404 404 404 404"),
    ("GET", "/chat/{id}/pins/", None, "302 200 200 200 404 404 404 404"),
    ("GET", "/chat/{id}/t/{said}/", None, "302 200 200 200 404 404 404 404"),
    ("GET", "/chat/{id}/t/{said}/pane/", None, "302 200 200 200 404 404 404 404"),
    ("POST", "/chat/{id}/t/{said}/", {"text": "x"}, "302 302 302 302 404 404 404 404"),
    ("POST", "/chat/{id}/t/{said}/follow/", {"on": "1"}, "302 302 302 302 404 404 404 404"),
    ("POST", "/chat/{id}/t/{said}/read/", {}, "302 302 302 302 404 404 404 404"),
    ("POST", "/chat/{id}/m/{said}/pin/", {"on": "1"}, "302 302 403 302 404 404 404 404"),
    ("POST", "/chat/{id}/m/{said}/bookmark/", {"on": "1"}, "302 302 302 302 404 404 404 404"),
    ("POST", "/chat/{id}/m/{said}/unread/", {}, "302 302 302 302 404 404 404 404"),
    ("GET", "/chat/{id}/m/{said}/forward/", None, "302 200 200 200 404 404 404 404"),
    ("POST", "/chat/{id}/m/{said}/forward/", {"to": "{id}"}, "302 302 302 302 404 404 404 404"),
    ("GET", "/chat/{id}/edit/", None, "302 200 200 200 404 404 404 404"),
    ("POST", "/chat/{id}/edit/", {"name": "x"}, "302 302 422 302 404 404 404 404"),
    ("GET", "/chat/{id}/members/", None, "302 200 200 200 404 404 404 404"),
    ("POST", "/chat/{id}/members/", {"email": "{email}"}, "302 302 422 302 404 404 404 404"),
    ("POST", "/chat/{id}/members/{member}/remove/", {}, "302 302 403 302 404 404 404 404"),
    ("POST", "/chat/{id}/join/", {}, "302 403 403 403 404 404 404 404"),
    ("GET", "/chat/{id}/leave/", None, "302 200 200 200 404 404 404 404"),
    ("POST", "/chat/{id}/leave/", {}, "302 302 302 302 404 404 404 404"),
    ("GET", "/chat/{id}/m/{said}/", None, "302 302 302 302 404 404 404 404"),
    ("GET", "/chat/{id}/m/{said}/edit/", None, "302 200 200 200 404 404 404 404"),
    ("POST", "/chat/{id}/m/{said}/edit/", {"text": "y"}, "302 422 302 422 404 404 404 404"),
    ("POST", "/chat/{id}/m/{owned}/delete/", {}, "302 302 403 302 404 404 404 404"),
    ("POST", "/chat/{id}/m/{said}/react/", {"on": "👍"}, "302 302 302 302 404 404 404 404"),
    (
        "POST",
        "/chat/{id}/m/{said}/language/",
        {"language": "et"},
        "302 403 302 403 404 404 404 404",
    ),
    (
        "POST",
        "/chat/{id}/m/{said}/previews/{preview}/remove/",
        {},
        "302 302 302 302 404 404 404 404",
    ),
    ("GET", "/chat/previews/{preview}/", None, "302 404 404 404 404 404 404 404"),
    ("GET", "/chat/languages/", None, "302 200 200 200 200 200 404 200"),
    (
        "POST",
        "/chat/languages/",
        {"reads": "de", "others": "fold"},
        "302 302 302 302 302 302 404 302",
    ),
]
VISITORS = ("anonymous", "owner", "member", "moderator", "outsider", "removed", "guest", "staff")


def names_of(room: Room) -> dict[str, Any]:
    """What stands for each name in an address or a body."""
    link = link_into(room)
    return {
        "section": section_of(room),
        "token": link.token,
        "link": link.pk,
        "id": room.id,
        "said": room.said,
        "preview": preview_on(room).pk,
        "owned": room.owned,
        "member": room.people["member"].pk,
        "email": room.people["outsider"].email,
    }


def filled(value: Any, names: dict[str, Any]) -> Any:
    """The value with the room's ids in it."""
    if isinstance(value, dict):
        return {key: filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    if value == "{member_id}":
        return names["member"]
    if value == "{channel}":
        return names["id"]
    if not isinstance(value, str):
        return value
    for name, known in names.items():
        value = value.replace(f"{{{name}}}", str(known))
    return value


def asked(client: Client, names: dict[str, Any], method: str, path: str, body: Any) -> HttpResponse:
    """What that address answers; a savepoint is the caller's."""
    options = {} if body is None else {"data": filled(body, names)}
    if path.startswith("/api/") and method != "GET":
        options["content_type"] = "application/json"
    call: Any = getattr(client, method.lower())
    answer: HttpResponse = call(filled(path, names), **options)
    return answer


@pytest.mark.parametrize("visitor", VISITORS)
def test_who_may_open_an_address(
    make_room: Callable[..., Room], site: SiteSettings, visitor: str
) -> None:
    room = make_room()
    names, signed_in = names_of(room), Client()
    if visitor != "anonymous":
        signed_in.force_login(room.people[visitor])
    before, wanted, found = rows(), [], []
    for method, path, body, statuses in ENDPOINTS + PAGES:
        client, point = Client(), transaction.savepoint()
        client.cookies = SimpleCookie(signed_in.cookies.output(header="", sep=";"))
        answer = asked(client, names, method, path, body)
        wanted.append((method, path, body, int(statuses.split()[VISITORS.index(visitor)])))
        found.append((method, path, body, answer.status_code))
        if answer.status_code >= 400 or visitor == "anonymous":
            assert rows() == before, (method, path)
            if path.startswith("/api/") and path != "/api/v1/commands/":
                assert answer.headers["content-type"] == "application/problem+json"
        transaction.savepoint_rollback(point)
    assert found == wanted
    assert rows() == before


def test_pages_refuse_a_forged_form(make_room: Callable[..., Room], site: SiteSettings) -> None:
    """Every form carries a token of its session."""
    room = make_room()
    names, client = names_of(room), Client(enforce_csrf_checks=True)
    client.force_login(room.people["owner"])
    before = rows()
    forms = [(path, body) for method, path, body, _ in PAGES if method == "POST"]
    found = [(path, asked(client, names, "POST", path, body).status_code) for path, body in forms]
    assert found == [(path, 403) for path, _ in forms]
    assert rows() == before


def test_addresses_of_the_chat_are_all_in_the_tables() -> None:
    from chat import api_urls, urls

    paths = {path for _, path, _, _ in ENDPOINTS + PAGES}
    shapes = {path.replace("{said}", "{m}").replace("{owned}", "{m}") for path in paths}
    for patterns, prefix in ((urls.urlpatterns, "/chat/"), (api_urls.urlpatterns, "/api/v1/")):
        for pattern in patterns:
            shape = prefix + str(pattern.pattern)
            for route, name in (
                ("<int:channel_id>", "{id}"),
                ("<int:message_id>", "{m}"),
                ("<str:token>", "{token}"),
                ("<int:link_id>", "{link}"),
                ("<int:section_id>", "{section}"),
                ("<int:member_id>", "{member}"),
                ("<int:preview_id>", "{preview}"),
                ("<int:scheduled_id>", "1"),
                ("<int:copy_id>", "1"),
            ):
                shape = shape.replace(route, name)
            assert shape in shapes


def test_nobody_but_its_member_reads_a_members_topic(
    make_room: Callable[..., Room], site: SiteSettings
) -> None:
    room = make_room()
    topic = f"member:{room.people['member'].pk}"
    for visitor, status in zip(VISITORS, (401, 404, 200, 404, 404, 404, 404, 404), strict=True):
        client = Client()
        if visitor != "anonymous":
            client.force_login(room.people[visitor])
        for path in (f"/api/v1/topics/{topic}/", f"/api/v1/topics/{topic}/events/"):
            assert client.get(path).status_code == status


def test_guest_has_no_room_even_if_somebody_lets_one_in(make_room: Callable[..., Room]) -> None:
    room = make_room()
    guest = factories.member(kind="guest")
    with pytest.raises(Refusal) as refused:
        do(room.people["owner"], "member.add", room.topic, NameMember(member=guest.pk))
    assert refused.value.code == "not_found"
