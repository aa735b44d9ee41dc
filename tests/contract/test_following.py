"""Following: from where, what comes before and after the reply, resync, allowances, ``can``."""

import asyncio
from uuid import uuid4

import pytest

from chat.rules import LOOKS_AFTER, OWNS, READS, TALKS
from tests.contract.client import Client, Message, new_key
from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]
INSIDE = sorted([*READS, *TALKS])
# Where the second one came into the room: made, joined by its owner, joined.
JOINED = 3


def of(topic: str, client: Client) -> list[Message]:
    """All that came of a topic but the replies."""
    return [m for m in client.messages if m.get("topic") == topic]


async def test_reply_says_where_the_topic_stands(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    owner, member = await opened(people[0]), await opened(people[1])
    async with world.rest(people[1]) as rest:
        log = (await rest.get(f"/api/v1/topics/{room}/events/")).json()
    reply = await member.follow(room)
    assert reply == {
        "topic": room,
        "epoch": log["epoch"],
        "seq": log["seq"],
        "resync": False,
        "can": INSIDE,
    }
    assert (await owner.follow(room))["can"] == sorted([*INSIDE, *LOOKS_AFTER, *OWNS])


async def test_events_come_after_the_reply_and_once(opened: Opens, people: Two, room: str) -> None:
    writer = await opened(people[0])
    for n in range(5):
        await writer.post(room, f"before {n}")
    reader = await opened(people[1])
    ref = await reader.push("follow", topic=room, since=JOINED)
    seq = (await reader.reply(ref))["ok"]["seq"]
    for n in range(5):
        await writer.post(room, f"after {n}")
    await reader.wait_for(lambda m: m.get("seq") == seq + 5, "the last")
    assert reader.seqs(room) == list(range(JOINED + 1, seq + 6))
    first = next(m for m in reader.messages if m.get("topic") == room or m.get("ref") == ref)
    assert first.get("ref") == ref


async def test_without_since_only_what_is_new_comes(opened: Opens, people: Two, room: str) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    await writer.post(room, "old")
    seq = (await reader.follow(room))["seq"]
    await writer.post(room, "new")
    await reader.assert_event(room, seq + 1)
    assert reader.seqs(room) == [seq + 1]


async def test_several_events_come_as_an_array_in_order(
    opened: Opens, people: Two, room: str
) -> None:
    writer = await opened(people[0])
    for n in range(20):
        await writer.post(room, f"number {n}")
    reader = await opened(people[1])
    seq = (await reader.follow(room, since=JOINED))["seq"]
    await reader.wait_for(lambda m: m.get("seq") == seq, "the last")
    assert reader.seqs(room) == list(range(JOINED + 1, seq + 1))
    assert max(reader.frames) > 1


async def test_frames_stay_below_256_kib(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    """The client refuses longer frames by itself."""
    writer = await opened(people[0])
    text = "Ä" * 9_999
    for _ in range(25):
        await writer.post(room, text)
    reader = await opened(people[1])
    seq = (await reader.follow(room, since=JOINED))["seq"]
    await reader.wait_for(lambda m: m.get("seq") == seq, "the last")
    assert reader.seqs(room) == list(range(JOINED + 1, seq + 1))
    assert not reader.ended


async def test_second_follow_replaces_the_first(opened: Opens, people: Two, room: str) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    seq = (await reader.follow(room))["seq"]
    await writer.post(room, "one")
    await reader.assert_event(room, seq + 1)
    await reader.follow(room, since=seq)
    await writer.post(room, "two")
    await reader.wait_for(lambda m: m.get("seq") == seq + 2, "two")
    assert reader.seqs(room) == [seq + 1, seq + 1, seq + 2]


async def test_nothing_comes_after_unfollow(opened: Opens, people: Two, room: str) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    await reader.follow(room)
    await reader.assert_signal(room, "presence")
    assert await reader.assert_ok("unfollow", topic=room) == {}
    count = len(reader.messages)
    await writer.follow(room)
    await writer.post(room, "unheard")
    await reader.refute(lambda m: m in reader.messages[count:] and m.get("topic") == room)
    assert await reader.assert_ok("unfollow", topic="chat:99999999") == {}


async def test_resync_where_the_log_cannot_help(opened: Opens, people: Two, room: str) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    now = await reader.follow(room)
    for fields in (
        {"since": now["seq"] + 1},
        {"since": 0, "epoch": str(uuid4())},
        {"since": 2**53 - 1},
    ):
        reply = await reader.follow(room, **fields)
        assert (reply["resync"], reply["seq"], reply["epoch"]) == (True, now["seq"], now["epoch"])
    # The topic is then not followed, not even as before.
    await writer.post(room, "unheard")
    await reader.refute(lambda m: "event" in m)
    reply = await reader.follow(room, since=now["seq"], epoch=now["epoch"])
    assert reply["resync"] is False
    await reader.assert_event(room, now["seq"] + 1)


async def test_a_thousand_behind_is_replayed_and_one_more_is_not(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    world.operate("messages", room, people[0].id, 1005)
    reader = await opened(people[1])
    head = (await reader.follow(room))["seq"]
    assert (await reader.follow(room, since=head - 1001))["resync"] is True
    assert (await reader.follow(room, since=head - 1000))["resync"] is False
    await reader.wait_for(lambda m: m.get("seq") == head, "the last", 60)
    assert reader.seqs(room) == list(range(head - 999, head + 1))


async def test_list_of_topics_has_an_answer_each(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    reader, writer = await opened(people[1]), await opened(people[0])
    hidden = await world.channel(people[0])
    mine = f"member:{people[1].id}"
    wishes = [
        {"topic": room, "since": 1},
        {"topic": hidden},
        {"topic": mine},
        {"topic": f"member:{people[0].id}"},
        {"topic": "nonsense"},
        {"topic": room, "since": 10**6},
    ]
    ok = (await reader.assert_ok("follow", topics=wishes))["topics"]
    assert {name: answer.get("error", {}).get("code") for name, answer in ok.items()} == {
        room: None,
        hidden: "not_found",
        mine: None,
        f"member:{people[0].id}": "not_found",
        "nonsense": "not_found",
    }
    # Of a topic that is named twice the second counts.
    assert (ok[room]["resync"], ok[mine]["resync"]) == (True, False)
    await writer.post(room, "unheard")
    await reader.refute(lambda m: "event" in m and m["topic"] == room)
    assert await reader.assert_ok("follow", topics=[]) == {"topics": {}}


async def test_two_hundred_topics_and_no_more_and_an_allowance(world: World, opened: Opens) -> None:
    owner = world.person()
    topics = world.operate("channels", owner.id, 201)
    client = await opened(owner)
    wishes = [{"topic": topic} for topic in topics[:200]]
    answers = (await client.assert_ok("follow", topics=wishes))["topics"]
    assert [answers[topic]["seq"] for topic in topics[:200]] == [2] * 200
    error = await client.assert_error("follow", topic=topics[200])
    assert error["code"] == "topics.too_many"
    assert "retry_after_s" not in error
    # One that is followed already may be followed anew; 201 topics were asked for so far.
    assert (await client.follow(topics[0]))["resync"] is False
    await client.assert_ok("unfollow", topic=topics[1])
    assert (await client.follow(topics[200]))["resync"] is False
    # 400 topics in 10 s, which come back at 40 a second.
    reply = await client.ask("follow", topics=wishes)
    limited = reply if "error" in reply else await client.ask("follow", topics=wishes)
    assert limited["error"]["code"] == "rate.limited"
    assert limited["error"]["retry_after_s"] > 0
    await client.assert_ok("ping")
    too_long = [{"topic": topic} for topic in topics] * 2
    assert (await client.assert_error("follow", topics=too_long))["code"] == "malformed"


async def test_can_follows_what_one_may(world: World, opened: Opens, people: Two) -> None:
    owner, other = people
    room = await world.channel(owner, is_public=True)
    client = await opened(other)
    assert (await client.follow(room))["can"] == ["channel.join"]
    await world.command(other, "channel.join", room)
    await client.wait_for(lambda m: m.get("can") == {room: INSIDE}, "can of a member", 5)
    await world.command(other, "channel.leave", room)
    await client.wait_for(lambda m: m.get("can") == {room: ["channel.join"]}, "can after", 5)


async def test_snapshot_and_follow_leave_no_gap(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    for n in range(3):
        await writer.post(room, f"number {n}")
    async with world.rest(people[1]) as rest:
        snapshot = (await rest.get(f"/api/v1/topics/{room}/")).json()
        number = room.partition(":")[2]
        page = (await rest.get(f"/api/v1/channels/{number}/messages/")).json()
    assert set(snapshot) == {"epoch", "seq", "can", "data"}
    assert snapshot["can"] == INSIDE
    assert set(page) == {"epoch", "seq", "results", "has_before", "has_after"}
    assert (page["epoch"], page["seq"]) == (snapshot["epoch"], snapshot["seq"])
    assert page["results"] == snapshot["data"]["messages"]
    posting = asyncio.create_task(writer.post(room, "in between"))
    reply = await reader.follow(room, since=snapshot["seq"], epoch=snapshot["epoch"])
    assert reply["resync"] is False
    await posting
    event = await reader.assert_event(room, snapshot["seq"] + 1, "message.posted")
    assert set(event["data"]) == set(page["results"][0])


@pytest.mark.parametrize("path", ["", "events/"])
async def test_hidden_topics_are_not_found(world: World, people: Two, room: str, path: str) -> None:
    async with world.rest(world.person()) as rest, world.rest(None) as nobody:
        for topic in (room, f"member:{people[0].id}", "chat:99999999", "nonsense", "@revocations"):
            answer = await rest.get(f"/api/v1/topics/{topic}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
            answer = await nobody.get(f"/api/v1/topics/{topic}/{path}")
            assert answer.status_code == 401


async def test_key_is_shown_to_its_sender_alone(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    tab = await opened(people[0])
    seq = (await reader.follow(room))["seq"] + 1
    await writer.follow(room)
    await tab.follow(room)
    key = new_key()
    await writer.post(room, "whose?", key)
    seen = [await client.assert_event(room, seq) for client in (writer, tab, reader)]
    assert [event.get("key") for event in seen] == [key, key, None]
    assert seen[0] == seen[2] | {"key": key}
    assert seen[0]["by"] == people[0].id
    late = await opened(people[0])
    await late.follow(room, since=seq - 1)
    assert await late.assert_event(room, seq) == seen[0]
    for account, wanted in zip(people, seen[1:], strict=True):
        async with world.rest(account) as rest:
            log = (await rest.get(f"/api/v1/topics/{room}/events/?since={seq - 1}")).json()
        assert log["events"] == [wanted]
