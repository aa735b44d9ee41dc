"""``python -m benchmarks [names] [--size full]``: load and speed, peers in the same run.

The server is pinned to one core and the load generator to another; everything is on loopback,
bounded, and ends by itself, within a quarter of an hour at the default size. ``SIZE=full`` in the
environment asks for the large sizes too.
"""

import argparse
import os
import platform
import sys
import time
from pathlib import Path

from benchmarks import (
    chat,
    directory,
    followers,
    growth,
    idle,
    matching_speed,
    partners,
    profile,
    room,
    rounds,
    search,
    upload,
    writes,
)
from benchmarks.servers import PEERS, ROOT
from benchmarks.tables import Size

BENCHES = {
    "writes": writes.run,
    "room": room.run,
    "idle": idle.run,
    "growth": growth.run,
    "chat": chat.run,
    "followers": followers.run,
    "search": search.run,
    "upload": upload.run,
    "directory": directory.run,
    "suggestions": matching_speed.run,
    "partners": partners.run,
    "rounds": rounds.run,
}
ON_REQUEST = {"profile": profile.run}


def main() -> None:
    """Run the named benches, or all."""
    known = BENCHES | ON_REQUEST
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"some of: {', '.join(known)}")
    parser.add_argument(
        "--size", choices=("default", "full"), default=os.environ.get("SIZE") or "default"
    )
    parser.add_argument("--rounds", type=int, default=3, help="measured stretches per figure")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - known.keys():
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    if not (PEERS.parent / "node_modules").is_dir():
        parser.error("the peers are missing: make bench installs them")
    size = Size(chosen.rounds, chosen.seconds, chosen.size == "full")
    begun = time.monotonic()
    print(f"{platform.platform()}, {os.cpu_count()} cores, {_processor()}")
    print(f"Python {platform.python_version()}, load before the run {os.getloadavg()[0]:.1f}")
    for name in chosen.names or BENCHES:
        print(f"\n## {name}", flush=True)
        known[name](size)
    print(f"\n{time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f}")


def _processor() -> str:
    """What the kernel calls the processor."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
