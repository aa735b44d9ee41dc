"""From the log to the sockets: in order, encoded once, nobody waiting for anybody.

A topic moves forward as a whole; a socket that is not in step (it has just come, or its window
is full) is caught up from the log by itself, never beyond what the topic has delivered. After
an event that may take access away the topic stands still until it is known who reads on.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import structlog
from django.db import DatabaseError

from live import log, metrics
from live.log import Entry, Range
from live.protocol import frames, joined
from live.registry import Reach, find_topic
from live.scopes import usable
from live.streams import Following, Stream
from live.transports import Frame

if TYPE_CHECKING:
    from live.hub import Hub
    from live.sockets import Socket

COALESCE_S = 0.02
CROWD = 100
TOPICS_A_READ = 50
AGAIN_S = 0.25
P = ParamSpec("P")
T = TypeVar("T")
_logger = structlog.get_logger("live.delivery")


class Delivery:
    """Brings topics and their readers forward."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._dirty: set[Stream] = set()
        self._behind: set[Following] = set()
        self._wake = asyncio.Event()
        self._wake_behind = asyncio.Event()

    def grew(self, stream: Stream, seq: int) -> None:
        """The topic's head is at least ``seq``: deliver what is known, read what is not."""
        stream.head = max(stream.head, seq)
        if stream.is_checking or stream.is_waiting or stream.head <= stream.delivered:
            return
        since = monotonic() - stream.delivered_at
        if since < COALESCE_S and len(stream.followers) >= CROWD:
            # A busy crowd gets several events in one frame, which costs each socket one write.
            stream.is_waiting = True
            self._hub.loop.call_later(COALESCE_S - since, self._waited, stream)
        else:
            self._advance(stream)

    def forget(self, following: Following) -> None:
        """The socket no longer follows."""
        self._behind.discard(following)
        if not following.stream.followers:
            self._dirty.discard(following.stream)

    def fall_behind(self, following: Following) -> None:
        """Catch this socket up by itself from now on."""
        following.is_behind = True
        self._behind.add(following)
        self._wake_behind.set()

    def made_room(self, socket: "Socket") -> None:
        """The socket's window has room again."""
        if socket.is_blocked:
            socket.is_blocked = False
            self._wake_behind.set()

    def stalled(self) -> "set[Socket]":
        """The sockets from which events are withheld."""
        return {following.socket for following in self._behind}

    def _waited(self, stream: Stream) -> None:
        stream.is_waiting = False
        if not stream.is_checking:
            self._advance(stream)

    def _advance(self, stream: Stream) -> None:
        """Deliver the fresh entries that follow on; have the rest read from the log."""
        if ready := stream.take_fresh():
            self._deliver(stream, ready)
        if stream.delivered < stream.head and not stream.is_checking and stream.followers:
            self._dirty.add(stream)
            self._wake.set()

    async def read_forever(self) -> None:
        """Read from the log what the topics lack, many topics in one query."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._dirty:
                part = [self._dirty.pop() for _ in range(min(TOPICS_A_READ, len(self._dirty)))]
                ranges = [Range(s.name, s.id, s.delivered) for s in part]
                found = await self._surely(log.read, ranges)
                for stream in part:
                    if stream.followers and not stream.is_checking:
                        entries = [e for e in found[stream.name] if e.seq > stream.delivered]
                        self._deliver(stream, entries)
                        if entries:
                            self._advance(stream)

    async def _surely(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a read gives, as soon as the database does."""
        while True:
            try:
                return await self._hub.readers.run(read, *args, **kwargs)
            except DatabaseError as error:
                _logger.warning("database away", error=str(error).strip())
                await asyncio.sleep(AGAIN_S)

    def _deliver(self, stream: Stream, entries: Sequence[Entry]) -> None:
        """Send entries that follow ``delivered`` without a gap to everyone in step.

        Stops after an entry for which readers must be looked at; goes on when that is done.
        """
        start = stream.delivered + 1
        batch: list[Entry] = []
        for index, entry in enumerate(entries):
            if entry.seq != start + index:
                break
            batch.append(entry)
            if entry.access is None:
                continue
            self._fan_out(stream, batch)
            batch = []
            for member in entry.access.get("out", ()):
                self._end_member(stream, entry.seq, member)
            if who := entry.access.get("check"):
                stream.is_checking = True
                stream.fresh |= {rest.seq: rest for rest in entries[index + 1 :]}
                self._hub.spawn(self._check(stream, entry.seq, who))
                break
        self._fan_out(stream, batch)

    def _fan_out(self, stream: Stream, entries: Sequence[Entry]) -> None:
        """Send entries to everyone in step, in as few frames as they fit."""
        place = 0
        for part in frames([entry.wire for entry in entries]):
            batch = entries[place : place + len(part)]
            place += len(part)
            frame = Frame(joined(part))
            writers = {e.by for e in batch if e.key is not None}
            own = {w: Frame(joined([_for(w, e) for e in batch])) for w in writers}
            sent = self._send(stream, batch, frame, own)
            stream.delivered = batch[-1].seq
            metrics.FRAMES_OUT.inc(sent)
            metrics.EVENTS_OUT.inc(sent * len(batch))
        if entries:
            stream.remember(entries)

    def _send(
        self,
        stream: Stream,
        batch: Sequence[Entry],
        frame: Frame,
        own: Mapping[int | None, Frame],
    ) -> int:
        """Put one frame to every follower in step; how many that were."""
        before, last = batch[0].seq - 1, batch[-1].seq
        name, chunk = stream.name, (last, len(batch), len(frame.payload))
        sent = 0
        for following in tuple(stream.followers):
            if following.is_behind or following.sent != before:
                if not following.is_behind and following.sent < last:
                    self.fall_behind(following)
                continue
            socket = following.socket
            if not socket.window.admit(name, chunk):
                self.fall_behind(following)
                continue
            following.sent = last
            socket.put(own.get(socket.member_id, frame))
            sent += 1
        return sent

    def _end_member(self, stream: Stream, seq: int, member: int) -> None:
        for following in tuple(stream.followers):
            if following.socket.member_id == member:
                self.end(following, seq)

    def end(self, following: Following, seq: int, code: str = "removed") -> None:
        """End a following after ``seq``: at once, or when the socket has caught up to there."""
        if following.sent < seq:
            following.until = seq
            self.fall_behind(following)
            return
        self._hub.unfollow(following.socket, following.stream.name)
        following.socket.say({"closed": {"topic": following.stream.name, "code": code}})

    async def _check(self, stream: Stream, seq: int, who: Collection[int] | str) -> None:
        """Look at who may still read; the topic stands still until it is known."""
        kind, number = find_topic(stream.name)
        members = {f.socket.member_id for f in stream.followers}
        concerned = members if who == "all" else members.intersection(who)
        if concerned:
            reaches = await self._surely(kind.readers, number, concerned)
            for following in tuple(stream.followers):
                if following.socket.member_id in concerned:
                    self.apply(following, reaches.get(following.socket.member_id), seq)
        stream.is_checking = False
        self._advance(stream)

    def apply(self, following: Following, reach: Reach | None, seq: int) -> None:
        """Tell a socket what it may do now; end its following if it may not read after ``seq``."""
        if reach is None or reach.since > seq:
            self.end(following, seq)
        elif reach.can != following.reach.can:
            can = usable(following.socket.credential.scopes, following.stream.name, reach.can)
            following.socket.say({"can": {following.stream.name: can}})
            following.reach = reach

    async def recheck(self, socket: "Socket") -> None:
        """Look at every topic of a socket, after its member's role changed."""
        for name, following in tuple(socket.followings.items()):
            kind, number = find_topic(name)
            reaches = await self._surely(kind.readers, number, [socket.member_id])
            if socket.followings.get(name) is following:
                reach = reaches.get(socket.member_id)
                self.apply(following, reach, following.sent if reach is None else 2**62)

    async def catch_up_forever(self) -> None:
        """Bring those who are behind forward from the log, as far as their windows let."""
        while True:
            await self._wake_behind.wait()
            self._wake_behind.clear()
            while ready := self._ready():
                await self._catch_up(ready)

    def _ready(self) -> dict[Stream, list[Following]]:
        """Those behind who may be sent more now, by topic; at most 50 topics."""
        ready: dict[Stream, list[Following]] = {}
        for following in self._behind:
            socket = following.socket
            if not socket.is_blocked and not socket.closing:
                ready.setdefault(following.stream, []).append(following)
            if len(ready) == TOPICS_A_READ:
                break
        return ready

    async def _catch_up(self, ready: Mapping[Stream, list[Following]]) -> None:
        ranges: list[Range] = []
        known: dict[str, list[Entry]] = {}
        for stream, followings in ready.items():
            lowest = min(following.sent for following in followings)
            recent = stream.recent(lowest)
            if recent is None:
                ranges.append(Range(stream.name, stream.id, lowest))
            else:
                known[stream.name] = recent
        if ranges:
            known |= await self._surely(log.read, ranges)
        served = 0
        for stream, followings in ready.items():
            for following in followings:
                if following in self._behind:
                    self._give(following, known[stream.name])
                served += 1
                if served % 50 == 0:  # a storm must not hold up everyone else
                    await asyncio.sleep(0)
        await asyncio.sleep(0)

    def _give(self, following: Following, entries: Sequence[Entry]) -> None:
        """Send one socket what it lacks of these entries, as far as its window lets."""
        socket, stream = following.socket, following.stream
        window = socket.window
        wanted: list[Entry] = []
        size = 0
        for entry in entries:
            if entry.seq != following.sent + len(wanted) + 1 or entry.seq > following.goal:
                continue
            size += len(entry.wire)
            if not window.takes(len(wanted) + 1, size):
                socket.is_blocked = True
                break
            wanted.append(entry)
            if entry.shuts_out(socket.member_id):
                following.until = entry.seq
        for part in frames([_for(socket.member_id, entry) for entry in wanted]):
            payload = joined(part)
            following.sent += len(part)
            window.sent(stream.name, (following.sent, len(part), len(payload)))
            socket.put(Frame(payload))
            metrics.FRAMES_OUT.inc()
            metrics.EVENTS_OUT.inc(len(part))
        if wanted:
            socket.stalled_since = None
        if socket.is_blocked and socket.stalled_since is None:
            socket.stalled_since = monotonic()
        if following.until is not None and following.sent >= following.until:
            self.end(following, following.until)
        elif following.until is None and following.sent >= stream.delivered:
            following.is_behind = False
            self._behind.discard(following)


def _for(member: int | None, entry: Entry) -> bytes:
    """An event as that member's sockets get it."""
    return entry.wire_with_key if entry.by == member else entry.wire
