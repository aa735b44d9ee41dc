"""What a token was made for holds on the socket as it does over REST."""

from tests.contract.client import new_key
from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]


async def test_reading_token_reads_and_neither_writes_nor_signals(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    owner, other = people
    spare = world.operate("token", owner.id, "chat:read")
    reader = await opened(owner, Authorization=f"Bearer {spare}")
    writer = await opened(other)
    known = await reader.follow(room)
    assert known["can"] == []
    await writer.follow(room)
    key = new_key()
    refused = await reader.post(room, "not mine to say", key)
    assert refused["error"]["code"] == "scope.missing"
    assert "retry_after_s" not in refused["error"]
    await reader.send({"cmd": "signal", "topic": room, "signal": "typing", "data": {"on": True}})
    await reader.assert_ok("ping")
    # Nothing was written and the key was not used up: the next event is the other's.
    assert (await writer.post(room, "said"))["ok"]["seq"] == known["seq"] + 1
    await reader.assert_event(room, known["seq"] + 1, "message.posted")
    assert [m for m in writer.messages if m.get("signal") == "typing"] == []
    full = await opened(owner)
    assert "replayed" not in (await full.post(room, "now with a right", key))["ok"]
    others = await reader.assert_error("follow", topic=f"member:{owner.id}")
    assert others["code"] == "scope.missing"


async def test_writing_token_writes_and_reads_nothing(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    owner, other = people
    spare = world.operate("token", owner.id, "chat:write")
    program = await opened(owner, Authorization=f"Bearer {spare}")
    reader = await opened(other)
    known = await reader.follow(room)
    assert (await program.assert_error("follow", topic=room))["code"] == "scope.missing"
    written = await program.post(room, "from a program")
    await reader.assert_event(room, written["ok"]["seq"], "message.posted")
    assert written["ok"]["seq"] == known["seq"] + 1
    mine = f"member:{owner.id}"
    elsewhere = await program.ask(
        "profile.change", topic=mine, key=new_key(), data={"name": "Somebody else"}
    )
    assert elsewhere["error"]["code"] == "scope.missing"
    async with world.rest(owner) as rest:
        assert (await rest.get("/api/v1/me/")).json()["name"] == owner.name
    assert program.events(room) == []


async def test_several_topics_are_answered_one_by_one(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    owner = people[0]
    spare = world.operate("token", owner.id, "members:read")
    program = await opened(owner, Authorization=f"Bearer {spare}")
    mine = f"member:{owner.id}"
    reply = await program.assert_ok("follow", topics=[{"topic": room}, {"topic": mine}])
    answers = {topic: "error" in said for topic, said in reply["topics"].items()}
    assert answers == {room: True, mine: False}
