"""P3: nothing after the loss of access; being let in again starts from a snapshot; sign-out."""

import pytest

from tests.contract.browser import signed_in, submit
from tests.contract.client import Client, assert_signed_out, new_key
from tests.contract.conftest import Opens, World
from tests.services import Account

Two = tuple[Account, Account]


def last_of(topic: str, client: Client) -> list[str]:
    """What came of the topic, events by name, and its end."""
    names = [m["event"] for m in client.messages if m.get("topic") == topic and "event" in m]
    closed = [
        m["closed"]["code"] for m in client.messages if m.get("closed", {}).get("topic") == topic
    ]
    return names + closed


@pytest.mark.parametrize("is_public", [False, True])
async def test_removal_is_the_last_event(
    world: World, opened: Opens, people: Two, is_public: bool
) -> None:
    owner, other = people
    room = await world.channel(owner, other, is_public=is_public)
    writer = await opened(owner)
    tabs = [await opened(other) for _ in range(3)]
    seq = (await writer.follow(room))["seq"]
    mine = f"member:{other.id}"
    for tab in tabs:
        await tab.follow(room)
    await tabs[0].follow(mine)
    await writer.push("message.post", topic=room, key=new_key(), data={"text": "still heard"})
    await writer.push("member.remove", topic=room, key=new_key(), data={"member": other.id})
    for n in range(3):
        await writer.push("message.post", topic=room, key=new_key(), data={"text": f"secret {n}"})
    await writer.assert_event(room, seq + 1)
    await writer.wait_for(lambda m: m.get("seq") == seq + 5, "the last")
    for tab in tabs:
        await tab.wait_for(
            lambda m: m.get("closed") == {"topic": room, "code": "removed"}, "closed"
        )
        await tab.refute(lambda m: m.get("topic") == room and m.get("seq", 0) > seq + 2)
        assert tab.seqs(room) == [seq + 1, seq + 2]
        assert last_of(room, tab)[-2:] == ["member.removed", "removed"]
    told = await tabs[0].wait_for(lambda m: m.get("event") == "channel.removed", "told")
    assert (told["topic"], told["data"]) == (mine, {"id": int(room.partition(":")[2])})
    assert (await tabs[0].assert_error("follow", topic=room))["code"] == "not_found"
    assert (await tabs[0].post(room, "let me in"))["error"]["code"] == "not_found"
    async with world.rest(other) as rest:
        answer = await rest.get(f"/api/v1/topics/{room}/events/?since={seq}")
        assert answer.status_code == 404
    # Let in again: from a snapshot, and only from there.
    await world.command(owner, "member.add", room, member=other.id)
    back = await tabs[0].follow(room, since=seq + 2)
    assert back["resync"] is True
    again = await tabs[0].follow(room, since=back["seq"])
    assert again["resync"] is False
    await writer.post(room, "welcome back")
    await tabs[0].wait_for(lambda m: m.get("seq") == back["seq"] + 1, "welcome")
    assert tabs[0].seqs(room) == [seq + 1, seq + 2, back["seq"] + 1]


async def test_removal_reaches_who_is_behind_in_its_order(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    """Behind its window a reader gets what came before the removal, that, and no more."""
    owner, other = people
    slow = await opened(other, sees=False)
    seq = (await slow.follow(room))["seq"]
    world.operate("messages", room, owner.id, 300)
    await slow.wait_for(lambda m: m.get("seq") == seq + 256, "a full window", 60)
    world.operate("remove", room, owner.id, other.id)
    world.operate("messages", room, owner.id, 10)
    await slow.refute(lambda m: m.get("seq", 0) > seq + 256 and m.get("topic") == room)
    await slow.send({"cmd": "seen", "heads": {room: seq + 256}})
    await slow.wait_for(lambda m: "closed" in m, "closed", 30)
    assert slow.seqs(room) == list(range(seq + 1, seq + 302))
    assert last_of(room, slow)[-2:] == ["member.removed", "removed"]


async def test_leaving_a_private_channel_ends_it(
    world: World, opened: Opens, people: Two, room: str
) -> None:
    owner, other = people
    client = await opened(other)
    seq = (await client.follow(room))["seq"]
    await client.assert_ok("channel.leave", topic=room, key=new_key())
    await client.wait_for(lambda m: "closed" in m, "closed")
    await world.command(owner, "message.post", room, text="unheard")
    await client.refute(lambda m: m.get("seq", 0) > seq + 1 and m.get("topic") == room)
    assert client.seqs(room) == [seq + 1]


async def test_newcomer_does_not_replay_what_was_before(
    world: World, opened: Opens, people: Two
) -> None:
    owner, other = people
    room = await world.channel(owner)
    await world.command(owner, "message.post", room, text="before your time")
    await world.command(owner, "member.add", room, member=other.id)
    client = await opened(other)
    assert (await client.follow(room, since=0))["resync"] is True
    async with world.rest(other) as rest:
        log = (await rest.get(f"/api/v1/topics/{room}/events/?since=0")).json()
        assert (log["resync"], log["events"]) == (True, [])


async def test_sign_out_ends_the_sockets_of_that_session(world: World, opened: Opens) -> None:
    account = world.person()
    server = world.servers[0]
    async with signed_in(server, account) as browser, signed_in(server, account) as other:
        cookies = [f"sessionid={b.cookies['sessionid']}" for b in (browser, other)]
        at = world.servers[-1]
        gone, stays = [
            await opened(account, at=at, Cookie=cookie, Origin=at.url, Authorization="")
            for cookie in cookies
        ]
        program = await opened(account)
        answer = await submit(browser, "/", to="/accounts/logout/")
        assert answer.status_code == 302
        await assert_signed_out([gone], "sign-out")
        await stays.assert_ok("ping")
        await program.assert_ok("ping")


async def test_password_change_ends_all_sessions(world: World, opened: Opens) -> None:
    account = world.person()
    server = world.servers[0]
    async with signed_in(server, account) as browser:
        at = world.servers[-1]
        cookie = f"sessionid={browser.cookies['sessionid']}"
        tab = await opened(account, at=at, Cookie=cookie, Origin=at.url, Authorization="")
        world.operate("password", account.id)
        await assert_signed_out([tab], "password change")


async def test_revoked_token_ends_its_sockets_alone(world: World, opened: Opens) -> None:
    account = world.person()
    spare = world.operate("token", account.id)
    tabs = [await opened(account) for _ in range(2)]
    other = await opened(account, Authorization=f"Bearer {spare}")
    world.operate("revoke", account.token)
    await assert_signed_out(tabs, "revoked token")
    await other.assert_ok("ping")
    async with world.rest(account) as rest:
        assert (await rest.get("/api/v1/me/")).status_code == 401


async def test_suspension_ends_everything(world: World, opened: Opens) -> None:
    account, staff = world.person(), world.person()
    world.operate("grant", staff.id, "is_staff")
    tabs = [await opened(account, at=server) for server in world.servers]
    async with signed_in(world.servers[0], staff) as browser:
        answer = await submit(
            browser, f"/members/{account.id}/", to=f"/members/{account.id}/suspend/"
        )
        assert answer.status_code == 302
    await assert_signed_out(tabs, "suspension")
    async with world.rest(account) as rest:
        assert (await rest.get("/api/v1/me/")).status_code == 401
