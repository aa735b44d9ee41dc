"""What is broken, how often, and how soon it must be well again: the table of faults.

Durations are short unless SOAK=1, which ``make soak`` sets.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

import psycopg

from tests.faults.client import Client
from tests.faults.relay import Pipe, Relay
from tests.faults.run import Run, sockets_stayed_open
from tests.services import Postgres, ServerProcess

IS_SOAK = os.environ.get("SOAK") == "1"
KILLED_S, RESTARTED_S, DATABASE_S, STORM_S, BROKEN_S = 5, 10, 10, 15, 5
SIGNED_OUT_S = 2.0
SLOW, FLOODERS, LEAVERS = 20, 5, 24 if IS_SOAK else 6
STALL_S = 38.0
COMMIT_US = 100_000


def by(short: float, long: float) -> float:
    """A duration in seconds: short as a rule, long in a soak."""
    return long if IS_SOAK else short


@dataclass(frozen=True)
class Fault:
    """One row of the table.

    Attributes:
        breaks: What happens while the load is on.
        seconds: How long the load lasts.
        proof: What must have been counted, or nothing was broken at all.
        extras: Kinds of clients that take part beside the readers.
    """

    breaks: Callable[[Run], Awaitable[None]]
    seconds: float
    proof: tuple[str, ...]
    extras: tuple[str, ...] = ()
    clients: int = 200
    rate: int = 50

    def __str__(self) -> str:
        return str(getattr(self.breaks, "__name__", self.breaks))


# Processes


async def kill_processes(run: Run) -> None:
    """One process after the other dies without a word and is started again."""
    for server in _in_turn(run):
        await asyncio.sleep(random.uniform(0, 1))
        since = monotonic()
        server.kill()
        run.counts["kills"] += 1
        await run.recovered("after kill -9", KILLED_S, since)
        await asyncio.to_thread(server.start)
        await run.rest(since + by(6, 15) - monotonic())


async def restart_processes(run: Run) -> None:
    """One process after the other ends as asked: ``bye``, 1012, exit code 0, within 10 s."""
    for server in _in_turn(run):
        since = monotonic()
        served = [c for c in run.readers if c.follows and c.port == server.port]
        server.terminate()
        code = await asyncio.to_thread(server.wait, 20)
        run.took("end after SIGTERM", monotonic() - since, 10)
        run.counts["restarts"] += 1
        if code:
            run.broke(f"{server.kind} ended with {code}: {server.text()[-500:]}")
        await asyncio.sleep(0.2)
        told = [c for c in served if c.said_bye_at > since and c.last_code == 1012]
        if len(told) < len(served):
            run.broke(f"{server.kind}: {len(told)} of {len(served)} heard bye and 1012")
        await asyncio.to_thread(server.start)
        await run.recovered("after SIGTERM", RESTARTED_S, since)
        await run.rest(since + by(8, 15) - monotonic())


async def kill_in_mid_write(run: Run) -> None:
    """The only process dies while writes are under way, and is started again."""
    (server,) = run.cluster.servers
    while run.is_loading:
        await asyncio.sleep(random.uniform(0.5, 2))
        while run.is_loading:
            if any(client.outbox for client in run.clients):
                break
            await asyncio.sleep(0)
        server.kill()
        run.counts["kills"] += 1
        run.counts["writes under way"] += sum(len(c.outbox) for c in run.clients)
        await asyncio.to_thread(server.start)
        await run.recovered("after its start", KILLED_S, monotonic())


# Redis


async def lose_redis(run: Run) -> None:
    """Redis is emptied, dies, is away, hangs; no socket is lost, nothing waits for it."""
    redis = run.cluster.redis
    away_s = by(2, 30)
    while run.is_loading:
        for name, breaks, mends in (
            ("FLUSHALL", redis.flush, redis.start),
            ("Redis killed", redis.kill, redis.start),
            ("Redis hangs", redis.freeze, redis.thaw),
        ):
            since = monotonic()
            await asyncio.to_thread(breaks)
            run.counts[name] += 1
            await run.recovered(f"while {name}", BROKEN_S, since)
            await run.rest(since + away_s - monotonic())
            since = monotonic()
            await asyncio.to_thread(mends)
            await run.recovered(f"after {name}", BROKEN_S, since)
            if not run.is_loading:
                break
    sockets_stayed_open(run)


# PostgreSQL


async def lose_postgres(run: Run) -> None:
    """PostgreSQL crashes amid commits and comes back at once; then it is away for longer.

    No socket is lost, and nobody saw what was not committed after all.
    """
    postgres = run.cluster.postgres
    for away_s in (0.0, by(5, 20)):
        _delay_commits(postgres, COMMIT_US)
        await run.rest(1)
        await asyncio.to_thread(postgres.stop, signal.SIGQUIT)
        await asyncio.sleep(away_s)
        await asyncio.to_thread(postgres.start)
        _delay_commits(postgres, 0)
        run.counts["PostgreSQL restarts"] += 1
        await run.recovered("after PostgreSQL", DATABASE_S, monotonic())
        await asyncio.sleep(by(2, 10))
    sockets_stayed_open(run)


def _delay_commits(postgres: Postgres, microseconds: int) -> None:
    """Let every commit take so long, so that a crash comes amid one."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET commit_delay = {microseconds}")
        connection.execute("ALTER SYSTEM SET commit_siblings = 0")
        connection.execute("SELECT pg_reload_conf()")


# The network


async def lose_connections(run: Run) -> None:
    """Connections are cut at random, and with every third acknowledgement that passes."""
    async with _relays(run) as relays:
        for relay in relays:
            relay.swallows = True
        while run.is_loading:
            await asyncio.sleep(0.1)
            for pipe in _pipes(relays):
                if random.random() < 0.02:
                    pipe.cut()
                    run.counts["cuts"] += 1
        for relay in relays:
            relay.swallows = False
            run.counts["lost acknowledgements"] += relay.swallowed


async def black_hole(run: Run) -> None:
    """Half of the connections stand still for 10 s; then half of these go on, half are cut."""
    async with _relays(run) as relays:
        await run.until(lambda: len(_pipes(relays)) >= len(run.clients), 20, "all relayed")
        while run.is_loading:
            pipes = _pipes(relays)
            held = random.sample(pipes, len(pipes) // 2)
            for pipe in held:
                pipe.hold()
            run.counts["held connections"] += len(held)
            await asyncio.sleep(10)
            for place, pipe in enumerate(held):
                if place % 2:
                    pipe.release()
                else:
                    pipe.cut()
            await run.recovered("after the black hole", BROKEN_S, monotonic())
            await run.rest(10)


async def storm(run: Run) -> None:
    """All 1,000 clients lose their connection within 2 s and come back at once."""
    for _ in range(int(by(1, 3))):
        since = monotonic()
        for place, client in enumerate(run.readers):
            if client.wire is not None:
                client.is_hurried = True
                client.wire.cut()
                run.counts["reconnects"] += 1
            if place % 20 == 19:
                await asyncio.sleep(max(0.0, since + 2 * place / len(run.readers) - monotonic()))
        await run.recovered("after the storm", STORM_S, monotonic())
        await asyncio.sleep(by(1, 10))


# People


async def stall_and_flood(run: Run) -> None:
    """Some readers stop reading and are cut off; some write without end and are held back."""
    slow, flooders = run.of("slow"), run.of("flooder")
    since = monotonic()
    for client in slow:
        client.hear(on=False)
    flooding = asyncio.create_task(_flood(run, flooders, since))
    while run.is_loading and monotonic() < since + by(STALL_S, 90):
        await run.recovered("beside stalled readers", BROKEN_S, monotonic())
        await asyncio.sleep(2)
    stalled_s = monotonic() - since
    for client in slow:
        client.hear(on=True)
    # Only whoever reads notices that the connection was reset.
    await run.until(lambda: all(c.cuts for c in slow), 5, f"cut off after {stalled_s:.0f} s")
    await flooding
    sockets_stayed_open(run)


async def _flood(run: Run, flooders: list[Client], since: float) -> None:
    while run.is_loading:
        for client in flooders:
            if client.follows and len(client.outbox) < 100:
                for _ in range(10):
                    run.write(client)
        await asyncio.sleep(0.05)
    spent = monotonic() - since
    for client in flooders:
        accepted = sum(1 for write in run.acks if write.client is client)
        # Each process has an allowance of its own: 10 a second and 30 at once.
        allowed = len(run.cluster.servers) * (10 * spent + 30)
        run.counts["accepted from flooders"] += accepted
        if accepted > allowed:
            run.broke(f"{client}: {accepted} writes accepted in {spent:.0f} s")


async def leave(run: Run) -> None:
    """Members are removed and let in again, others signed out, while Redis hangs."""
    leavers = run.of("leaver")
    removed, signed_out = leavers[: LEAVERS // 2], leavers[LEAVERS // 2 :]
    redis, owner = run.cluster.redis, run.cluster.owner
    redis.freeze()
    try:
        for stays, goes in zip(removed, signed_out, strict=True):
            data = {"member": stays.account.id}
            ok = await run.cluster.command(owner, "member.remove", run.topic, **data)
            run.removals.append((stays, ok["seq"]))
            run.counts["removals"] += 1
            out_s = await run.until(lambda: stays.is_out, 10, f"{stays} is told")  # noqa: B023
            run.took("removal", out_s, BROKEN_S)
            if await run.status_of_log(stays.account) != 404:
                run.broke(f"{stays}: the log is open to it")
            await asyncio.to_thread(
                run.cluster.site.manage, "token", "--revoke", goes.account.token
            )
            over_s = await run.until(lambda: goes.over, 10, f"{goes} is signed out")  # noqa: B023
            run.counts["sign-outs"] += 1
            run.took("sign-out", over_s, SIGNED_OUT_S)
            if goes.over not in {"closed 4401", "refused 403"}:
                run.broke(f"{goes}: {goes.over}")
            await run.cluster.command(owner, "member.add", run.topic, **data)
            stays.come_back()
            await run.until(lambda: stays.follows, 10, f"{stays} is in again")  # noqa: B023
    finally:
        redis.thaw()
    sockets_stayed_open(run)


def _in_turn(run: Run) -> Iterator[ServerProcess]:
    """One process after the other as long as the load is on."""
    place = 0
    while run.is_loading:
        yield run.cluster.servers[place % len(run.cluster.servers)]
        place += 1


def _pipes(relays: list[Relay]) -> list[Pipe]:
    return [pipe for relay in relays for pipe in relay.pipes]


@asynccontextmanager
async def _relays(run: Run) -> AsyncIterator[list[Relay]]:
    """Everybody comes back through a relay in front of each process, and leaves them at the end."""
    relays = [Relay(port) for port in run.ports]
    for relay in relays:
        await relay.start()
    try:
        run.reach([relay.port for relay in relays])
        yield relays
    finally:
        run.reach(run.ports)
        for relay in relays:
            relay.stop()


EXTRAS = {"slow": (SLOW, 10), "flooder": (FLOODERS, 1), "leaver": (LEAVERS, 1)}
REDIS_LOST = Fault(lose_redis, by(16, 150), ("FLUSHALL", "Redis killed", "Redis hangs"))
MID_WRITE = Fault(kill_in_mid_write, by(10, 60), ("kills",), clients=40, rate=100)
FAULTS = (
    Fault(kill_processes, by(14, 120), ("kills",)),
    Fault(restart_processes, by(14, 90), ("restarts",)),
    REDIS_LOST,
    Fault(lose_postgres, by(16, 70), ("PostgreSQL restarts",)),
    Fault(lose_connections, by(10, 90), ("cuts", "lost acknowledgements")),
    Fault(black_hole, by(17, 60), ("held connections",)),
    Fault(storm, by(8, 60), ("reconnects",), clients=1000, rate=5),
    Fault(
        stall_and_flood,
        by(STALL_S + 5, 100),
        ("accepted from flooders", "slow closed with 1006"),
        extras=("slow", "flooder"),
    ),
    Fault(leave, by(14, 60), ("removals", "sign-outs"), extras=("leaver",)),
)
