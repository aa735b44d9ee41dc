"""Frames byte by byte: limits, fragments, bad UTF-8, what is no WebSocket at all."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator

import pytest

from tests.contract.client import new_key
from tests.contract.conftest import Opens, World
from tests.contract.raw import BINARY, CLOSE, PING, TEXT, RawSocket

LIMIT = 64 * 1024
CONTINUATION = 0x0


@pytest.fixture
async def raw(world: World) -> AsyncIterator[RawSocket]:
    """An open socket of somebody, frame by frame."""
    socket = await RawSocket.open(world.servers[-1], world.person())
    yield socket
    await socket.close()


def ping(ref: int, padding: int = 0) -> bytes:
    """A ping; padded with spaces to that many bytes."""
    return json.dumps({"ref": ref, "cmd": "ping"}).encode().ljust(padding)


async def test_frame_of_64_kib_is_taken(raw: RawSocket) -> None:
    await raw.send(raw.frame(ping(1, LIMIT)))
    assert await raw.receive() == {"ref": 1, "ok": {}}


async def test_frame_beyond_64_kib_is_1009(raw: RawSocket) -> None:
    # The header alone tells; a payload that nobody reads could reset the connection.
    await raw.send(raw.frame(ping(1, LIMIT + 1))[:1000])
    assert await raw.close_code() == 1009


async def test_fragments_are_joined(raw: RawSocket) -> None:
    whole = ping(1, 3000)
    await raw.send(
        raw.frame(whole[:10], final=False),
        raw.frame(b"are you there", opcode=PING),
        raw.frame(whole[10:1000], opcode=CONTINUATION, final=False),
        raw.frame(whole[1000:], opcode=CONTINUATION),
    )
    opcode, payload = await raw.receive_frame()
    assert (opcode, payload) == (0xA, b"are you there")
    assert await raw.receive() == {"ref": 1, "ok": {}}


async def test_character_may_be_cut_by_fragments(raw: RawSocket) -> None:
    whole = json.dumps({"ref": 1, "cmd": "ping", "word": "žąsis 🎭"}, ensure_ascii=False).encode()
    parts = [whole[n : n + 1] for n in range(len(whole))]
    frames = [raw.frame(parts[0], final=False)]
    frames += [raw.frame(part, opcode=CONTINUATION, final=False) for part in parts[1:-1]]
    await raw.send(*frames, raw.frame(parts[-1], opcode=CONTINUATION))
    assert await raw.receive() == {"ref": 1, "ok": {}}


async def test_fragments_beyond_64_kib_are_1009(raw: RawSocket) -> None:
    await raw.send(raw.frame(b" " * 40_000, final=False))
    await raw.send(raw.frame(b" " * 40_000, opcode=CONTINUATION))
    assert await raw.close_code() == 1009


@pytest.mark.parametrize("bad", [b"\xff\xfe", b'{"ref": 1, "cmd": "\xc3("}', b"\xed\xa0\x80"])
async def test_bad_utf8_is_1007(raw: RawSocket, bad: bytes) -> None:
    await raw.send(raw.frame(bad))
    assert await raw.close_code() == 1007


async def test_unmasked_frames_and_unknown_bits_end_the_socket(
    world: World, raw: RawSocket
) -> None:
    await raw.send(raw.frame(ping(1), masked=False))
    assert await raw.close_code() == 1002
    compressed = await RawSocket.open(world.servers[0], world.person())
    await compressed.send(compressed.frame(ping(1), reserved=0x40))
    assert await compressed.close_code() == 1002
    await compressed.close()


async def test_close_is_answered(raw: RawSocket) -> None:
    await raw.send(raw.frame(struct.pack("!H", 1000), opcode=CLOSE))
    assert await raw.close_code() == 1000


STRIKES: list[tuple[int, bytes]] = [
    (TEXT, b"hello"),
    (TEXT, b"[]"),
    (TEXT, b'"follow"'),
    (TEXT, b"[" * 50_000),
    (TEXT, b'{"a":' * 10_000),
    (TEXT, b""),
    (BINARY, b"\x00\x01\x02"),
    (BINARY, b""),
]


@pytest.mark.parametrize("strike", STRIKES)
async def test_third_frame_that_is_no_object_is_4400(
    raw: RawSocket, strike: tuple[int, bytes]
) -> None:
    opcode, payload = strike
    for _ in range(2):
        await raw.send(raw.frame(payload, opcode=opcode))
        said = await raw.receive()
        assert (said["ref"], said["error"]["code"]) == (None, "malformed")
    await raw.send(raw.frame(ping(7)))
    assert await raw.receive() == {"ref": 7, "ok": {}}
    await raw.send(raw.frame(payload, opcode=opcode), raw.frame(ping(8)))
    assert await raw.close_code() == 4400


async def test_lone_surrogate_and_odd_numbers_are_no_strike(raw: RawSocket) -> None:
    odd = [
        b'{"ref": 5, "cmd": "ping", "a": "\\ud800"}',
        b'{"ref": 5, "cmd": "ping", "a": 1e999}',
        b'{"ref": 5, "cmd": "message.post", "topic": "chat:1", "data": {"text": "\\ud800"}}',
        b'{"ref": NaN, "cmd": "ping"}',
        b'{"ref": 100000000000000000000000, "cmd": "ping"}',
        b'{"ref": 5, "cmd": "ping", "n": ' + b"9" * 5000 + b"}",
    ]
    for payload in odd:
        await raw.send(raw.frame(payload))
        said = await raw.receive()
        assert said["ref"] in {5, None}, payload
    await raw.send(raw.frame(ping(6)))
    assert await raw.receive() == {"ref": 6, "ok": {}}


async def test_nul_and_surrogates_in_a_text_are_refused_or_kept(
    world: World, opened: Opens
) -> None:
    people = (world.person(), world.person())
    room = await world.channel(*people)
    writer, reader = await opened(people[0]), await opened(people[1])
    seq = (await reader.follow(room))["seq"]
    refused = await writer.post(room, "a\x00b")
    assert refused["error"]["code"] == "text.unreadable"
    text = "Tere! Привет. Zażółć gęślą jaźń 🎭\u202e\u0301 <b>&amp;"
    await writer.post(room, text)
    assert (await reader.assert_event(room, seq + 1))["data"]["text"] == text


async def test_flood_is_4429(world: World, raw: RawSocket) -> None:
    owner = world.person()
    room = await world.channel(owner, is_public=True)
    flooder = await RawSocket.open(world.servers[-1], owner)
    posts = [
        json.dumps(
            {
                "ref": n,
                "cmd": "message.post",
                "topic": room,
                "key": new_key(),
                "data": {"text": "x"},
            }
        ).encode()
        for n in range(400)
    ]
    await flooder.send(*(flooder.frame(post) for post in posts))
    assert await flooder.close_code() == 4429
    await flooder.close()
    # Nobody else notices.
    await raw.send(raw.frame(ping(1)))
    assert await raw.receive() == {"ref": 1, "ok": {}}
    # What was acknowledged or not, the log is whole and has each key once.
    async with world.rest(owner) as rest:
        log = (await rest.get(f"/api/v1/topics/{room}/events/")).json()
    assert [event["seq"] for event in log["events"]] == list(range(1, log["seq"] + 1))
    keys = [event["key"] for event in log["events"] if event["event"] == "message.posted"]
    assert len(set(keys)) == len(keys)


async def test_pings_and_seens_are_no_flood(raw: RawSocket) -> None:
    seen = json.dumps({"cmd": "seen", "heads": {"chat:1": 5}}).encode()
    await raw.send(*(raw.frame(seen) + raw.frame(ping(n)) for n in range(500)))
    replies = [(await raw.receive())["ref"] for _ in range(500)]
    assert replies == list(range(500))


async def test_handshake_that_is_none_does_no_harm(world: World, raw: RawSocket) -> None:
    port = world.servers[-1].port
    for garbage in (b"\x16\x03\x01\x02\x00\x01", b"GET /live/ HTTP/1.1\r\n\r\n", b"\x00" * 5000):
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(garbage)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    async with world.rest(None, at=world.servers[-1]) as rest:
        answer = await rest.get("/live/")
        assert answer.status_code == 404
    await raw.send(raw.frame(ping(1)))
    assert await raw.receive() == {"ref": 1, "ok": {}}
