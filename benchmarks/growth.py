"""How cost grows: with processes, topics, followers, unread messages, the length of the log."""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from benchmarks import servers
from benchmarks.servers import Round, Site, play
from benchmarks.tables import Size, figure, median, table


def run(size: Size) -> None:
    """Measure and print all of it, in two stretches each: it is the trend that counts."""
    size = replace(size, rounds=2)
    _processes(size)
    _topics(size)
    _followers(size)
    _unread(size)
    _log(size)


def _plan(size: Size, site: Site, **more: Any) -> dict[str, Any]:
    return {
        "kind": "room",
        "dialect": "ports",
        "rounds": size.rounds,
        "seconds": size.seconds,
        "tokens": site.tokens,
        "topics": site.topics,
        **more,
    }


def _costs(rounds: list[Round]) -> tuple[str, ...]:
    return (
        figure(each.cpu_us_a_delivery for each in rounds),
        figure(each.seen["read_ms"].get("p50", 0) for each in rounds),
        figure(each.seen["read_ms"].get("p99", 0) for each in rounds),
        str(sum(each.seen["lost"] + each.seen["broken"] for each in rounds)),
    )


COSTS = ("CPU µs per delivery", "last reader p50 ms", "p99 ms", "lost")


def _processes(size: Size) -> None:
    """The same 500 sockets and 50 messages a second, over more processes on the same core."""
    rows: list[tuple[str, ...]] = []
    for count in (1, 2, 4):
        with ExitStack() as stack:
            production = stack.enter_context(servers.production())
            site = stack.enter_context(servers.site(50, 10, env=production))
            served = [stack.enter_context(site.serve()) for _ in range(count)]
            rounds = play(_plan(size, site, sockets=500, rate=50), *served)
            rows.append((str(count), *_costs(rounds)))
    table(
        "Processes over PostgreSQL and Redis: 500 sockets in 10 rooms, 50 messages a second",
        ("processes", *COSTS),
        rows,
    )


def _topics(size: Size) -> None:
    """Sockets that follow more and more topics, of which ten are busy."""
    rows: list[tuple[str, ...]] = []
    for count in (10, 100, 1000, 10_000):
        with servers.site(50, 10, silent=count - 10) as site, site.serve() as served:
            silent = site.topics[10:]
            plan = _plan(size, site, sockets=200, rate=20, topics=site.topics[:10], silent=silent)
            rounds = play(plan, served)
            rows.append((f"{count:,}", *_costs(rounds)))
    table(
        "Topics that one process follows: 200 sockets, 20 messages a second in 10 rooms",
        ("topics", *COSTS),
        rows,
    )


def _followers(size: Size) -> None:
    """One room that grows; the rate falls as it does, so that the core is not full."""
    rows: list[tuple[str, ...]] = []
    for count, rate in ((10, 20.0), (100, 20.0), (1000, 10.0), (5000, 2.0)):
        with servers.site(300, 1) as site, site.serve() as served:
            rounds = play(_plan(size, site, sockets=count, rate=rate), served)
            rows.append((f"{count:,}", f"{rate:g}", *_costs(rounds)))
    table("Followers of one topic", ("followers", "messages/s", *COSTS), rows)


def _unread(size: Size) -> None:
    """Sockets that follow their member's own topic too, as pages do, and so get unread counts."""
    rows: list[tuple[str, ...]] = []
    for unread in (0, 2000, 20_000):
        with servers.site(500, 1) as site:
            if unread:
                site.run("-m", "benchmarks.filling", "say", site.topics[0], str(unread))
            with site.serve() as served:
                plan = _plan(size, site, sockets=500, rate=5, dialect="ports, own topic too")
                rows.append((f"{unread:,}", *_costs(play(plan, served))))
    table(
        "Messages that each of 500 members has not read, 5 messages a second",
        ("unread", *COSTS),
        rows,
    )


def _log(size: Size) -> None:
    """A room with a long past: writing, resuming and a snapshot beside a room without one."""
    rows: list[tuple[str, ...]] = []
    lengths = (2000, 1_000_000, 10_000_000) if size.is_full else (2000, 1_000_000)
    with servers.production() as production:
        postgres = {"DATABASE_URL": production["DATABASE_URL"]}
        head = 0
        with servers.site(50, 1, env=postgres) as site:
            for length in lengths:
                head = int(
                    site.run("-m", "benchmarks.filling", "log", site.topics[0], str(length - head))
                )
                with site.serve() as served:
                    written = play(
                        _plan(size, site, kind="writes", sockets=50, in_flight=1), served
                    )
                    storm = _plan(size, site, kind="storm", sockets=200, since=head - 50)
                    back = play(storm | {"seconds": 60}, served)
                head = int(site.run("-m", "benchmarks.filling", "log", site.topics[0], "0"))
                rows.append(
                    (
                        f"{length:,}",
                        figure((each.seen["acked_per_s"] for each in written), 0),
                        figure(each.seen["ack_ms"]["p50"] for each in written),
                        figure(median([each.seen["served_ms"]["p50"]]) for each in back),
                        figure(each.seen["served_ms"]["max"] for each in back),
                    )
                )
    table(
        "Events in the log of one room, PostgreSQL",
        ("events", "acknowledged/s", "ack p50 ms", "200 come back: p50 ms", "last ms"),
        rows,
    )
