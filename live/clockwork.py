"""What the hub does by the clock: compare heads, hear revocations, beat, cut off, sweep."""

import asyncio
import random
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
import structlog
from django.db import DatabaseError

from live import limits, log, metrics
from live.credentials import REVOCATIONS, Credential, ends, still_good
from live.log import Entry, Range

if TYPE_CHECKING:
    from live.hub import Hub
    from live.sockets import Socket

TICK_S = 1.0
SWEEP_S = 60.0
_logger = structlog.get_logger("live.clockwork")


class Clockwork:
    """The hub's periodic work. None of it needs Redis."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._revoked = 0
        self._revocations_id = 0
        self._reading = asyncio.Lock()

    async def tick_forever(self) -> None:
        """About every second: compare heads, cut off who is stalled."""
        while True:
            await asyncio.sleep(TICK_S * random.uniform(0.8, 1.0))  # noqa: S311 - no secret
            now = monotonic()
            for socket in self._hub.delivery.stalled():
                since = socket.stalled_since
                if since is not None and now - since > limits.STALL_S:
                    socket.close(4408)
            for stream in self._hub.streams.values():
                stream.forget_old(now)
            await self.look()

    async def look(self) -> None:
        """Compare all heads with the log's, in one query for 1,000 topics."""
        try:
            async with self._reading:
                await self._compare()
        except DatabaseError as error:
            _logger.warning("tick without database", error=str(error).strip())

    async def _compare(self) -> None:
        hub = self._hub
        names = {stream.id: name for name, stream in hub.streams.items()}
        known = {s.id: max(s.head, s.delivered) for s in hub.streams.values()}
        if not self._revocations_id:
            await self._find_revocations()
        else:
            known[self._revocations_id] = self._revoked
        for pk, seq in (await hub.readers.run(log.changed_heads, known)).items():
            if pk == self._revocations_id:
                await self._read_revocations(seq)
            elif (stream := hub.streams.get(names[pk])) is not None and stream.head < seq:
                metrics.LATE_TICKS.inc()
                hub.delivery.grew(stream, seq)
                hub.derived.changed(stream.name)

    async def _find_revocations(self) -> None:
        head = (await self._hub.readers.run(log.heads, [REVOCATIONS])).get(REVOCATIONS)
        if head is None:
            return
        self._revocations_id = head.id
        if self._hub.sockets:
            await self._read_revocations(head.seq)
        else:
            # What was revoked before this process had a socket cannot concern one of its own.
            self._revoked = head.seq

    async def _read_revocations(self, seq: int) -> None:
        while self._revoked < seq:
            part = Range(REVOCATIONS, self._revocations_id, self._revoked)
            entries = (await self._hub.readers.run(log.read, [part]))[REVOCATIONS]
            if not entries:
                return
            for entry in entries:
                self._revoked = entry.seq
                self._revoke(entry)

    def _revoke(self, entry: Entry) -> None:
        facts = msgspec.json.decode(entry.data)
        if facts.get("apart"):
            self._hub.spawn(self._hub.presence.part([facts["member"], facts["apart"]]))
            return
        for socket in tuple(self._hub.by_member.get(facts["member"], ())):
            if ends(facts, socket.credential):
                socket.close(4401)
            elif facts.get("recheck"):
                self._hub.spawn(self._hub.delivery.recheck(socket))

    async def beat_forever(self) -> None:
        """Send each socket its heartbeat; close those that are silent."""
        while True:
            await asyncio.sleep(1)
            now = monotonic()
            for count, socket in enumerate(tuple(self._hub.sockets)):
                if now - socket.connection.heard_at > limits.SILENT_S:
                    socket.close(4410)
                elif now >= socket.beat_at:
                    socket.beat_at = now + limits.BEAT_S
                    socket.say({"beat": socket.news()})
                if count % 500 == 499:  # noqa: PLR2004 - other work gets its turn
                    await asyncio.sleep(0)

    async def sweep_forever(self) -> None:
        """Every minute: does each socket's credential still hold?"""
        while True:
            await asyncio.sleep(SWEEP_S)
            held: dict[Credential, list[Socket]] = {}
            for socket in self._hub.sockets:
                held.setdefault(socket.credential, []).append(socket)
            credentials = list(held)
            for start in range(0, len(credentials), 500):
                part = credentials[start : start + 500]
                try:
                    good = await self._hub.readers.run(still_good, part)
                except DatabaseError as error:
                    _logger.warning("sweep without database", error=str(error).strip())
                    break
                for credential in set(part) - good:
                    for socket in held[credential]:
                        socket.close(4401)
                await self._hub.presence.part({credential.member_id for credential in part})
