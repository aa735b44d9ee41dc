"""Commands: replies, keys across doors, refusals that write nothing, order."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from base.errors import KeyMissing
from tests.contract.browser import signed_in, submit
from tests.contract.client import Client, new_key
from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]


async def head(client: Client, topic: str) -> int:
    """The topic's last ``seq``."""
    found: int = (await client.follow(topic))["seq"]
    return found


async def test_write_is_acknowledged_with_its_place(opened: Opens, people: Two, room: str) -> None:
    client, reader = await opened(people[0]), await opened(people[1])
    start = (await reader.follow(room))["seq"]
    reply = await client.post(room, "Tere!")
    assert reply == {
        "ref": 1,
        "ok": {"topic": room, "seq": start + 1, "id": reply["ok"]["id"]},
    }
    event = await reader.assert_event(room, start + 1, "message.posted")
    assert event["data"]["id"] == reply["ok"]["id"]


@pytest.mark.parametrize("ref", [0, -7, 2**53 - 1, -(2**53) + 1])
async def test_ref_is_any_safe_integer(opened: Opens, world: World, ref: int) -> None:
    client = await opened(world.person())
    await client.send({"ref": ref, "cmd": "ping", "surplus": {"is": "ignored"}})
    assert await client.reply(ref) == {"ref": ref, "ok": {}}


async def test_without_a_readable_ref_the_reply_has_none(opened: Opens, world: World) -> None:
    refs: list[Any] = [None, "1", 1.5, True, 2**53, [1]]
    client = await opened(world.person())
    for ref in refs:
        await client.send({"ref": ref, "cmd": "ping"})
    await client.assert_ok("ping")
    replies = [m for m in client.messages if "error" in m]
    assert [(m["ref"], m["error"]["code"]) for m in replies] == [(None, "malformed")] * len(refs)


async def test_same_key_gives_the_same_answer(opened: Opens, people: Two, room: str) -> None:
    client, reader = await opened(people[0]), await opened(people[1])
    start = await head(reader, room)
    key = new_key()
    first = await client.post(room, "once", key)
    again = await client.post(room, "once", key)
    assert again["ok"] == first["ok"] | {"replayed": True}
    other_tab = await opened(people[0])
    assert (await other_tab.post(room, "once", key))["ok"] == again["ok"]
    last = await client.post(room, "the next")
    assert last["ok"]["seq"] == start + 2
    await reader.assert_event(room, start + 2)
    assert reader.seqs(room) == [start + 1, start + 2]


async def test_same_key_within_one_burst_is_one_write(
    opened: Opens, people: Two, room: str
) -> None:
    client = await opened(people[0])
    key = new_key()
    refs = [
        await client.push("message.post", topic=room, key=key, data={"text": "a burst"})
        for _ in range(5)
    ]
    replies = [(await client.reply(ref))["ok"] for ref in refs]
    assert replies[1:] == [replies[0] | {"replayed": True}] * 4
    assert "replayed" not in replies[0]


async def test_same_key_at_the_same_time_through_all_processes(
    world: World, people: Two, room: str, opened: Opens
) -> None:
    tabs = [await opened(people[0]) for _ in range(4)]
    start = await head(tabs[0], room)
    for _ in range(5):
        key = new_key()
        replies = [r["ok"] for r in await asyncio.gather(*(t.post(room, "x", key) for t in tabs))]
        assert len({reply["seq"] for reply in replies}) == 1
        assert sum("replayed" in reply for reply in replies) == 3
    assert (await tabs[0].post(room, "end"))["ok"]["seq"] == start + 6


async def test_key_with_another_body_is_refused(
    opened: Opens, world: World, people: Two, room: str
) -> None:
    client = await opened(people[0])
    key = new_key()
    await client.post(room, "a body", key)
    other = await world.channel(people[0])
    for topic, cmd, data in (
        (room, "message.post", {"text": "another"}),
        (room, "channel.leave", {}),
        (other, "message.post", {"text": "a body"}),
    ):
        error = await client.assert_error(cmd, topic=topic, key=key, data=data)
        assert error["code"] == "key.reused"
        assert "retry_after_s" not in error


async def test_key_belongs_to_its_member(opened: Opens, people: Two, room: str) -> None:
    key = new_key()
    first = await (await opened(people[0])).post(room, "mine", key)
    second = await (await opened(people[1])).post(room, "mine", key)
    assert second["ok"]["seq"] == first["ok"]["seq"] + 1
    assert "replayed" not in second["ok"]


async def test_key_holds_across_all_doors(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    key, text = new_key(), "one write, four doors"
    client = await opened(people[0])
    first = (await client.post(room, text, key))["ok"]
    again = first | {"replayed": True}
    number = room.partition(":")[2]
    async with world.rest(people[0]) as rest:
        answer = await rest.post(
            f"/api/v1/channels/{number}/messages/",
            json={"text": text},
            headers={"Idempotency-Key": key},
        )
        assert (answer.status_code, answer.json()) == (200, again)
        body = {"ref": 4, "cmd": "message.post", "topic": room, "key": key}
        answer = await rest.post("/api/v1/commands/", json=body | {"data": {"text": text}})
        assert (answer.status_code, answer.json()) == (200, {"ref": 4, "ok": again})
        answer = await rest.post("/api/v1/commands/", json=body | {"data": {"text": "other"}})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "key.reused")
    async with signed_in(world.servers[0], people[0]) as browser:
        sent = await submit(browser, f"/chat/{number}/", text=text, key=key)
        assert sent.status_code == 302
        other = await submit(browser, f"/chat/{number}/", text="other", key=key)
        assert other.status_code == 422
    assert (await client.post(room, "the next"))["ok"]["seq"] == first["seq"] + 1


BAD: list[tuple[dict[str, Any], str]] = [
    ({"cmd": "message.post", "data": {"text": "x"}}, "key.missing"),
    ({"cmd": "message.post", "key": None, "data": {"text": "x"}}, "key.missing"),
    ({"cmd": "message.post", "key": "no uuid", "data": {"text": "x"}}, "key.missing"),
    ({"cmd": "message.post", "key": 5, "data": {"text": "x"}}, "key.missing"),
    ({"cmd": "no.such"}, "unknown"),
    ({"cmd": "profile.change"}, "unknown"),
    ({"cmd": "message.post", "data": []}, "malformed"),
    ({"cmd": "message.post", "data": "text"}, "malformed"),
    ({"cmd": "message.post", "topic": 17}, "malformed"),
    ({"cmd": None}, "malformed"),
    ({"cmd": 5}, "malformed"),
    ({}, "malformed"),
    ({"cmd": "message.post", "data": {}}, "invalid"),
    ({"cmd": "message.post", "data": {"text": 5}}, "invalid"),
    ({"cmd": "message.post", "data": {"text": " "}}, "chat.text_empty"),
    ({"cmd": "message.post", "data": {"text": "x" * 10_001}}, "chat.text_too_long"),
    ({"cmd": "message.post", "data": {"text": "x", "reply_to": 2**62}}, "not_found"),
    ({"cmd": "message.edit", "data": {"id": 2**62, "text": "x"}}, "not_found"),
    ({"cmd": "message.post", "topic": "chat:99999999", "data": {"text": "x"}}, "not_found"),
    ({"cmd": "message.post", "topic": "chat:0", "data": {"text": "x"}}, "not_found"),
    ({"cmd": "message.post", "topic": "nothing:1", "data": {"text": "x"}}, "not_found"),
    ({"cmd": "message.post", "topic": "@revocations", "data": {"text": "x"}}, "not_found"),
    ({"cmd": "message.post", "topic": "chat:1' OR 1=1", "data": {"text": "x"}}, "not_found"),
    ({"cmd": "member.remove", "data": {"member": 2**62}}, "not_found"),
    ({"cmd": "channel.edit", "data": {"name": ""}}, "invalid"),
    ({"cmd": "message.react", "data": {"id": 1, "emoji": 5}}, "invalid"),
    ({"cmd": "follow"}, "malformed"),
    ({"cmd": "follow", "topic": 5}, "malformed"),
    ({"cmd": "follow", "since": -1}, "malformed"),
    ({"cmd": "follow", "since": "1"}, "malformed"),
    ({"cmd": "follow", "since": 2**64}, "malformed"),
    ({"cmd": "follow", "epoch": 5}, "malformed"),
    ({"cmd": "follow", "topics": "chat:1"}, "malformed"),
    ({"cmd": "follow", "topics": [{"since": 1}]}, "malformed"),
    ({"cmd": "follow", "topics": [["chat:1"]]}, "malformed"),
    ({"cmd": "follow", "topic": "chat:99999999"}, "not_found"),
    ({"cmd": "unfollow"}, "malformed"),
    ({"cmd": "unfollow", "topic": {}}, "malformed"),
]


async def test_bad_commands_get_a_code_and_write_nothing(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    """Sixty and more in one go: the socket stays open, the log stays as it is."""
    client, reader = await opened(people[0]), await opened(people[1])
    start = await head(reader, room)
    key = new_key()
    refs: list[int] = []
    for fields, code in BAD * 2:
        # The key is always the same one: an error does not use it up.
        whole: dict[str, Any] = {"key": key, "topic": room, **fields}
        if code == "key.missing" and "key" not in fields:
            del whole["key"]
        if fields in ({"cmd": "follow"}, {"cmd": "unfollow"}):
            del whole["topic"]
        if len(refs) % 12 == 11:
            await client.assert_ok("ping")
        refs.append(1000 + len(refs))
        await client.send(whole | {"ref": refs[-1]})
    codes = [(await client.reply(ref))["error"]["code"] for ref in refs]
    assert codes == [code for _, code in BAD] * 2
    assert len(refs) > 60
    done = await client.post(room, "after all that", key)
    assert done["ok"]["seq"] == start + 1
    await reader.assert_event(room, start + 1)
    assert reader.seqs(room) == [start + 1]


async def test_error_names_the_fields(opened: Opens, people: Two, room: str) -> None:
    client = await opened(people[0])
    reply = await client.post(room, "x" * 10_001)
    assert set(reply["error"]) == {"code", "detail", "fields"}
    assert list(reply["error"]["fields"]) == ["text"]


async def test_hidden_and_forbidden_are_told_apart(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    outsider = world.person()
    public = await world.channel(people[0], is_public=True)
    client = await opened(outsider)
    hidden = await client.post(room, "x")
    assert hidden["error"]["code"] == "not_found"
    seen = await client.post(public, "x")
    assert seen["error"]["code"] == "forbidden"
    async with world.rest(outsider) as rest:
        for topic, status in ((room, 404), (public, 403)):
            number = topic.partition(":")[2]
            answer = await rest.post(f"/api/v1/channels/{number}/messages/", json={"text": "x"})
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"


async def test_writes_in_flight_are_done_in_order(opened: Opens, people: Two, room: str) -> None:
    client, reader = await opened(people[0]), await opened(people[1])
    start = await head(reader, room)
    refs = [
        await client.push(
            "message.post", topic=room, key=new_key(), data={"text": f"**{n}**" * (n % 3 + 1)}
        )
        for n in range(16)
    ]
    ping = await client.push("ping")
    replies = [(await client.reply(ref))["ok"]["seq"] for ref in refs]
    assert replies == list(range(start + 1, start + 17))
    await client.reply(ping)
    await reader.assert_event(room, start + 16)
    assert reader.seqs(room) == replies


async def test_two_writers_interleave_without_a_gap(opened: Opens, people: Two, room: str) -> None:
    clients = [await opened(person) for person in people]
    start = await head(clients[0], room)
    await clients[1].follow(room)
    acked: list[int] = []

    async def write(client: Client) -> None:
        for n in range(20):
            reply = await client.post(room, f"number {n}")
            acked.append(reply["ok"]["seq"])

    await asyncio.gather(*(write(client) for client in clients))
    wanted = list(range(start + 1, start + 41))
    assert sorted(acked) == wanted
    for client in clients:
        await client.assert_event(room, start + 40)
        assert client.seqs(room) == wanted


async def test_follow_waits_for_the_writes_before_it(opened: Opens, people: Two, room: str) -> None:
    client = await opened(people[0])
    ref = await client.push("message.post", topic=room, key=new_key(), data={"text": "first"})
    followed = await client.follow(room)
    assert followed["seq"] == (await client.reply(ref))["ok"]["seq"]


async def test_too_fast_is_temporary_and_keeps_the_key(
    opened: Opens, people: Two, room: str
) -> None:
    client = await opened(people[0])
    keys = [new_key() for _ in range(40)]
    refs = [
        await client.push("message.post", topic=room, key=key, data={"text": "x"}) for key in keys
    ]
    replies = [await client.reply(ref) for ref in refs]
    refused = [n for n, reply in enumerate(replies) if "error" in reply]
    assert refused
    assert all(replies[n]["error"]["code"] == "rate.limited" for n in refused)
    wait_s = replies[refused[0]]["error"]["retry_after_s"]
    # A key that was used is answered at once, however fast the sender was.
    assert (await client.post(room, "x", keys[0]))["ok"]["replayed"] is True
    await asyncio.sleep(wait_s)
    again = await client.post(room, "x", keys[refused[0]])
    assert "replayed" not in again["ok"]


async def test_errors_are_in_the_language_of_the_member(world: World, opened: Opens) -> None:
    account = world.person()
    client = await opened(account)
    with translation.override("de"):
        german_text = str(KeyMissing.default_detail)
    english = (await client.assert_error("message.post", topic="chat:99999999"))["detail"]
    assert english == "A write needs a key, a UUID made once per write."
    assert german_text != english
    await client.assert_ok(
        "profile.change", topic=f"member:{account.id}", key=new_key(), data={"locale": "de"}
    )
    german = await opened(account)
    detail = (await german.assert_error("message.post", topic="chat:99999999"))["detail"]
    assert detail == german_text
    stranger = world.person()
    by_header = await opened(stranger, **{"Accept-Language": "de-AT,de;q=0.9"})
    said = await by_header.assert_error("message.post", topic="chat:99999999")
    assert said["detail"] == detail


async def test_commands_twin_answers_as_the_socket(world: World, people: Two, room: str) -> None:
    wanted: list[tuple[dict[str, Any], int, str]] = [
        ({"cmd": "message.post", "key": str(uuid4()), "data": {"text": "x"}}, 200, "ok"),
        ({"cmd": "message.post", "data": {"text": "x"}}, 422, "key.missing"),
        ({"cmd": "message.post", "key": "no", "data": {"text": "x"}}, 422, "key.missing"),
        ({"cmd": "message.post", "key": str(uuid4()), "data": {}}, 422, "invalid"),
        ({"cmd": "no.such", "key": str(uuid4())}, 400, "unknown"),
        ({"cmd": 5}, 400, "malformed"),
        ({"cmd": "follow"}, 400, "malformed"),
        ({"cmd": "message.post", "topic": "chat:99999999", "key": str(uuid4())}, 422, "invalid"),
        (
            {"cmd": "message.post", "topic": "chat:99999999", "key": str(uuid4()),
             "data": {"text": "x"}}, 404, "not_found",
        ),
    ]  # fmt: skip
    async with world.rest(people[0]) as rest:
        for fields, status, code in wanted:
            body = {"ref": 9, "topic": room, **fields}
            answer = await rest.post("/api/v1/commands/", json=body)
            said = answer.json()
            assert (answer.status_code, said["ref"]) == (status, 9), (fields, said)
            assert said.get("error", {"code": "ok"})["code"] == code, (fields, said)
    async with world.rest(None) as nobody:
        answer = await nobody.post("/api/v1/commands/", json={"ref": 1, "cmd": "ping"})
        assert answer.status_code == 401
