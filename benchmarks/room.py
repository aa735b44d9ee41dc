"""One room: what it costs to bring a message to everyone in it, beside peers and a floor.

Each message is persisted, given its place, acknowledged and delivered by this project's servers;
the peers keep nothing. CPU is that of the server's process, user and system time, per event that
one socket got. The tutorial's consumer gets a tenth of the rate, since it cannot keep up.
"""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from time import perf_counter
from typing import Any

from benchmarks import servers
from benchmarks.load import spread
from benchmarks.servers import Round, Served, play
from benchmarks.tables import Size, figure, median, table

PEOPLE = 100
SOCKETS = (100, 500, 1000)
RATE = 20.0
Server = Callable[[], AbstractContextManager[Served]]


def _plan(size: Size, sockets: int) -> dict[str, Any]:
    return {
        "kind": "room",
        "sockets": sockets,
        "rate": RATE,
        "seconds": size.seconds,
        "rounds": size.rounds,
        "tokens": ["nobody"],
        "topics": ["room"],
    }


def _peers() -> dict[str, tuple[str, float, Server]]:
    """Dialect, share of the rate, server."""
    return {
        "socket.io": ("socketio", 1.0, servers.socketio),
        "bare epoll loop, C": ("plain", 1.0, servers.floor),
        "tutorial's consumer, 2 a second": ("plain", 0.1, servers.tutorial),
    }


def run(size: Size) -> None:
    """Measure and print, one table per size of the room."""
    _ceiling(size)
    _disk(size)
    for sockets in SOCKETS:
        measured: dict[str, list[Round]] = {}
        with ExitStack() as stack:
            for server in ("uvicorn", "daphne"):
                site = stack.enter_context(servers.site(PEOPLE, 1))
                with site.serve(server) as served:
                    own = {"dialect": "ports", "tokens": site.tokens, "topics": site.topics}
                    measured[server] = play(_plan(size, sockets) | own, served)
        for name, (dialect, share, start) in _peers().items():
            with start() as served:
                plan = _plan(size, sockets) | {"dialect": dialect, "rate": RATE * share}
                measured[name] = play(plan, served)
        _print(sockets, measured)


def _ceiling(size: Size) -> None:
    plan = _plan(size, 1000) | {"kind": "ceiling", "dialect": "plain"}
    with servers.floor() as served:
        rounds = play(plan, served)
    table(
        "The load generator's ceiling: 1,000 sockets on the bare loop",
        ("", "deliveries/s", "generator's share of its core"),
        [
            (
                "as fast as it can",
                figure((each.seen["per_s"] for each in rounds), 0),
                figure((each.seen["share"] for each in rounds), 2),
            )
        ],
    )


def _disk(size: Size) -> None:
    """What the disk alone asks of a message that is only acknowledged once it is safe."""
    rounds = []
    with tempfile.TemporaryFile() as file:
        for _ in range(size.rounds):
            took: list[float] = []
            for place in range(int(RATE * size.seconds)):
                file.seek(place % 100 * 8192)
                file.write(os.urandom(8192))
                file.flush()
                start = perf_counter()
                os.fdatasync(file.fileno())
                took.append(perf_counter() - start)
                time.sleep(1 / RATE)
            rounds.append(spread(took))
    table(
        f"The disk alone: 8 KiB made safe, {RATE:g} times a second",
        ("", "p50 ms", "p99 ms", "worst ms"),
        [
            (
                "fdatasync",
                *(figure((each[name] for each in rounds), 1) for name in ("p50", "p99", "max")),
            )
        ],
    )


def _print(sockets: int, measured: dict[str, list[Round]]) -> None:
    peer = median(each.cpu_us_a_delivery for each in measured["socket.io"])
    table(
        f"One room of {sockets} sockets, {RATE:g} messages of 200 bytes a second",
        ("server", "CPU µs per delivery", "x socket.io", "last reader p50 ms", "p99 ms", "lost",
         "generator"),
        [
            (
                name,
                figure(each.cpu_us_a_delivery for each in rounds),
                f"{median(each.cpu_us_a_delivery for each in rounds) / peer:.2f}",
                figure(each.seen["read_ms"].get("p50", 0) for each in rounds),
                figure(each.seen["read_ms"].get("p99", 0) for each in rounds),
                sum(each.seen["lost"] + each.seen["broken"] for each in rounds),
                f"{median(each.seen['share'] for each in rounds):.0%}",
            )
            for name, rounds in measured.items()
        ],
    )  # fmt: skip
