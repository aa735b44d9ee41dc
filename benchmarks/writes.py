"""Fifty senders in ten rooms: acknowledged writes per second, and how long an answer takes.

Every sender follows its room and keeps a message or several unanswered. Databases are durable
(SQLite with ``synchronous=FULL``, PostgreSQL with ``fsync`` and ``synchronous_commit``). The rate
limits are lifted and the log is at ``warning``, but where a row says else.
"""

from contextlib import ExitStack
from typing import Any

from benchmarks import servers
from benchmarks.servers import Round, play
from benchmarks.tables import Size, figure, table

SENDERS = 50
ROOMS = 10


def _measure(size: Size, in_flight: int, *, server: str = "uvicorn", **env: str) -> list[Round]:
    plan: dict[str, Any] = {
        "kind": "writes",
        "dialect": "ports",
        "sockets": SENDERS,
        "in_flight": in_flight,
        "seconds": size.seconds,
        "rounds": size.rounds,
    }
    with servers.site(SENDERS, ROOMS, env=env) as site, site.serve(server) as served:
        return play(plan | {"tokens": site.tokens, "topics": site.topics}, served)


def run(size: Size) -> None:
    """Measure and print."""
    measured: dict[str, list[Round]] = {}
    with ExitStack() as stack:
        production = stack.enter_context(servers.production())
        postgres = {"DATABASE_URL": production["DATABASE_URL"]}
        measured["SQLite"] = _measure(size, 1)
        measured["SQLite, 2 unanswered each"] = _measure(size, 2)
        measured["SQLite, a log line per command"] = _measure(size, 1, LOG_LEVEL="info")
        measured["SQLite, Daphne"] = _measure(size, 1, server="daphne")
        measured["PostgreSQL"] = _measure(size, 1, **postgres)
    with servers.production() as production:
        postgres = {"DATABASE_URL": production["DATABASE_URL"]}
        measured["PostgreSQL, 2 unanswered each"] = _measure(size, 2, **postgres)
    table(
        f"{SENDERS} senders in {ROOMS} rooms, one unanswered message each",
        ("database", "acknowledged/s", "ack p50 ms", "ack p99 ms", "server CPU µs per write",
         "lost or unanswered"),
        [
            (
                name,
                figure((each.seen["acked_per_s"] for each in rounds), 0),
                figure(each.seen["ack_ms"]["p50"] for each in rounds),
                figure(each.seen["ack_ms"]["p99"] for each in rounds),
                figure(
                    (each.cpu_us_a_delivery * SENDERS / ROOMS for each in rounds), 0
                ),
                sum(each.seen["lost"] + each.seen["unacked"] for each in rounds),
            )
            for name, rounds in measured.items()
        ],
    )  # fmt: skip
