"""A client that keeps its side of the promise, and notes where the server does not keep its own.

It comes back after every cut, follows from the last event that it applied, and keeps each write
with its key until it is acknowledged. What it applied is kept as one digest per event, to be
compared with the log at the end of a run.
"""

import asyncio
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any, Protocol

from tests.faults.wire import Message, Wire
from tests.services import Account

SEEN_EVENTS = 32
SEEN_S = 2.0
RESEND_S = 5.0
RETRY_AT_MOST_S = 3.0
REPLAY_EVENTS = 1000
FOR_GOOD = frozenset({4400, 4401, 4409})


@dataclass(eq=False)
class Write:
    """One message; its key is kept for good."""

    number: int
    client: "Client"
    text: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    born: float = field(default_factory=monotonic)
    sent: float = 0.0
    acked: float = 0.0
    seq: int = 0
    id: int | None = None
    refused: str = ""


class Book(Protocol):
    """Where clients of one run write down what they see."""

    topic: str

    def broke(self, what: str) -> None:
        """The promise does not hold."""

    def acked(self, write: Write) -> None:
        """A write was acknowledged for the first time."""

    def closed(self, client: "Client", code: int) -> None:
        """A socket that was served is gone."""


@dataclass
class Stretch:
    """Events that a client applied one after the other, from ``first`` on."""

    first: int
    digests: list[int] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The ``seq`` of the last of them."""
        return self.first + len(self.digests) - 1


class Client:
    """One tab, program or troublemaker.

    Attributes:
        kind: ``reader``, ``slow``, ``flooder`` or ``leaver``; all but readers may be refused.
        at: The last ``seq`` that it applied.
        is_greeted: The server said ``hello``; what waits goes out first, in order.
        follows: Its follow was answered, and nothing ended it since.
        over: Why it does not come back; empty as long as it does.
        is_out: It was removed and not let in again.
    """

    def __init__(
        self, book: Book, number: int, account: Account, ports: Sequence[int], kind: str = "reader"
    ) -> None:
        self.book, self.number, self.account, self.ports = book, number, account, ports
        self.kind = kind
        self.port = 0
        self.wire: Wire | None = None
        self.at = -1
        self.epoch = ""
        self.stretches: list[Stretch] = []
        self.outbox: dict[str, Write] = {}
        self.is_greeted = False
        self.follows = False
        self.over = ""
        self.is_out = False
        self.was_out = False
        self.is_deaf = False
        self.is_disordered = False
        self.is_hurried = False
        self.bye_s: float | None = None
        self.said_bye_at = 0.0
        self.cuts = 0
        self.last_code = 0
        self._seen, self._seen_at = -1, 0.0
        self._ref = 0
        self._turn = number
        self._asked: dict[int, Write | None] = {}
        self._task: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"{self.kind} {self.number}"

    # Coming and going

    def start(self) -> None:
        """Connect, and come back until :meth:`stop`."""
        self._task = asyncio.create_task(self._live())

    async def stop(self) -> None:
        """Leave for good; a failure of the client itself is raised here."""
        self.over = self.over or "stopped"
        if self.wire is not None:
            self.wire.cut()
        if self._task is not None and not self._task.done():
            self._task.cancel()
        for result in await asyncio.gather(self._task or asyncio.sleep(0), return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _live(self) -> None:
        fails = 0
        while not self.over:
            served = await self._session()
            fails = 0 if served else fails + 1
            wait_s = random.uniform(0, min(RETRY_AT_MOST_S, 0.5 * 2**fails))
            if self.bye_s is not None:
                wait_s = self.bye_s
            if served == 4429:
                wait_s = 10
            self.bye_s = None
            if not self.is_hurried:
                await asyncio.sleep(wait_s)
            self.is_hurried = False

    async def _session(self) -> int:
        """One connection to its end; the close code, 0 where it was not served."""
        loop = asyncio.get_running_loop()
        self._turn += 1
        self.port = self.ports[self._turn % len(self.ports)]
        wire = Wire(self, "127.0.0.1", self.port, self.account.token)
        try:
            async with asyncio.timeout(10):
                await loop.create_connection(lambda: wire, "127.0.0.1", self.port)
        except (OSError, TimeoutError):
            return 0
        self.wire = wire
        if self.is_deaf:
            wire.transport.pause_reading()
        try:
            await wire.ended
        finally:
            self.wire, self.follows, self.is_greeted = None, False, False
            if self.kind == "flooder":
                self.outbox.clear()  # it would be cut off again for what it sends at once
            self._asked.clear()
        if wire.status != 101:
            if wire.status in {401, 403}:
                self.over = f"refused {wire.status}"
                self._judge_end(wire.status)
            return 0
        if not self.over:
            self.cuts += 1
            self.last_code = wire.code
            if wire.code in FOR_GOOD:
                self.over = f"closed {wire.code}"
                self._judge_end(wire.code)
            self.book.closed(self, wire.code)
        return wire.code

    def _judge_end(self, code: int) -> None:
        if self.kind != "leaver":
            self.broke(f"was sent away with {code}")

    def hear(self, *, on: bool) -> None:
        """Stop reading from the socket, or go on."""
        self.is_deaf = not on
        if self.wire is not None and self.wire.transport is not None:
            pause, resume = self.wire.transport.pause_reading, self.wire.transport.resume_reading
            resume() if on else pause()

    def come_back(self) -> None:
        """Ask for the topic again, after it was over."""
        self._follow()

    def broke(self, what: str) -> None:
        """The promise does not hold for this client."""
        self.book.broke(f"{self}: {what}")

    # What goes out

    def _send(self, cmd: str, write: Write | None = None, **fields: Any) -> None:
        if self.wire is not None and self.is_greeted:
            self._ref += 1
            self._asked[self._ref] = write
            self.wire.send({"ref": self._ref, "cmd": cmd, "topic": self.book.topic, **fields})

    def _follow(self) -> None:
        self.follows = False
        resume: dict[str, Any] = {} if self.at < 0 else {"since": self.at, "epoch": self.epoch}
        self._send("follow", **resume)

    def write(self, write: Write) -> None:
        """Send a new write now, or as soon as there is a socket."""
        self.outbox[write.key] = write
        self._push(write)

    def _push(self, write: Write) -> None:
        write.sent = monotonic()
        self._send("message.post", write, key=write.key, data={"text": write.text})

    def _see(self) -> None:
        self._seen, self._seen_at = self.at, monotonic()
        if self.wire is not None:
            self.wire.send({"cmd": "seen", "heads": {self.book.topic: max(0, self.at)}})

    def tick(self) -> None:
        """What is due by the clock; call it about twice a second."""
        if not self.is_greeted or self.is_deaf:
            return
        now = monotonic()
        if self.follows and self.at > self._seen and now - self._seen_at > SEEN_S:
            self._see()
        for write in tuple(self.outbox.values()):
            if now - write.sent > RESEND_S:
                self._push(write)

    # What comes in

    def take(self, message: Message) -> None:
        """Apply one object of the server."""
        if message.event:
            self._apply(message)
        elif message.hello is not None:
            if (message.hello.protocol, message.hello.member) != (1, self.account.id):
                self.broke(f"{message.hello}")
            self.is_greeted = True
            self._follow()
            for write in tuple(self.outbox.values()):
                self._push(write)
        elif message.ref is not None:
            self._answered(message)
        elif message.beat is not None:
            if self.follows and message.beat.get(self.book.topic, 0) > self.at:
                self.broke(f"a beat of {message.beat} at {self.at}")
            self._see()
        elif message.bye is not None:
            self.bye_s = message.bye.retry_ms / 1000
            self.said_bye_at = monotonic()
        elif message.closed is not None:
            self.follows, self.is_out, self.was_out = False, True, True
            if self.kind != "leaver" or message.closed.code != "removed":
                self.broke(f"{message.closed}")

    def _apply(self, event: Message) -> None:
        if not self.follows or event.topic != self.book.topic:
            self.broke(f"an event of {event.topic} {event.seq} that it does not follow")
        elif event.seq <= self.at:
            self.broke(f"{event.seq} again at {self.at}")
        elif event.seq > self.at + 1:
            self.broke(f"a gap: {event.seq} at {self.at}")
            self._follow()
        else:
            self.at = event.seq
            self.stretches[-1].digests.append(digest(event))
            if event.key is not None and event.by != self.account.id:
                self.broke(f"the key of {event.by}")
            if self.at - self._seen >= SEEN_EVENTS:
                self._see()

    def _answered(self, message: Message) -> None:
        if message.ref not in self._asked:
            self.broke(f"a reply to nothing: {message.ref}")
            return
        write = self._asked.pop(message.ref)
        if message.error is not None:
            self._refused(write, message)
        elif message.ok is None:
            self.broke("a reply that is neither ok nor error")
        elif write is None:
            self._followed(message)
        else:
            self._acked(write, message)

    def _followed(self, message: Message) -> None:
        ok = message.ok
        assert ok is not None
        if self.epoch and ok.epoch != self.epoch:
            self.broke("another epoch")
        self.epoch = ok.epoch
        self.is_out = False
        if ok.resync:
            if not self.was_out and 0 <= ok.seq - self.at <= REPLAY_EVENTS:
                self.broke(f"resync from {self.at} to {ok.seq} without a reason")
            self.was_out, self.at = False, -1
            self._follow()
            return
        if self.was_out:
            self.broke("let in again without resync")
        if self.at < 0:
            self.at = ok.seq
            self.stretches.append(Stretch(ok.seq + 1))
        self.follows = True
        self._see()

    def _acked(self, write: Write, message: Message) -> None:
        ok = message.ok
        assert ok is not None
        if write.acked:
            if (ok.seq, ok.id, ok.replayed) != (write.seq, write.id, True):
                self.broke(f"{write.seq} was acknowledged again as {ok}")
            return
        write.acked, write.seq, write.id = monotonic(), ok.seq, ok.id
        self.outbox.pop(write.key, None)
        self.book.acked(write)
        if random.random() < 0.02:
            self._push(write)  # as if the acknowledgement had been lost

    def _refused(self, write: Write | None, message: Message) -> None:
        error = message.error
        assert error is not None
        if write is not None and self.kind == "flooder":
            write.refused = error.code
            self.outbox.pop(write.key, None)
        elif write is None and self.kind == "leaver" and error.code == "not_found":
            self.is_out = self.was_out = True
        elif error.retry_after_s is None:
            self.broke(f"{error.code} for what is allowed")
        elif write is None or not write.acked:
            # Whatever it sends meanwhile stands before this write.
            self.is_disordered = self.is_disordered or write is not None
            again = partial(self._again, write, self.wire)
            asyncio.get_running_loop().call_later(error.retry_after_s, again)

    def _again(self, write: Write | None, wire: Wire | None) -> None:
        """After a temporary error, unless a new connection has done it already."""
        if wire is not self.wire:
            return
        if write is None:
            self._follow()
        elif write.key in self.outbox:
            self._push(write)


def digest(event: Message) -> int:
    """What must be the same of an event on every way it comes."""
    return hash((event.seq, event.event, event.by, bytes(event.data)))
