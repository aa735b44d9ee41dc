"""Uploads of 20 MB: how fast they come in, and that the server's memory stays flat."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Self

import httpx
from PIL import Image

from benchmarks import servers
from benchmarks.servers import Served
from benchmarks.tables import Size, figure, table

SIZE = 20 * 1024 * 1024
CHUNK = 1024 * 1024
AT_ONCE = 8
SIDE_PX = 4400


class Peak:
    """The most memory that a process had while this was open, looked at every 10 ms."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._over = Event()
        self._thread = Thread(target=self._watch)
        self.before = served.resident_bytes()
        self.most = self.before

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            self.most = max(self.most, self._served.resident_bytes())

    @property
    def grown_mib(self) -> float:
        """By how much it grew at most."""
        return (self.most - self.before) / 1024**2


def run(size: Size) -> None:
    """Measure and print."""
    rows = []
    with servers.site(AT_ONCE, 1) as site:
        for server in ("uvicorn", "daphne"):
            with site.serve(server) as served:
                base = f"http://127.0.0.1:{served.port}"
                # The first one loads what all need.
                _upload(base, site.tokens[0], os.urandom(SIZE))
                for what, content, at_once in (
                    ("20 MB of bytes", os.urandom(SIZE), 1),
                    (f"20 MB of bytes, {AT_ONCE} at once", os.urandom(SIZE), AT_ONCE),
                    ("a photo of 19 megapixels", _photo(), 1),
                ):
                    rows.append(
                        (
                            f"{server}: {what}",
                            *_measure(served, site.tokens, content, at_once, size),
                        )
                    )
    columns = (
        "upload",
        "MB sent",
        "seconds",
        "MB/s together",
        "memory grew, MiB",
        "CPU s each, painter's too",
    )
    table("uploads in parts of 1 MiB", columns, rows)


def _measure(
    served: Served, tokens: list[str], content: bytes, at_once: int, size: Size
) -> tuple[str, ...]:
    base = f"http://127.0.0.1:{served.port}"
    seconds, grown, cpu = [], [], []
    for _round in range(size.rounds):
        cpu_before, begun = _cpu_s(served), time.monotonic()
        with Peak(served) as peak, ThreadPoolExecutor(at_once) as threads:
            list(threads.map(lambda token: _upload(base, token, content), tokens[:at_once]))
        seconds.append(time.monotonic() - begun)
        grown.append(peak.grown_mib)
        cpu.append((_cpu_s(served) - cpu_before) / at_once)
    megabytes = len(content) / 1024**2
    return (
        f"{megabytes:.1f}",
        figure(seconds, 2),
        figure([megabytes * at_once / each for each in seconds]),
        figure(grown),
        figure(cpu, 2),
    )


def _cpu_s(served: Served) -> float:
    """Seconds of all its threads and children so far, those that ended too."""
    stat = Path(f"/proc/{served.process.pid}/stat").read_text(encoding="ascii")
    ticks = stat.rpartition(")")[2].split()[11:15]
    return sum(int(each) for each in ticks) / os.sysconf("SC_CLK_TCK")


def _upload(base: str, token: str, content: bytes) -> None:
    """One upload from announcing to being thrown away."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{base}/api/v1/files", headers=headers, timeout=120) as client:
        said = client.post("/", json={"name": "a.dat", "size_bytes": len(content)}).json()
        address = f"/{said['id']}/"
        for offset in range(0, len(content), CHUNK):
            part = content[offset : offset + CHUNK]
            told = client.patch(address, content=part, headers={"Upload-Offset": str(offset)})
            told.raise_for_status()
        assert told.json()["state"] == "ready", told.text
        client.delete(address).raise_for_status()


def _photo() -> bytes:
    """A picture that is hard to pack, of less than 20 MB."""
    noise = Image.effect_noise((SIDE_PX, SIDE_PX), 60).convert("RGB")
    buffer = BytesIO()
    noise.save(buffer, "JPEG", quality=85)
    assert buffer.tell() < SIZE
    return buffer.getvalue()
