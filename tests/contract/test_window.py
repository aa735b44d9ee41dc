"""The window, the heartbeat and silence: what is only sent to those who say that they read."""

import asyncio
import time

import pytest

from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]


async def test_window_stops_at_256_and_goes_on_after_seen(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    reader = await opened(people[1], sees=False)
    seq = (await reader.follow(room))["seq"]
    world.operate("messages", room, people[0].id, 600)
    for end, seen in ((256, 100), (356, 300), (556, 600)):
        last = seq + end
        await reader.wait_for(lambda m: m.get("seq") == last, f"{end}", 30)  # noqa: B023 - awaited
        await reader.refute(lambda _m: max(reader.seqs(room)) > last, 0.8)  # noqa: B023 - awaited
        await reader.send({"cmd": "seen", "heads": {room: seq + seen, "nonsense": 5}})
    await reader.wait_for(lambda m: m.get("seq") == seq + 600, "the last", 30)
    assert reader.seqs(room) == list(range(seq + 1, seq + 601))


async def test_window_is_one_for_all_topics_and_signals_pass(
    world: World, opened: Opens, people: Two
) -> None:
    rooms = [await world.channel(*people) for _ in range(2)]
    reader, writer = await opened(people[1], sees=False), await opened(people[0])
    starts = {room: (await reader.follow(room))["seq"] for room in rooms}
    for room in rooms:
        await writer.follow(room)
        world.operate("messages", room, people[0].id, 200)
    await reader.wait_for(
        lambda m: sum("event" in one for one in reader.messages) == 256, "a full window", 30
    )
    await writer.send({"cmd": "signal", "topic": rooms[0], "signal": "typing", "data": {}})
    await reader.assert_signal(rooms[0], "typing")
    await reader.assert_ok("ping")
    assert sum("event" in m for m in reader.messages) == 256
    for _ in range(2):
        heads = {room: (reader.seqs(room) or [0])[-1] for room in rooms}
        await reader.send({"cmd": "seen", "heads": heads})
    await reader.wait_for(
        lambda m: sum("event" in one for one in reader.messages) == 400, "all", 30
    )
    for room, start in starts.items():
        assert reader.seqs(room) == list(range(start + 1, start + 201))


async def _too_slow(world: World, opened: Opens) -> None:
    """Whose window stays full for 30 s is cut off, and comes back without a gap."""
    people = (world.person(), world.person())
    room = await world.channel(*people)
    slow = await opened(people[1], sees=False)
    fast = await opened(people[1])
    seq = (await slow.follow(room))["seq"]
    await fast.follow(room)
    world.operate("messages", room, people[0].id, 300)
    await fast.wait_for(lambda m: m.get("seq") == seq + 300, "the fast one waits for nobody", 20)
    started = time.monotonic()
    assert await slow.closed(60) == 4408
    assert time.monotonic() - started > 20
    assert slow.seqs(room) == list(range(seq + 1, seq + 257))
    again = await opened(people[1])
    await again.follow(room, since=seq + 256)
    await again.wait_for(lambda m: m.get("seq") == seq + 300, "resumed", 20)
    assert again.seqs(room) == list(range(seq + 257, seq + 301))
    await fast.assert_ok("ping")


async def _beats(world: World, opened: Opens) -> None:
    """The heartbeat says what was sent since the last, and nothing where nothing was."""
    people = (world.person(), world.person())
    room = await world.channel(*people)
    reader, writer = await opened(people[1]), await opened(people[0])
    seq = (await reader.follow(room))["seq"]
    await writer.post(room, "one")
    await writer.post(room, "two")
    await reader.wait_for(lambda m: m.get("seq") == seq + 2, "two")

    async def beat(number: int) -> dict[str, int]:
        await reader.wait_for(
            lambda _m: sum("beat" in m for m in reader.messages) == number, f"beat {number}", 45
        )
        found: dict[str, int] = [m["beat"] for m in reader.messages if "beat" in m][-1]
        await reader.assert_ok("ping")
        return found

    started = time.monotonic()
    assert await beat(1) == {room: seq + 2}
    assert 15 < time.monotonic() - started < 40
    assert await beat(2) == {}


async def _silent(world: World, opened: Opens) -> None:
    """Who says nothing for 75 s is closed, beats or not."""
    client = await opened(world.person(), sees=False)
    started = time.monotonic()
    assert await client.closed(100) == 4410
    assert time.monotonic() - started > 70


@pytest.mark.slow
async def test_what_takes_long_at_the_same_time(world: World, opened: Opens) -> None:
    await asyncio.gather(_too_slow(world, opened), _beats(world, opened), _silent(world, opened))
