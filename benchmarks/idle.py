"""Sockets that do nothing, and a thousand that come back at once."""

from typing import Any

from benchmarks import servers
from benchmarks.servers import play
from benchmarks.tables import Size, figure, table

IDLE = 5000
FIRST = 200
STORM = 1000
MISSED = 50
LOG = 1500


def run(size: Size) -> None:
    """Measure and print both."""
    _idle(size)
    _storm(size)


def _idle(size: Size) -> None:
    rows = []
    with servers.site(300, 1) as site:
        for server in ("uvicorn", "daphne"):
            with site.serve(server) as served:
                plan: dict[str, Any] = {
                    "kind": "idle",
                    "dialect": "ports",
                    "sockets": IDLE,
                    "first": FIRST,
                    "seconds": size.seconds,
                    "tokens": site.tokens,
                    "topics": site.topics,
                }
                opening, resting = play(plan, served)
            count = IDLE - FIRST
            rows.append(
                (
                    server,
                    opening.seen["open"],
                    f"{opening.grown_bytes[0] / count / 1024:.1f}",
                    f"{count / opening.seen['opened_s']:.0f}",
                    f"{resting.cpu_s[0] / size.seconds * 100:.1f}",
                )
            )
    table(
        f"{IDLE} idle sockets, each following one room with presence",
        ("server", "open", "KiB each", "opened/s", "CPU at rest, % of a core"),
        rows,
    )


def _storm(size: Size) -> None:
    rows = []
    with servers.site(100, 1) as site:
        head = int(site.run("-m", "benchmarks.filling", "say", site.topics[0], str(LOG)))
        for server in ("uvicorn", "daphne"):
            with site.serve(server) as served:
                plan = {
                    "kind": "storm",
                    "dialect": "ports",
                    "sockets": STORM,
                    "since": head - MISSED,
                    "seconds": 60,
                    "rounds": size.rounds,
                    "tokens": site.tokens,
                    "topics": site.topics,
                }
                rounds = play(plan, served)
            rows.append(
                (
                    server,
                    f"{min(each.seen['served'] for each in rounds)} of {STORM}",
                    figure(each.seen["served_ms"]["p50"] / 1000 for each in rounds),
                    figure(each.seen["served_ms"]["max"] / 1000 for each in rounds),
                    figure(sum(each.cpu_s) / STORM * 1000 for each in rounds),
                    sum(each.seen["broken"] for each in rounds),
                )
            )
    table(
        f"{STORM} connect at once: half resume {MISSED} events, half are told to take a snapshot",
        ("server", "served", "p50 s", "last s", "CPU ms each", "out of order"),
        rows,
    )
