"""Signals: to everyone else, never echoed, bounded; presence; unread counts."""

from collections.abc import Callable
from typing import Any

from tests.contract.client import Client, new_key
from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]


async def test_signal_reaches_everyone_but_its_own_socket(
    opened: Opens, people: Two, room: str
) -> None:
    here, reader, tab = await opened(people[0]), await opened(people[1]), await opened(people[0])
    for client in (here, reader, tab):
        await client.follow(room)
    await here.send({"cmd": "signal", "topic": room, "signal": "typing", "data": {"on": True}})
    for client in (reader, tab):
        assert await client.assert_signal(room, "typing") == {
            "topic": room,
            "signal": "typing",
            "by": people[0].id,
            "data": {"on": True},
        }
    await here.refute(lambda m: m.get("signal") == "typing")
    assert [m for m in here.messages if "ref" in m and m["ref"] is None] == []


async def test_signals_are_five_a_second_and_surplus_is_dropped(
    opened: Opens, people: Two, room: str
) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    await writer.follow(room)
    await reader.follow(room)
    for n in range(30):
        await writer.send({"cmd": "signal", "topic": room, "signal": "typing", "data": {"n": n}})
    await writer.assert_ok("ping")
    await reader.assert_signal(room, "typing")
    await reader.refute(lambda m: "error" in m)
    came = [m["data"]["n"] for m in reader.messages if m.get("signal") == "typing"]
    assert len(came) <= 8
    assert came == sorted(came)


async def test_bad_signals_are_dropped_without_a_word(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    elsewhere = await world.channel(*people)
    writer, reader = await opened(people[0]), await opened(people[1])
    await writer.follow(room)
    await reader.assert_ok("follow", topics=[{"topic": room}, {"topic": elsewhere}])
    for fields in (
        {"signal": "typing", "data": {"text": "x" * 1024}},
        {"signal": "no.such", "data": {}},
        {"signal": "presence", "data": {"total": 5}},
        {"signal": "unread", "data": {}},
        {"signal": "typing", "data": []},
        {"signal": 5, "data": {}},
        {"signal": "typing", "data": {}, "topic": elsewhere},
        {"signal": "typing", "data": {}, "topic": 5},
        {"signal": "typing", "data": {}, "topic": "chat:99999999"},
    ):
        await writer.send({"cmd": "signal", "topic": room, **fields})
    await writer.refute(lambda m: "error" in m)
    await reader.refute(
        lambda m: (
            m.get("signal") in {"typing", "no.such", "unread"}
            or m.get("data", {}).get("total") == 5
        )
    )


async def test_presence_comes_whole_after_follow_and_on_change(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    reader = await opened(people[1])
    await reader.follow(room)
    alone = await reader.assert_signal(room, "presence")
    assert set(alone) == {"topic", "signal", "data"}
    card = alone["data"]["members"][0]
    assert alone["data"] == {"total": 1, "members": [card]}
    assert {"id", "name", "organisation", "country"} <= set(card)
    assert (card["id"], card["name"]) == (people[1].id, people[1].name)
    async with world.socket(people[0]) as other:
        await other.follow(room)
        for client in (reader, other):
            both = await client.wait_for(
                lambda m: m.get("signal") == "presence" and m["data"]["total"] == 2, "both", 20
            )
            assert [member["id"] for member in both["data"]["members"]] == sorted(
                account.id for account in people
            )
    reader.messages.clear()
    await reader.wait_for(
        lambda m: m.get("signal") == "presence" and m["data"] == alone["data"], "alone", 20
    )


async def test_members_apart_see_no_presence_and_no_typing_of_each_other(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    def here(*accounts: Account) -> Callable[[Any], bool]:
        wanted = sorted(account.id for account in accounts)
        return lambda m: (
            m.get("signal") == "presence"
            and [member["id"] for member in m["data"]["members"]] == wanted
            and m["data"]["total"] == len(wanted)
        )

    def called(name: str) -> Callable[[Any], bool]:
        return lambda m: (
            m.get("signal") == "presence"
            and name in {member["name"] for member in m["data"]["members"]}
        )

    async def types(writer: Client, nonce: int) -> None:
        data = {"on": True, "nonce": nonce}
        await writer.send({"cmd": "signal", "topic": room, "signal": "typing", "data": data})

    anna, ben = people
    clients = {anna: await opened(anna), ben: await opened(ben)}
    for client in clients.values():
        await client.follow(room)
    for client in clients.values():
        await client.wait_for(here(anna, ben), "both", 20)
    for nonce, (blocker, blocked) in enumerate(((anna, ben), (ben, anna)), start=1):
        mine, data = f"member:{blocker.id}", {"member": blocked.id}
        for client in clients.values():
            client.messages.clear()
        await clients[blocker].assert_ok("member.block", topic=mine, key=new_key(), data=data)
        for account, client in clients.items():
            await client.wait_for(here(account), "alone", 20)
            client.messages.clear()
        for client in clients.values():
            await types(client, nonce)
        async with world.socket(blocked) as late:
            await late.follow(room)
            await late.wait_for(here(blocked), "alone from the start", 20)
            for client in clients.values():
                await client.refute(lambda m: m.get("signal") == "typing" or here(anna, ben)(m))
        own, name = f"member:{blocked.id}", {"name": f"Renamed {nonce}"}
        await clients[blocked].assert_ok("profile.change", topic=own, key=new_key(), data=name)
        await clients[blocker].assert_ok("member.unblock", topic=mine, key=new_key(), data=data)
        for client in clients.values():
            await client.wait_for(here(anna, ben), "both again", 20)
        # Whoever is looked at anew is called as they are now.
        await clients[blocker].wait_for(called(name["name"]), "the new name", 20)
        await types(clients[blocked], nonce)
        typing = await clients[blocker].assert_signal(room, "typing")
        assert typing["by"] == blocked.id


async def test_unread_is_derived_whole_and_falls_with_the_marker(
    opened: Opens, people: Two, room: str
) -> None:
    writer, reader = await opened(people[0]), await opened(people[1])
    mine = f"member:{people[1].id}"
    await writer.post(room, "one")
    await reader.follow(mine)
    await reader.assert_signal(mine, "unread", data={room: 1})
    last = (await writer.post(room, "two"))["ok"]["seq"]
    await reader.assert_signal(mine, "unread", data={room: 2})
    await reader.assert_ok("channel.read", topic=room, key=new_key(), data={"seq": last})
    read = await reader.wait_for(lambda m: m.get("event") == "channel.read", "read")
    assert read["data"] == {"channel": int(room.partition(":")[2]), "seq": last}
    await reader.assert_signal(mine, "unread", data={})
    # One's own messages are not unread; another tab sees it whole at once.
    await reader.post(room, "my own")
    tab = await opened(people[1])
    await tab.follow(mine)
    await tab.assert_signal(mine, "unread", data={})
