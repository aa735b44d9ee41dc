"""How fast one member's suggestions are found, beside other ways and the memory's own speed.

One thread; time of the processor beside the wall's, since the machine may be busy. The members who
ask are the same in every run, and all of them get a whole list: who speaks but the language of the
own country, as a third of the crowd does, gets none, sooner. Sizes up to 100,000 profiles have
texts; a million, which needs ``SIZE=full``, has none.
"""

import gc
import importlib.util
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.crowd import NOW, crowd
from benchmarks.tables import Size, figure, table
from matchmaking.engine.market import Market
from matchmaking.engine.profiles import Profile
from matchmaking.engine.weights import Settings
from matchmaking.engine.whatif import Ask, exposure_under

TOP = 20
ASKED = 200
PEERS = 10_000
CHANGES = 50
READ = 36
"""Bytes of a row that are read for everybody: two numbers of sets, two texts, stretch and sum."""

WHAT_IF = (3000, 200)
"""Profiles and lists of the organisers' what-if at its largest."""


def run(size: Size) -> None:
    """Print the tables."""
    sizes = [(10_000, 60, 1.0), (100_000, 60, 2.0)]
    if size.is_full:
        sizes.append((1_000_000, 0, 20.0))
    rows = []
    for count, words, target in sizes:
        profiles = list(crowd(count, words=words))
        begun = time.process_time()
        market = Market(profiles)
        built = time.process_time() - begun
        market.suggest(1, TOP, NOW)
        stretches = [_asked(market, count, stretch) for stretch in range(size.rounds)]
        if count == PEERS:
            _beside_peers(market, profiles)
        rows.append(
            (
                f"{count:,}" + ("" if words else ", no texts"),
                target,
                figure((cpu for cpu, _wall, _p95 in stretches), 2),
                figure((wall for _cpu, wall, _p95 in stretches), 2),
                figure((p95 for _cpu, _wall, p95 in stretches), 2),
                round(market.size_bytes / count),
                f"{built:.1f}",
            )
        )
        if words and count == sizes[1][0]:
            _changes(market, profiles)
            _everybody(market, count, size)
        _floor(market, count)
        del market, profiles
        gc.collect()
    _what_if()
    table(
        f"The best {TOP} for one member",
        ("profiles", "at most ms", "CPU ms", "wall ms", "CPU p95 ms", "bytes each", "made in s"),
        rows,
    )


def _asked(market: Market, count: int, stretch: int) -> tuple[float, float, float]:
    """Median of processor and wall, and the 95th percentile, of members spread over all."""
    cpu: list[float] = []
    wall: list[float] = []
    number = 0
    while len(cpu) < (ASKED if count < 1_000_000 else ASKED // 5):
        who = 1 + (number * 7919 + stretch * 104_729) % count
        number += 1
        begun, used = time.perf_counter(), time.thread_time()
        if len(market.suggest(who, TOP, NOW)) == TOP:
            cpu.append((time.thread_time() - used) * 1000)
            wall.append((time.perf_counter() - begun) * 1000)
    return statistics.median(cpu), statistics.median(wall), sorted(cpu)[int(len(cpu) * 0.95)]


def _changes(market: Market, profiles: list[Profile]) -> None:
    """How long after a change it is in the suggestions of another."""
    took = []
    for number in range(CHANGES):
        before, reader = profiles[number * 31], profiles[number * 17 + 5]
        used = time.thread_time()
        market.put(replace(before, offers=before.offers | {"form1"}, renewed=NOW))
        market.suggest(reader.id, TOP, NOW)
        took.append((time.thread_time() - used) * 1000)
    print(
        f"\nA profile changed among {len(profiles):,}, and suggestions of another with it: "
        f"median {statistics.median(took):.1f} ms, slowest {max(took):.1f} ms of processor."
    )


def _everybody(market: Market, count: int, size: Size) -> None:
    """All members' suggestions: all of them at full size, else from every hundredth."""
    step = 1 if size.is_full else 100
    used = time.thread_time()
    for who in range(1, count + 1, step):
        market.suggest(who, TOP, NOW)
    spent = time.thread_time() - used
    how = "all asked" if step == 1 else f"reckoned from every {step}th"
    print(f"\nSuggestions of all {count:,}: {spent * step:.0f} s of processor ({how}).")


def _what_if() -> None:
    """The organisers' what-if at its largest: two settings tried on last month's lists."""
    count, lists = WHAT_IF
    profiles = list(crowd(count))
    asks = [Ask(1 + number * 13, 5, NOW) for number in range(lists)]
    used = time.thread_time()
    for settings in (Settings(), Settings(hub_discount=0.2, newcomer_part=0.3)):
        exposure_under(settings, asks, profiles)
    spent = time.thread_time() - used
    print(
        f"\nWhat-if of {lists} lists among {count:,} profiles, before and after: "
        f"{spent * 1000:.0f} ms of processor."
    )


def _floor(market: Market, count: int) -> None:
    """What reading the columns once takes, had the processor nothing else to do."""
    size = READ * count
    block = np.ones(size // 8, np.float64)
    best = math.inf
    for _ in range(5):
        used = time.thread_time()
        block.sum()
        best = min(best, time.thread_time() - used)
    print(
        f"\nFloor: {count:,} rows of the {READ} bytes that a search reads, summed up once, "
        f"{best * 1000:.2f} ms; {market.size_bytes / 2**20:.0f} MiB are held."
    )


def _beside_peers(market: Market, profiles: list[Profile]) -> None:
    """The same members asked of a loop in Python and of scikit-learn's neighbours."""
    ours = _asked(market, len(profiles), 0)[0]
    found = [("ours", ours, "the whole score with texts and rules")]
    found.append(("Python", _timed(_looped(profiles), 3), "needs, offers, sectors, countries"))
    if importlib.util.find_spec("sklearn"):
        found.append(("scikit-learn", _timed(_neighbours(profiles), 50), "nearest needs, cosine"))
    else:
        print("\nscikit-learn is not installed: its row is left out.")
    table(
        f"Beside others, {len(profiles):,} profiles",
        ("way", "CPU ms", "times ours", "what it knows"),
        [(name, f"{took:.2f}", f"{took / ours:.1f}", what) for name, took, what in found],
    )


def _timed(ask: Callable[[int], object], times: int) -> float:
    spent = []
    for number in range(times):
        # What other threads of a library do counts too.
        used = time.process_time()
        ask(number * 13)
        spent.append((time.process_time() - used) * 1000)
    return statistics.median(spent)


def _looped(profiles: list[Profile]) -> Callable[[int], object]:
    def ask(place: int) -> object:
        mine = profiles[place]
        scores = []
        for theirs in profiles:
            if theirs.country == mine.country or not mine.languages & theirs.languages:
                continue
            if theirs.wanted and mine.country not in theirs.wanted:
                continue
            one = len(mine.needs & theirs.offers)
            two = len(theirs.needs & mine.offers)
            near = len(mine.sectors & theirs.sectors)
            score = 2 * one * two / (one + two) if one + two else 0.0
            scores.append((score + near / 4, theirs.id))
        return sorted(scores, reverse=True)[:TOP]

    return ask


def _neighbours(profiles: list[Profile]) -> Callable[[int], object]:
    from sklearn.neighbors import NearestNeighbors

    codes = sorted({code for each in profiles for code in each.offers | each.needs | each.sectors})
    places = {code: number for number, code in enumerate(codes)}
    held = np.zeros((len(profiles), len(codes)), np.float32)
    for row, each in enumerate(profiles):
        held[row, [places[code] for code in each.offers | each.sectors]] = 1
    index = NearestNeighbors(n_neighbors=TOP, algorithm="brute", metric="cosine", n_jobs=1)
    index.fit(held)

    def ask(place: int) -> object:
        asked = np.zeros((1, len(codes)), np.float32)
        each = profiles[place]
        asked[0, [places[code] for code in each.needs | each.sectors]] = 1
        return index.kneighbors(asked)

    return ask
