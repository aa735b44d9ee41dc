"""What tokens may do: read or write, everywhere or in one area, by REST and by command."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from chat.events import CreateChannel
from chat.models import Message
from live.credentials import authenticate, create_token, find_token
from live.models import AccessToken, Event
from live.performing import perform
from live.registry import commands, topic_kinds
from live.scopes import allows, area_of_command, area_of_topic, areas, known_scopes, usable
from members.models import Member, SiteSettings
from tests import factories


@pytest.mark.parametrize(
    ("scopes", "area", "verb", "may"),
    [
        (None, "chat", "write", True),
        (["read", "write"], "chat", "write", True),
        (["read"], "chat", "read", True),
        (["read"], "chat", "write", False),
        (["write"], "chat", "read", False),
        (["chat:read"], "chat", "read", True),
        (["chat:read"], "members", "read", False),
        (["chat:write"], "chat", "read", False),
        ([], "chat", "read", False),
    ],
)
def test_scopes_allow(scopes: list[str] | None, area: str, verb: str, may: bool) -> None:
    assert allows(scopes, area, verb) is may


def test_every_command_and_topic_belongs_to_an_area_that_a_token_can_name() -> None:
    named = {area_of_command(command) for command in commands()}
    named |= {area_of_topic(kind) for kind in topic_kinds().values()}
    assert named <= set(areas())
    assert known_scopes()[:2] == ["read", "write"]
    assert {f"{area}:{verb}" for area in areas() for verb in ("read", "write")} | {
        "read",
        "write",
    } == set(known_scopes())


@pytest.fixture
def room(db: None) -> tuple[Member, str]:
    """Somebody and their channel."""
    SiteSettings.objects.create(pk=1, is_set_up=True)
    member = factories.member()
    made = perform(
        actor=member, cmd="channel.create", topic="", data=CreateChannel(name="A", is_public=True)
    )
    return member, f"chat:{made['id']}"


def speaks(member: Member, *scopes: str) -> Any:
    """A program of the member with a token of these scopes."""
    token = create_token(member=member, name="A program", scopes=scopes)
    return Client(headers={"Authorization": f"Bearer {token}"})


def post(client: Client, topic: str) -> Any:
    said = {
        "ref": 1,
        "cmd": "message.post",
        "topic": topic,
        "key": "9b2f6a0e-2f43-4f0e-8a3c-4d5be0a1c2d3",
        "data": {"text": "Tere!"},
    }
    return client.post("/api/v1/commands/", said, content_type="application/json")


@pytest.mark.parametrize(
    ("scopes", "answers"),
    [
        (("read", "write"), [200, 200, 200, 200]),
        (("read",), [200, 200, 200, 403]),
        (("chat:read", "chat:write"), [403, 200, 200, 200]),
        (("members:read",), [200, 403, 403, 403]),
        (("write",), [403, 403, 403, 200]),
    ],
)
def test_rest_obeys(room: tuple[Member, str], scopes: Sequence[str], answers: list[int]) -> None:
    member, topic = room
    client = speaks(member, *scopes)
    found = [
        client.get("/api/v1/me/"),
        client.get(f"/api/v1/topics/{topic}/"),
        client.get(f"/api/v1/topics/{topic}/events/"),
        post(client, topic),
    ]
    assert [answer.status_code for answer in found] == answers
    assert Message.objects.count() == (1 if answers[-1] == 200 else 0)
    refused = [answer.json() for answer in found if answer.status_code == 403]
    assert {said.get("code") or said["error"]["code"] for said in refused} <= {"scope.missing"}


def test_refused_write_tells_nobody_and_uses_no_key_up(room: tuple[Member, str]) -> None:
    member, topic = room
    before = Event.objects.count()
    assert post(speaks(member, "read"), topic).json()["error"]["code"] == "scope.missing"
    assert Event.objects.count() == before
    assert post(speaks(member, "chat:write"), topic).json()["ok"].get("replayed") is None


def test_can_names_what_the_token_may_use(room: tuple[Member, str]) -> None:
    member, topic = room
    everything = speaks(member, "read", "write").get(f"/api/v1/topics/{topic}/").json()["can"]
    assert "message.post" in everything
    assert speaks(member, "read").get(f"/api/v1/topics/{topic}/").json()["can"] == []
    assert usable(("chat:write",), topic, everything) == tuple(everything)
    assert usable(("members:write",), topic, everything) == ()
    assert usable(None, topic, everything) == tuple(everything)


def test_socket_is_told_its_scopes_and_notes_the_use(room: tuple[Member, str]) -> None:
    member, _topic = room
    token = create_token(member=member, name="A program", scopes=["chat:read"])
    scope = {"headers": [(b"authorization", f"Bearer {token}".encode())]}
    credential = authenticate(scope)
    assert credential is not None
    assert credential.scopes == ("chat:read",)
    assert AccessToken.objects.get().last_used_at is not None


def test_command_line_makes_narrow_tokens(
    room: tuple[Member, str], capsys: pytest.CaptureFixture[str]
) -> None:
    member, _topic = room
    call_command("token", member.email, scopes="chat:read,members:read")
    row = find_token(capsys.readouterr().out.strip().splitlines()[-1])
    assert row is not None
    assert row.scopes == ["chat:read", "members:read"]
    with pytest.raises(CommandError, match="no such scope: chat:dance"):
        call_command("token", member.email, scopes="chat:dance")
    call_command("token", member.email)
    row = find_token(capsys.readouterr().out.strip().splitlines()[-1])
    assert row is not None
    assert row.scopes == ["read", "write"]
