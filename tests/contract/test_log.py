"""The log over REST: the same events as the sockets', objects as they are now."""

from typing import Any

from tests.contract.client import new_key
from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]


async def log(world: World, account: Account, topic: str, **query: Any) -> dict[str, Any]:
    """A page of the topic's log."""
    async with world.rest(account) as rest:
        answer = await rest.get(f"/api/v1/topics/{topic}/events/", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_rest_and_socket_say_the_same(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    seq = (await reader.follow(room))["seq"]
    made = (await writer.post(room, "a *message*"))["ok"]["id"]
    for cmd, data in (
        ("message.edit", {"id": made, "text": "an *edited* message"}),
        ("message.react", {"id": made, "emoji": "🎭", "on": True}),
        ("message.react", {"id": made, "emoji": "🎭", "on": False}),
        ("channel.edit", {"name": "Another name", "purpose": "anything"}),
    ):
        await writer.assert_ok(cmd, topic=room, key=new_key(), data=data)
    last = await writer.post(room, "the last")
    assert last["ok"]["seq"] == seq + 6
    await reader.wait_for(lambda m: m.get("seq") == seq + 6, "the last")
    page = await log(world, people[1], room, since=seq)
    assert set(page) == {"epoch", "seq", "resync", "events"}
    assert (page["seq"], page["resync"]) == (seq + 6, False)
    assert [(e["seq"], e["event"]) for e in page["events"]] == [
        (seq + 1, "message.posted"),
        (seq + 2, "message.edited"),
        (seq + 3, "message.reacted"),
        (seq + 4, "message.reacted"),
        (seq + 5, "channel.changed"),
        (seq + 6, "message.posted"),
    ]
    for live, kept in zip(reader.events(room), page["events"], strict=True):
        assert {k: v for k, v in live.items() if k != "data"} == {
            k: v for k, v in kept.items() if k != "data"
        }
    # A replayed event shows its object as it is now, on both doors alike.
    late = await opened(people[1])
    await late.follow(room, since=seq)
    await late.wait_for(lambda m: m.get("seq") == seq + 6, "the last")
    assert late.events(room) == page["events"]
    assert page["events"][0]["data"]["text"] == "an *edited* message"
    assert reader.events(room)[0]["data"]["text"] == "a *message*"
    # And the last event is what it was when it was live.
    assert reader.events(room)[-1] == page["events"][-1]


async def test_what_is_gone_says_so(world: World, opened: Opens, people: Two, room: str) -> None:
    writer = await opened(people[0])
    deleted = (await writer.post(room, "to be deleted"))["ok"]
    await writer.assert_ok("message.delete", topic=room, key=new_key(), data={"id": deleted["id"]})
    erased = (await writer.post(room, "to be erased"))["ok"]
    world.operate("erase", room, erased["seq"])
    page = await log(world, people[1], room, since=deleted["seq"] - 1)
    assert [event["data"].get("gone") for event in page["events"]] == [True, None, True]
    assert page["events"][0]["data"] == {"id": deleted["id"], "gone": True}
    assert page["events"][1]["data"]["deleted"] is True
    assert page["events"][1]["data"]["text"] == page["events"][1]["data"]["html"] == ""
    assert page["events"][2]["data"] == {"id": erased["id"], "gone": True}
    assert "to be" not in str(page)


async def test_pages_of_the_log(world: World, opened: Opens, people: Two, room: str) -> None:
    world.operate("messages", room, people[0].id, 250)
    head = (await log(world, people[0], room))["seq"]
    first = await log(world, people[0], room, since=5)
    assert [e["seq"] for e in first["events"]] == list(range(6, 206))
    rest = await log(world, people[0], room, since=205)
    assert [e["seq"] for e in rest["events"]] == list(range(206, head + 1))
    few = await log(world, people[0], room, since=5, limit=3)
    assert [e["seq"] for e in few["events"]] == [6, 7, 8]
    assert (await log(world, people[0], room, since=head))["events"] == []
    ahead = await log(world, people[0], room, since=head + 1)
    assert (ahead["resync"], ahead["events"]) == (True, [])
    other = await log(world, people[0], room, since=5, epoch="another")
    assert (other["resync"], other["events"]) == (True, [])
    async with world.rest(people[0]) as client:
        for bad in ("-1", "x", "9" * 30, "1.5"):
            answer = await client.get(f"/api/v1/topics/{room}/events/?since={bad}")
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_events_have_the_shape_of_the_contract(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    seq = (await reader.follow(room))["seq"]
    made = (await writer.post(room, "Tere!"))["ok"]
    event = await reader.assert_event(room, seq + 1, "message.posted")
    data = event["data"]
    assert event == {
        "topic": room,
        "seq": made["seq"],
        "event": "message.posted",
        "at": event["at"],
        "by": people[0].id,
        "data": data,
    }
    assert event["at"] == data["posted_at"]
    assert len(event["at"]) == len("2026-11-22T18:03:11.402Z")
    assert (data["id"], data["seq"], data["text"]) == (made["id"], made["seq"], "Tere!")
    assert data["html"].strip() == "<p>Tere!</p>"
    assert (data["author"]["id"], data["author"]["name"]) == (people[0].id, people[0].name)
    assert (data["deleted"], data["edited_at"], data["reply_to"]) == (False, None, None)


async def test_write_over_rest_reaches_the_sockets_and_back(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    reader = await opened(people[1])
    seq = (await reader.follow(room))["seq"]
    number = room.partition(":")[2]
    async with world.rest(people[0]) as rest:
        posted = await rest.post(f"/api/v1/channels/{number}/messages/", json={"text": "by REST"})
        assert posted.status_code == 201
        made = posted.json()
        assert made == {"topic": room, "seq": seq + 1, "id": made["id"]}
        address = f"/api/v1/channels/{number}/messages/{made['id']}/"
        edited = await rest.patch(address, json={"text": "by REST, edited"})
        assert (edited.status_code, edited.json()["seq"]) == (200, seq + 2)
        deleted = await rest.delete(address)
        assert (deleted.status_code, deleted.json()["seq"]) == (200, seq + 3)
    await reader.wait_for(lambda m: m.get("seq") == seq + 3, "deleted")
    assert [event["event"] for event in reader.events(room)] == [
        "message.posted",
        "message.edited",
        "message.deleted",
    ]
