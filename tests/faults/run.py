"""One run: clients, load, a fault on it, and in the end acks, readers and log side by side.

A run collects what was ``broken`` of the promise, and what was only too ``late``, which others
on the same machine can cause as well.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Self

import httpx
import msgspec

from tests.faults.client import Client, Write, digest
from tests.faults.cluster import Cluster
from tests.faults.wire import Message
from tests.services import Account, ServerProcess

TEXT = "{number} Žinutė 🎭 ".ljust(200, "x")
CALM_S = 2.0
SETTLE_S = 30.0
GROWTH_MIB = 64
# A process is grown up when it had time to read its libraries: of the clock, and of a processor,
# which a busy machine may not have given it yet.
AGED_S, AGED_CPU_S = 8.0, 3.0
SOCKETS_A_MEMBER, WRITES_A_MEMBER = 10, 5


@dataclass(frozen=True)
class _Size:
    """How large a process was at a time, and how many seconds of a processor it had used."""

    at: float
    mib: float
    cpu_s: float

    @classmethod
    def of(cls, server: ServerProcess) -> Self:
        of_process = Path(f"/proc/{server.pid}")
        pages = int((of_process / "statm").read_text(encoding="ascii").split()[1])
        ticks = (of_process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return cls(
            monotonic(),
            pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
            sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
        )


class _Page(msgspec.Struct):
    """A page of the log over REST."""

    epoch: str
    seq: int
    resync: bool
    events: list[Message]


class Run:
    """One fault under load.

    Attributes:
        seconds: How long the load lasts; faults begin after :data:`CALM_S`.
        rate: Messages a second, all readers together.
        broken: What does not hold.
        late: What holds, but took longer than it may.
        counts: How often the things happened that this run is about.
        figures: What is worth telling of this run.
    """

    def __init__(self, cluster: Cluster, *, seconds: float, clients: int, rate: int) -> None:
        self.cluster, self.seconds, self.size, self.rate = cluster, seconds, clients, rate
        self.topic = cluster.topic
        self.clients: list[Client] = []
        self.writes: list[Write] = []
        self.acks: list[Write] = []
        self.broken: list[str] = []
        self.late: list[str] = []
        self.counts: Counter[str] = Counter()
        self.figures: dict[str, float] = {}
        self.load_ended = asyncio.Event()
        self.removals: list[tuple[Client, int]] = []
        self.ports = [server.port for server in cluster.servers]
        self._lags: list[float] = []
        self._memory: dict[tuple[str, int], list[_Size]] = {}
        self._log: list[Message] = []
        self._start = 0

    # What clients write down

    def broke(self, what: str) -> None:
        """The promise does not hold."""
        self.broken.append(what)

    def acked(self, write: Write) -> None:
        """A write was acknowledged for the first time."""
        self.acks.append(write)

    def closed(self, client: Client, code: int) -> None:
        """A socket that was served is gone."""
        self.counts[f"{client.kind} closed with {code}"] += 1

    # Who takes part

    @property
    def readers(self) -> list[Client]:
        """The clients that should be served whatever happens."""
        return [client for client in self.clients if client.kind == "reader"]

    def of(self, kind: str) -> list[Client]:
        """The clients of one kind."""
        return [client for client in self.clients if client.kind == kind]

    def add(self, kind: str, number: int, sockets: int) -> None:
        """Let ``number`` clients of a kind take part, so many to a member."""
        members = -(-number // sockets)
        accounts = self.cluster.take(members)
        for place in range(number):
            account = accounts[place % members]
            self.clients.append(Client(self, len(self.clients), account, self.ports, kind))

    def reach(self, ports: Sequence[int]) -> None:
        """Let everybody come back through these ports."""
        for client in self.clients:
            client.ports = ports
            if client.wire is not None:
                client.wire.cut()

    @asynccontextmanager
    async def under_load(self) -> AsyncIterator[None]:
        """Everybody follows and the load is on; at the end it is over and all is compared."""
        # Enough members for all sockets, and for the load to stay within what each may write.
        members = max(self.size // SOCKETS_A_MEMBER, self.rate // WRITES_A_MEMBER)
        self.add("reader", self.size, self.size // members)
        await self.cluster.enter([client.account for client in self.clients])
        page = await self.page(2**40)
        self._start = page.seq
        watching = [asyncio.create_task(work()) for work in (self._tick, self._watch_lag)]
        try:
            for client in self.clients:
                client.start()
                await asyncio.sleep(0.003)
            await self.until(lambda: all(c.follows for c in self.clients), 60, "all follow")
            loading = asyncio.create_task(self._load())
            await asyncio.sleep(CALM_S)
            yield
            await loading
            await self._settle()
            self._check()
            self._note_figures()
        finally:
            self.load_ended.set()
            for task in watching:
                task.cancel()
            for client in self.clients:
                await client.stop()

    async def _load(self) -> None:
        start, writers, count = monotonic(), self.readers, 0
        while (spent := monotonic() - start) < self.seconds:
            while count < spent * self.rate:
                count += 1
                self.write(random.choice(writers))
            await asyncio.sleep(0.005)
        self.load_ended.set()

    @property
    def is_loading(self) -> bool:
        """Whether messages are still being written."""
        return not self.load_ended.is_set()

    async def rest(self, seconds: float) -> None:
        """Let so much time pass, or as much of it as the load lasts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.load_ended.wait()

    def write(self, client: Client) -> None:
        """Let a client write one more message."""
        number = len(self.writes) + 1
        write = Write(number, client, TEXT.format(number=number))
        self.writes.append(write)
        client.write(write)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            for client in self.clients:
                client.tick()
            for server in self.cluster.servers:
                if server.is_running:
                    sizes = self._memory.setdefault((server.kind, server.pid), [])
                    sizes.append(_Size.of(server))

    async def _watch_lag(self) -> None:
        while True:
            before = monotonic()
            await asyncio.sleep(0.05)
            self._lags.append(monotonic() - before - 0.05)

    # How long things take

    async def until(self, holds: Any, within_s: float, what: str) -> float:
        """Wait until something holds; the seconds it took. Beyond the limit it is broken."""
        since = monotonic()
        while not holds():
            if monotonic() - since > within_s:
                self.broke(f"not within {within_s:g} s: {what}")
                break
            await asyncio.sleep(0.02)
        return monotonic() - since

    async def recovered(self, what: str, limit_s: float, since: float) -> None:
        """Every write older than ``since`` is acknowledged, every reader got a younger one."""
        waiting = [write for write in self.writes if write.client.kind == "reader"]
        waiting = [write for write in waiting if write.born <= since and not write.acked]

        def holds() -> bool:
            waiting[:] = [write for write in waiting if not write.acked]
            fresh = [write.seq for write in self.acks[-1000:] if write.born > since]
            return not waiting and bool(fresh) and all(c.at >= min(fresh) for c in self.readers)

        while not holds():
            if not self.is_loading and (not self.writes or self.writes[-1].born <= since):
                return  # no younger write comes; the comparison at the end judges
            if monotonic() > since + 60:
                break
            await asyncio.sleep(0.02)
        self.took(what, monotonic() - since, limit_s)

    def took(self, what: str, seconds: float, limit_s: float) -> None:
        """Note how long something took; beyond the limit it is late."""
        self.figures[f"{what} s"] = max(round(seconds, 2), self.figures.get(f"{what} s", 0))
        if seconds > limit_s:
            self.late.append(f"{what}: {seconds:.1f} s, at most {limit_s:g} s")

    # The end: acks, readers and log side by side

    async def page(self, since: int, token: str = "") -> _Page:
        """A page of the log from any process that answers."""
        headers = {"Authorization": f"Bearer {token or self.cluster.owner.token}"}
        where = f"/api/v1/topics/{self.topic}/events/"
        answer: httpx.Response | None = None
        for server in random.sample(self.cluster.servers, len(self.cluster.servers)) * 10:
            try:
                answer = await self.cluster.rest.get(
                    server.url + where, params={"since": since, "limit": 200}, headers=headers
                )
            except httpx.HTTPError:
                await asyncio.sleep(0.3)
                continue
            if answer.status_code == 200:
                return msgspec.json.decode(answer.content, type=_Page)
            await asyncio.sleep(0.3)
        message = f"no log: {answer and answer.text[:300]}"
        raise RuntimeError(message)

    async def status_of_log(self, account: Account) -> int:
        """The HTTP status of the topic's log for somebody."""
        answer = await self.cluster.rest.get(
            f"{self.cluster.servers[0].url}/api/v1/topics/{self.topic}/events/",
            headers={"Authorization": f"Bearer {account.token}"},
        )
        return answer.status_code

    async def _settle(self) -> None:
        """Wait until every write is answered and every reader is at the head."""
        served = [client for client in self.clients if not client.over and not client.is_out]
        await self.until(
            lambda: not any(client.outbox for client in served), SETTLE_S, "all writes answered"
        )
        while page := await self.page(self._start + len(self._log)):
            self._log += page.events
            if not page.events:
                break
        head = self._start + len(self._log)
        await self.until(
            lambda: all(client.at >= head for client in served),
            SETTLE_S,
            f"all readers at {head}: {[(c, c.at, c.follows) for c in served if c.at < head][:5]}",
        )

    def _check(self) -> None:
        """P1 to P3, from what was acknowledged, what was applied, and what the log says."""
        numbers = range(self._start + 1, self._start + 1 + len(self._log))
        if [event.seq for event in self._log] != list(numbers):
            self.broke("the log has a hole")
        self._check_writes()
        self._check_readers()
        for client, seq in self.removals:
            for stretch in client.stretches:
                if stretch.first <= seq < stretch.last:
                    self.broke(f"{client}: removed at {seq}, served up to {stretch.last}")

    def _check_writes(self) -> None:
        places = self._places()
        for write in self.writes:
            found = places[write.number]
            if len(found) > 1:
                self.broke(f"message {write.number} stands {len(found)} times in the log")
            if write.acked and found != [write.seq]:
                self.broke(f"message {write.number} was acknowledged at {write.seq}: {found}")
            if write.refused and found:
                self.broke(f"message {write.number} was refused ({write.refused}), and is there")

    def _check_readers(self) -> None:
        digests = [digest(event) for event in self._log]
        for client in self.clients:
            for stretch in client.stretches:
                place = stretch.first - self._start - 1
                if digests[place : place + len(stretch.digests)] != stretch.digests:
                    self.broke(f"{client}: what it applied from {stretch.first} is not the log")
            own = [w.seq for w in self.writes if w.client is client and w.acked]
            if own != sorted(own) and not client.is_disordered:
                self.broke(f"{client}: its writes changed places: {own}")

    def _places(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {write.number: [] for write in self.writes}
        for event in self._log:
            if event.event == "message.posted":
                text = msgspec.json.decode(event.data)["text"]
                places[int(text.split()[0])].append(event.seq)
        return places

    def _note_figures(self) -> None:
        acks = sorted(w.acked - w.born for w in self.acks if w.client.kind == "reader")
        self.figures |= {
            "messages": len(self.writes),
            "ack p50 ms": round(acks[len(acks) // 2] * 1000, 1),
            "ack p99 ms": round(acks[int(len(acks) * 0.99)] * 1000, 1),
            "harness lag max ms": round(max(self._lags) * 1000),
            "memory growth MiB": round(self.memory_growth_mib(), 1),
        }
        if self.figures["memory growth MiB"] > GROWTH_MIB:
            self.broke(f"memory grew by {self.figures['memory growth MiB']} MiB")

    def memory_growth_mib(self) -> float:
        """The most by which any process grew after its first seconds, MiB."""
        growth = 0.0
        for sizes in self._memory.values():
            born = sizes[0].at
            aged = [s.mib for s in sizes if s.at > born + AGED_S and s.cpu_s > AGED_CPU_S]
            if aged:
                growth = max(growth, max(aged) - aged[0])
        return growth

    def told(self) -> str:
        """The run in one line."""
        return ", ".join(f"{n} {v:g}" for n, v in (self.figures | dict(self.counts)).items())


def sockets_stayed_open(run: Run) -> None:
    """Note every reader whose socket was lost in this run."""
    for client in run.readers:
        if client.cuts:
            run.broke(f"{client}: its socket was closed {client.cuts} times")
