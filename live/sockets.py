"""One open socket: who it is, what it follows, and its own bounded way out.

Nobody waits for a socket: a frame is written if the transport takes it, else queued here, and a
task of the socket's own sends the queue. Events are bounded by the window, everything else by
:data:`live.limits.OUTGOING_BYTES`; a socket beyond that is closed.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog

from live import limits, metrics
from live.credentials import Credential
from live.limits import Bucket
from live.protocol import Connection, encode
from live.transports import Frame, Outlet

if TYPE_CHECKING:
    from live.streams import Following

_logger = structlog.get_logger("live.sockets")
CLOSE_S = 3.0
Tag = tuple[str, str, int | None]


class Socket:
    """One socket of one member, in the event loop.

    Attributes:
        member_id: Whose it is.
        apart: Members of whom it hears no signal: they are hidden from its own, or its own from
            them. Read when it opens and after each change of that.
        followings: What it follows, by topic name.
        window: The events that are under way, the connection's.
        is_blocked: Its window took no more; nothing is sent before it has seen some.
        stalled_since: Since when events are withheld for that reason.
        wrote_at: When it wrote last, or was opened.
    """

    __slots__ = (
        "_closer",
        "_queue",
        "_queued_bytes",
        "_sender",
        "apart",
        "beat_at",
        "card",
        "closing",
        "connection",
        "credential",
        "followings",
        "follows",
        "is_blocked",
        "member_id",
        "outlet",
        "signals",
        "stalled_since",
        "task",
        "waiting",
        "window",
        "wrote_at",
    )

    def __init__(
        self,
        outlet: Outlet,
        credential: Credential,
        card: Mapping[str, Any] | None = None,
        apart: frozenset[int] = frozenset(),
    ) -> None:
        now = monotonic()
        self.outlet = outlet
        self.credential = credential
        self.member_id = credential.member_id
        self.card = card or {"id": credential.member_id}
        self.apart = apart
        self.connection = Connection(heard_at=now)
        self.window = self.connection.window
        self.followings: dict[str, Following] = {}
        self.closing = 0
        self.is_blocked = False
        self.stalled_since: float | None = None
        self.wrote_at = now
        self.beat_at = now + limits.BEAT_S
        self.waiting = 0
        self.task: asyncio.Task[Any] | None = None
        self.signals: Bucket | None = None
        self.follows: Bucket | None = None
        self._queue: deque[tuple[Frame, Tag | None]] | None = None
        self._queued_bytes = 0
        self._sender: asyncio.Task[None] | None = None

    def put(self, frame: Frame) -> None:
        """Send a frame, at once or after those that wait."""
        if self._queue is None and not self.closing and self.outlet.try_write(frame):
            return
        self._enqueue(frame, None)

    def say(self, message: Mapping[str, Any]) -> None:
        """Send one object."""
        self.put(Frame(encode(message)))

    def put_signal(self, frame: Frame, tag: Tag) -> None:
        """Send a signal, or drop it where others wait: it is best effort.

        A newer signal replaces a waiting one of the same ``tag``: topic, kind and member.
        """
        if self._queue is None:
            if not self.closing and not self.outlet.try_write(frame):
                self._enqueue(frame, tag)
            return
        for place, (waiting, its_tag) in enumerate(self._queue):
            if its_tag == tag:
                self._queue[place] = (frame, tag)
                self._queued_bytes += len(frame.payload) - len(waiting.payload)
                return
        if self._queued_bytes < limits.OUTGOING_BYTES // 4:
            self._enqueue(frame, tag)

    def _enqueue(self, frame: Frame, tag: Tag | None) -> None:
        if self.closing:
            return
        if self._queue is None:
            self._queue = deque()
        self._queue.append((frame, tag))
        self._queued_bytes += len(frame.payload)
        if self._queued_bytes > limits.OUTGOING_BYTES:
            self.close(4408)
        elif self._sender is None:
            self._sender = asyncio.create_task(self._send_queue())

    async def _send_queue(self) -> None:
        """Send what waits, frame by frame, as fast as the transport takes it."""
        with contextlib.suppress(Exception):  # the socket is gone; receive() says so too
            while self._queue:
                frame, _ = self._queue.popleft()
                self._queued_bytes -= len(frame.payload)
                await self.outlet.send(frame)
        self._queue, self._queued_bytes, self._sender = None, 0, None

    def close(self, code: int) -> None:
        """Send what waits if that goes quickly, then the close frame; never blocks."""
        if self.closing:
            return
        self.closing = code
        metrics.CLOSED.labels(code).inc()
        self._closer = asyncio.create_task(self._close(code))

    async def _close(self, code: int) -> None:
        try:
            async with asyncio.timeout(CLOSE_S):
                if self._sender is not None:
                    await asyncio.shield(self._sender)
                await self.outlet.close(code)
                await asyncio.sleep(CLOSE_S)
        except TimeoutError:
            pass
        except Exception as error:  # noqa: BLE001 - mostly the socket went by itself
            _logger.debug("close", code=code, error=repr(error))
        # A peer that neither reads nor answers the close frame holds its buffer no longer.
        with contextlib.suppress(Exception):
            self.outlet.abort()
        if self.task is not None:
            self.task.cancel()

    def news(self) -> dict[str, int]:
        """The last ``seq`` sent of each topic that changed since this was last asked."""
        news: dict[str, int] = {}
        for name, following in self.followings.items():
            if following.sent != following.told:
                news[name] = following.told = following.sent
        return news

    @property
    def is_idle(self) -> bool:
        """Whether every command was answered and every frame handed over."""
        return not self.waiting and self._sender is None
