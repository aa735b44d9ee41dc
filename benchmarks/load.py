"""The load generator: a process of its own that plays clients and says what they saw.

``python -m benchmarks.load`` reads a plan as one JSON line from standard input, says ``begin``
and ``end`` of the measured stretch, then prints its result as the last line. It measures its own
share of a core, so that a figure can be seen to be the server's and not this process's.
"""

import asyncio
import gc
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable
from time import perf_counter
from typing import Any, NamedTuple

import msgspec
import uvloop

from benchmarks.wire import DIALECTS, SEEN_EVENTS, Link, Said, handshake

WORDS = (
    "Tere! Wir suchen noch Partner in Lettland und Litauen, am besten aus Design und Musik. "
    "Who would like to join us in Szczecin this autumn, for three days by the sea? Anna "
)
OPENING_AT_ONCE = 50
LINGER_S = 10.0
WARM_S = 2.0


def text_of(number: int, size: int = 200) -> str:
    """A message of the benchmark: its number, then words."""
    return f"{number:08d} {WORDS * 3}"[:size].strip()


class Wanted(NamedTuple):
    """A socket that is to be opened."""

    port: int
    token: str
    topic: str


async def fetch(port: int, path: str, headers: dict[str, str]) -> bytes:
    """The body of a GET, read to the end of its connection.

    Raises:
        ConnectionError: the answer is not 200.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head[:20]:
        raise ConnectionError(head[:60].decode("latin-1"))
    return body


class Posted:
    """One message under way.

    Attributes:
        sent: When it was sent; ``acked`` and ``last`` (read by the last reader so far) likewise.
        reads: How many sockets got it.
    """

    __slots__ = ("acked", "last", "reads", "sent")

    def __init__(self, sent: float) -> None:
        self.sent = sent
        self.acked = self.last = 0.0
        self.reads = 0


class Crowd:
    """The sockets of one plan and what they saw."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.dialect = DIALECTS[plan["dialect"]]()
        self.links: list[Link] = []
        self.posted: dict[int, Posted] = {}
        self.by_ref: dict[int, int] = {}
        self.errors = 0
        self.on_ack: Any = None
        self._known: dict[bytes, Said] = {}

    async def open(self, wanted: Wanted, since: int | None = None) -> Link:
        """Open a socket and wait until it is in its room, with a snapshot if it needs one."""
        loop = asyncio.get_running_loop()
        headers, host = self.dialect.headers(wanted.token), f"127.0.0.1:{wanted.port}"

        async def snapshot() -> int:
            answer = await fetch(wanted.port, f"/api/v1/topics/{wanted.topic}/", headers)
            seq: int = msgspec.json.decode(answer)["seq"]
            return seq

        link = Link(self.dialect, wanted.topic, self.take, snapshot)
        link.since = since
        await loop.create_connection(lambda: link, "127.0.0.1", wanted.port)
        link.transport.write(handshake(self.dialect.path, host, headers))
        await link.ready
        self.links.append(link)
        return link

    async def open_all(self, wanted: list[Wanted]) -> None:
        """Open sockets in order, a few at a time."""
        for start in range(0, len(wanted), OPENING_AT_ONCE):
            await asyncio.gather(*(self.open(one) for one in wanted[start:][:OPENING_AT_ONCE]))

    def follow_silent(self, topics: list[str]) -> None:
        """Spread topics where nothing happens over the sockets, beside their own."""
        for place, link in enumerate(self.links):
            if own := [{"topic": topic} for topic in topics[place :: len(self.links)]]:
                link.send(msgspec.json.encode({"ref": -1, "cmd": "follow", "topics": own}))

    def result(self, wanted: int) -> dict[str, Any]:
        """What came of the messages that were posted since the last look."""
        measured = self.posted.values()
        return {
            "deliveries": sum(each.reads for each in measured),
            "lost": wanted - sum(each.reads for each in measured),
            "broken": sum(link.broken for link in self.links),
            "closed": sum(link.closed for link in self.links),
            "unacked": len(self.by_ref) if self.dialect.acks else 0,
            "errors": self.errors,
            "read_ms": spread(each.last - each.sent for each in measured if each.reads),
            "ack_ms": spread(each.acked - each.sent for each in measured if each.acked),
        }

    def take(self, link: Link, payload: bytes) -> None:  # noqa: C901, PLR0912 - one pass, for speed
        """A frame came; what another socket got too is not decoded again."""
        said = self._known.get(payload)
        if said is None:
            if len(self._known) > 2000:
                self._known.clear()
            if payload == b"2":
                link.send(b"3")
            said = self._known[payload] = self.dialect.read(payload)
        if said.refs:
            now = perf_counter()
            for ref in said.refs:
                number = self.by_ref.pop(ref, -1)
                if number >= 0:
                    self.posted[number].acked = now
                    if self.on_ack is not None:
                        self.on_ack(link)
        if said.errors:
            self.errors += said.errors
        if said.last:
            if link.seq and said.first != link.seq + 1:
                link.broken += 1
            link.seq = said.last
            link.unseen += said.last - said.first + 1
            if link.unseen >= SEEN_EVENTS and self.plan["dialect"].startswith("ports"):
                link.see(perf_counter())
        if said.numbers:
            now = perf_counter()
            for number in said.numbers:
                posted = self.posted.get(number)
                if posted is not None:
                    posted.reads += 1
                    posted.last = now

    def post(self, link: Link, number: int, ref: int) -> None:
        """Send one message."""
        payload = self.dialect.post(ref, link.topic, text_of(number))
        self.by_ref[ref] = number
        self.posted[number] = Posted(perf_counter())
        link.send(payload)

    async def tend_forever(self) -> None:
        """Every second, spread over it: what the dialect asks of a client."""
        while True:
            for place, link in enumerate(self.links):
                self.dialect.tend(link, perf_counter())
                if place % 50 == 49:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.4)


class Share:
    """This process's share of a core between two moments."""

    def __init__(self) -> None:
        self._cpu, self._at = time.process_time(), perf_counter()

    def taken(self) -> float:
        """CPU seconds per second since this was made."""
        return (time.process_time() - self._cpu) / (perf_counter() - self._at)


def spread(seconds: Iterable[float]) -> dict[str, float]:
    """Median, 99th percentile and maximum, in milliseconds; empty for nothing."""
    values = sorted(seconds)
    if not values:
        return {}
    places = {"p50": len(values) // 2, "p99": len(values) * 99 // 100, "max": len(values) - 1}
    return {name: values[place] * 1000 for name, place in places.items()}


def say(word: str) -> None:
    """Tell the parent where the plan is; it reads the server's clock then."""
    print(word, flush=True)


def sockets_of(plan: dict[str, Any]) -> list[Wanted]:
    """Who opens what: sockets go round topics and tokens, and round ports once a topic is full."""
    ports, tokens, topics = plan["ports"], plan["tokens"], plan["topics"]
    return [
        Wanted(
            ports[place // len(topics) % len(ports)],
            tokens[place % len(tokens)],
            topics[place % len(topics)],
        )
        for place in range(plan["sockets"])
    ]


async def _settle(crowd: Crowd, reads: int) -> None:
    """Wait until everything has come, or too long."""
    end = perf_counter() + LINGER_S
    while perf_counter() < end:
        total = sum(each.reads for each in crowd.posted.values())
        if total >= reads and not (crowd.dialect.acks and crowd.by_ref):
            return
        await asyncio.sleep(0.02)


async def room(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """``rate`` messages a second into the rooms, from sockets in turn; a result per round."""
    crowd = Crowd(plan)
    await crowd.open_all(sockets_of(plan))
    crowd.follow_silent(plan.get("silent", []))
    tending = asyncio.create_task(crowd.tend_forever())
    readers = Counter(link.topic for link in crowd.links)
    results = []
    number = 0
    for turn in range(plan["rounds"] + 1):
        share, start, late, wanted = Share(), perf_counter(), 0.0, 0
        crowd.posted.clear()
        if turn:
            say("begin")
        for place in range(int(plan["rate"] * (plan["seconds"] if turn else WARM_S))):
            due = start + place / plan["rate"]
            await asyncio.sleep(max(0.0, due - perf_counter()))
            late = max(late, perf_counter() - due)
            link = crowd.links[number * 7 % len(crowd.links)]
            number += 1
            wanted += readers[link.topic]
            crowd.post(link, number, number)
        taken = share.taken()
        await _settle(crowd, wanted)
        if turn:
            say("end")
            results.append(crowd.result(wanted) | {"share": taken, "late_ms": late * 1000})
    tending.cancel()
    return results


async def writes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Every socket keeps ``in_flight`` messages unanswered; a result per round."""
    crowd = Crowd(plan)
    await crowd.open_all(sockets_of(plan))
    tending = asyncio.create_task(crowd.tend_forever())
    readers = Counter(link.topic for link in crowd.links)
    number = wanted = 0
    stopped = False

    def go_on(link: Link) -> None:
        nonlocal number, wanted
        if not stopped:
            number += 1
            wanted += readers[link.topic]
            crowd.post(link, number, number)

    crowd.on_ack = go_on
    results = []
    for turn in range(plan["rounds"] + 1):
        stopped, wanted = False, 0
        crowd.posted.clear()
        share, start = Share(), perf_counter()
        if turn:
            say("begin")
        for link in crowd.links:
            for _ in range(plan["in_flight"]):
                go_on(link)
        await asyncio.sleep(plan["seconds"] if turn else WARM_S)
        stopped, taken = True, share.taken()
        acked = sum(each.acked > 0 for each in crowd.posted.values())
        per_s = acked / (perf_counter() - start)
        await _settle(crowd, wanted)
        if turn:
            say("end")
            results.append(crowd.result(wanted) | {"share": taken, "acked_per_s": per_s})
    tending.cancel()
    return results


async def ceiling(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """As many deliveries as this process takes: the next messages go when the last are in."""
    crowd = Crowd(plan)
    await crowd.open_all(sockets_of(plan))
    results = []
    for _ in range(plan["rounds"]):
        share, start, total = Share(), perf_counter(), 0
        say("begin")
        while perf_counter() - start < plan["seconds"]:
            crowd.posted.clear()
            for number in range(10):
                crowd.post(crowd.links[number], number, number)
            # Counting between two turns of the loop is cheaper than an event per read.
            while sum(each.reads for each in crowd.posted.values()) < 10 * len(crowd.links):  # noqa: ASYNC110
                await asyncio.sleep(0)
            total += 10 * len(crowd.links)
        taken = share.taken()
        say("end")
        results.append({"per_s": total / (perf_counter() - start), "share": taken})
    return results


async def idle(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Open sockets and keep them; the parent looks at the server's memory and CPU."""
    crowd = Crowd(plan)
    wanted = sockets_of(plan)
    await crowd.open_all(wanted[: plan["first"]])
    await asyncio.sleep(3)
    say("begin")
    start = perf_counter()
    await crowd.open_all(wanted[plan["first"] :])
    opened_s = perf_counter() - start
    await asyncio.sleep(plan["seconds"])
    say("end")
    say("begin")
    await asyncio.sleep(plan["seconds"])
    say("end")
    seen = {"open": sum(not link.closed for link in crowd.links), "opened_s": opened_s}
    return [seen, seen]


async def storm(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """All sockets come back at once: half resume from ``since``, half are told ``resync``."""
    results = []
    for _ in range(plan["rounds"]):
        crowd = Crowd(plan)
        served: list[float] = []
        say("begin")
        start = perf_counter()

        async def come(place: int, wanted: Wanted, crowd: Crowd = crowd) -> None:
            since = plan["since"] if place % 2 else 0
            while True:
                try:
                    link = await crowd.open(wanted, since)
                    break
                except OSError:
                    await asyncio.sleep(0.5)
            while link.seq < link.goal:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            served.append(perf_counter() - start)  # noqa: B023 - this round's

        tasks = [asyncio.create_task(come(*each)) for each in enumerate(sockets_of(plan))]
        _, late = await asyncio.wait(tasks, timeout=plan["seconds"])
        for task in late:
            task.cancel()
        say("end")
        results.append(
            {
                "served": len(served),
                "served_ms": spread(served),
                "resyncs": sum(link.resyncs for link in crowd.links),
                "broken": sum(link.broken for link in crowd.links),
            }
        )
        for link in crowd.links:
            link.transport.close()
        await asyncio.sleep(1)
    return results


PLANS = {"room": room, "writes": writes, "ceiling": ceiling, "idle": idle, "storm": storm}


def main() -> None:
    """Play one plan."""
    plan = json.loads(sys.stdin.readline())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65536)), hard))
    if plan.get("core") is not None:
        os.sched_setaffinity(0, {plan["core"]})
    gc.disable()
    print(json.dumps(uvloop.run(PLANS[plan["kind"]](plan))), flush=True)


if __name__ == "__main__":
    main()
