"""Searches over many messages on PostgreSQL, by kind of search."""

import json

from benchmarks import servers
from benchmarks.tables import Size, table

SEARCHES = 40


def run(size: Size) -> None:
    """100,000 messages; a million at full size."""
    messages = 1_000_000 if size.is_full else 100_000
    with servers.production() as production:
        postgres = {"DATABASE_URL": production["DATABASE_URL"]}
        with servers.site(1, 1, env=postgres) as site:
            said = site.run("-m", "benchmarks.searching", str(messages), str(SEARCHES))
    measured = json.loads(said.splitlines()[-1])
    rows = [(kind, *_figures(took)) for kind, took in measured["took_ms"].items()]
    every = [each for took in measured["took_ms"].values() for each in took]
    table(
        f"Searching {messages:,} messages on PostgreSQL, milliseconds of server time",
        ("search", "p50", "p95", "slowest"),
        [*rows, ("all together", *_figures(every))],
    )
    print(f"\nFilled and indexed in {measured['fill_s']:.0f} s.")


def _figures(took: list[float]) -> tuple[str, str, str]:
    ordered = sorted(took)
    places = (len(ordered) // 2, int(len(ordered) * 0.95), len(ordered) - 1)
    low, high, most = (f"{ordered[min(at, len(ordered) - 1)]:.1f}" for at in places)
    return low, high, most
