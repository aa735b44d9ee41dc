"""Where the server's time goes: a sampled profile of a room of 1,000 and of a burst of writes.

Not one of the figures, since the sampler takes its share; it names the next bottleneck.
"""

import subprocess
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import servers
from benchmarks.servers import play
from benchmarks.tables import Size, table

WAITS = ("0x", "_worker (", "Writer._work (", "epoll_", "pthread_", "fdatasync")
SHOWN = 24
OPENING_S = 12.0


def run(size: Size) -> None:
    """Profile both and print what holds most of the time."""
    _profile(
        "A room of 1,000, 20 messages a second", size, 100, 1, kind="room", sockets=1000, rate=20
    )
    _profile("50 senders in 10 rooms, SQLite", size, 50, 10, kind="writes", sockets=50, in_flight=1)


def _profile(title: str, size: Size, members: int, rooms: int, **plan: Any) -> None:
    seconds = int(3 * size.seconds)
    with (
        tempfile.TemporaryDirectory(prefix="profile-") as folder,
        servers.site(members, rooms) as site,
        site.serve() as served,
    ):
        path = Path(folder) / "stacks"

        def sample() -> None:
            time.sleep(OPENING_S)
            command = ["py-spy", "record", "--pid", str(served.process.pid), "--native"]
            command += ["--duration", str(seconds), "--format", "raw", "--output", str(path)]
            subprocess.run(command, check=True, capture_output=True)

        sampler = threading.Thread(target=sample)
        sampler.start()
        plan |= {"tokens": site.tokens, "topics": site.topics, "dialect": "ports", "rounds": 1}
        play(plan | {"seconds": seconds + OPENING_S}, served)
        sampler.join()
        stacks = path.read_text(encoding="utf-8").splitlines()
    own: Counter[str] = Counter()
    under: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        names = [frame.rpartition(":")[0] or frame for frame in stack.split(";")]
        # What waits in the kernel or for a lock is no load; libc's futex has no name.
        if not names[-1].startswith(WAITS):
            own[names[-1]] += int(count)
            under.update(dict.fromkeys(names, int(count)))
    total = sum(own.values())
    ours = [name for name, _ in under.most_common() if "(live/" in name or "(chat/" in name]
    rows = [(name, f"{under[name] / total:.0%}", "") for name in ours[:SHOWN]]
    rows += [(name, "", f"{count / total:.0%}") for name, count in own.most_common(SHOWN // 2)]
    table(title, ("function", "with what it calls", "by itself"), rows)
