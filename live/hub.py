"""The hub: one per process; it brings what was committed to this process's sockets.

A commit of this process, a hint of another or the tick says that a topic's head has grown; the
hub then takes the missing events from the log and hands them to its sockets (``delivery.py``).
Hints are a shortcut: without them the tick finds everything within about a second. All state
is touched in the event loop only.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from time import monotonic
from typing import Any

import structlog

from live import announce, limits, log, metrics
from live.clockwork import Clockwork
from live.credentials import REVOCATIONS
from live.crowding import Crowding
from live.delivery import Delivery
from live.derived import DerivedSignals
from live.gossip import Gossip
from live.log import Head
from live.presence import Presence
from live.readers import Readers
from live.registry import Reach
from live.sockets import Socket
from live.streams import Following, Stream
from live.writer import Writer

_logger = structlog.get_logger("live.hub")


class Hub:
    """Fan-out of one process. Made in the event loop that it serves.

    Attributes:
        sockets: All open sockets.
        by_member: The same by member.
        streams: The topics that any of them follows, by name.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.sockets: set[Socket] = set()
        self.by_member: dict[int, set[Socket]] = {}
        self.streams: dict[str, Stream] = {}
        self.is_draining = False
        self.readers = Readers()
        self.writer = Writer(self.loop)
        self.delivery = Delivery(self)
        self.clockwork = Clockwork(self)
        self.gossip = Gossip(self)
        self.presence = Presence(self)
        self.crowding = Crowding(self)
        self.derived = DerivedSignals(self)
        self._epoch = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._loose: set[asyncio.Task[None]] = set()
        self._turn_away = announce.listen(self._committed)

    def start(self) -> None:
        """Begin to serve; waits for nothing that may be away."""
        jobs: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (
            self.delivery.read_forever,
            self.delivery.catch_up_forever,
            self.clockwork.tick_forever,
            self.clockwork.beat_forever,
            self.clockwork.sweep_forever,
            self.gossip.say_forever,
            self.gossip.hear_forever,
            self.presence.run_forever,
            self.crowding.run_forever,
            self.derived.run_forever,
        )
        self._tasks = [asyncio.create_task(_lasting(job)) for job in jobs]

    async def stop(self) -> None:
        """End all work; writes that were submitted are still done. See :meth:`drain`."""
        self._turn_away()
        tasks = [*self._tasks, *self._loose]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.writer.stop()
        await self.loop.run_in_executor(None, self.writer.join, limits.DRAIN_S)
        self.readers.stop()

    async def epoch(self) -> str:
        """The log's epoch, asked once."""
        if not self._epoch:
            self._epoch = str(await self.readers.run(log.epoch))
        return self._epoch

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine beside everything else; its failure is logged."""
        task = asyncio.create_task(work)
        self._loose.add(task)
        task.add_done_callback(self._spawned)

    def _spawned(self, task: asyncio.Task[None]) -> None:
        self._loose.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _logger.error("task failed", exc_info=task.exception())

    def join(self, socket: Socket) -> None:
        """Take a socket in; the member's idlest one goes when there are too many."""
        self.sockets.add(socket)
        own = self.by_member.setdefault(socket.member_id, set())
        own.add(socket)
        metrics.SOCKETS.set(len(self.sockets))
        self.crowding.came(socket.member_id)

    def leave(self, socket: Socket) -> None:
        """Forget a socket that is gone."""
        for name in tuple(socket.followings):
            self.unfollow(socket, name)
        self.sockets.discard(socket)
        own = self.by_member.get(socket.member_id, set())
        own.discard(socket)
        if not own:
            self.by_member.pop(socket.member_id, None)
        self.crowding.went(socket.member_id)
        metrics.SOCKETS.set(len(self.sockets))

    def follow(self, socket: Socket, name: str, head: Head, since: int, reach: Reach) -> None:
        """Let a socket follow a topic from ``since``; call it right after the reply was put.

        ``head`` was read before ``reach``, so a loss of access that the reach does not show yet
        comes later in the log than ``head``.
        """
        self.unfollow(socket, name)
        stream = self.streams.get(name)
        if stream is None:
            stream = self.streams[name] = Stream(name, head.id, head.seq, head.seq)
            metrics.TOPICS.set(len(self.streams))
        following = Following(socket, stream, since, reach)
        stream.followers.add(following)
        socket.followings[name] = following
        self.delivery.grew(stream, head.seq)
        if following.sent < stream.delivered:
            self.delivery.fall_behind(following)
        self.presence.came(socket, name)
        self.derived.followed(name)

    def unfollow(self, socket: Socket, name: str) -> None:
        """Nothing of the topic comes to the socket after this."""
        following = socket.followings.pop(name, None)
        if following is None:
            return
        socket.window.forget(name)
        self.delivery.made_room(socket)
        following.stream.followers.discard(following)
        self.delivery.forget(following)
        self.presence.went(socket, name)
        if not following.stream.followers and self.streams.get(name) is following.stream:
            del self.streams[name]
            metrics.TOPICS.set(len(self.streams))

    def seen(self, socket: Socket, heads: Mapping[str, int]) -> None:
        """A reader says how far it is; what was withheld goes on."""
        made_room = False
        for name, seq in heads.items():
            made_room |= socket.window.seen(name, seq)
        if made_room:
            self.delivery.made_room(socket)

    def _committed(self, facts: Sequence[announce.Commit]) -> None:
        """Called in the committing thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self.loop.call_soon_threadsafe(self._take, facts)

    def _take(self, facts: Sequence[announce.Commit]) -> None:
        heads: dict[str, int] = {}
        for fact in facts:
            heads[fact.topic] = fact.seq
            stream = self.streams.get(fact.topic)
            if stream is not None:
                stream.fresh |= {e.seq: e for e in fact.entries if e.seq > stream.delivered}
        self.hinted(heads)
        self.gossip.hint(heads)

    def hinted(self, heads: Mapping[str, int]) -> None:
        """Somebody says how far topics are."""
        for name, seq in heads.items():
            if (stream := self.streams.get(name)) is not None:
                self.delivery.grew(stream, seq)
            self.derived.changed(name)
        if REVOCATIONS in heads:
            self.spawn(self.clockwork.look())

    async def drain(self) -> None:
        """Say ``bye``, let every command be answered, close with 1012; all within 10 s."""
        self.is_draining = True
        waiting = set(self.sockets)
        for socket in waiting:
            retry_ms = random.randint(0, 5000)  # noqa: S311 - spreads the return, no secret
            socket.say({"bye": {"retry_ms": retry_ms}})
        end = monotonic() + limits.DRAIN_S / 2
        while waiting:
            for socket in tuple(waiting):
                if socket.is_idle or socket.closing or monotonic() > end:
                    waiting.discard(socket)
                    socket.close(1012)
            await asyncio.sleep(0.02)
        for _ in range(100):
            if not self.sockets:
                break
            await asyncio.sleep(0.02)


async def _lasting(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run work until it ends by itself; a bug in it is logged and it begins again."""
    while True:
        try:
            return await work()
        except Exception:
            _logger.exception("hub work failed", work=work.__qualname__)
            await asyncio.sleep(1)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def running_hub() -> Hub:
    """The hub of the running event loop, started if it was not."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
        hub.start()
    return hub
