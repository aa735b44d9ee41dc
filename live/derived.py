"""Computed signals such as unread counts: whole after a follow, then at most once a second."""

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import structlog
from django.db import DatabaseError

from base.ids import split_topic
from live.protocol import encode
from live.registry import Derived, topic_kinds
from live.transports import Frame

if TYPE_CHECKING:
    from live.hub import Hub

EVERY_S = 1.0
AT_ONCE = 1000
_logger = structlog.get_logger("live.derived")


class DerivedSignals:
    """Computes the derived signal of every kind that has one, for this process's followers."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._sources: dict[str, set[int]] = defaultdict(set)
        self._wanted: dict[str, set[int]] = defaultdict(set)
        self._shown: dict[str, dict[str, Any]] = defaultdict(dict)
        self._wake = asyncio.Event()

    def changed(self, topic: str) -> None:
        """Something happened in a topic; signals that depend on it are computed again."""
        parts = split_topic(topic)
        if parts is None:
            return
        name, number = parts
        kind = topic_kinds().get(name)
        if kind is not None and kind.derived and topic in self._hub.streams:
            self._wanted[name].add(number)
            self._wake.set()
        if any(each.source == name for k in topic_kinds().values() for each in k.derived):
            self._sources[name].add(number)
            self._wake.set()

    def followed(self, topic: str) -> None:
        """A socket follows the topic: it gets the signals whole, changed or not."""
        self._shown.pop(topic, None)
        parts = split_topic(topic)
        kind = topic_kinds().get(parts[0]) if parts else None
        if parts is not None and kind is not None and kind.derived:
            self._wanted[parts[0]].add(parts[1])
            self._wake.set()

    async def run_forever(self) -> None:
        """At most once a second compute and send what may have changed."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            sources, self._sources = self._sources, defaultdict(set)
            wanted, self._wanted = self._wanted, defaultdict(set)
            try:
                for name, kind in topic_kinds().items():
                    for each in kind.derived:
                        await self._refresh(name, each, wanted[name], sources[each.source])
            except DatabaseError as error:
                _logger.warning("derived signals without database", error=str(error).strip())
            await asyncio.sleep(EVERY_S)

    async def _refresh(
        self, name: str, derived: Derived, wanted: set[int], sources: set[int]
    ) -> None:
        followed = {
            parts[1]
            for topic in self._hub.streams
            if (parts := split_topic(topic)) and parts[0] == name
        }
        concerned = wanted
        if sources and followed:
            concerned = wanted | set(
                await self._hub.readers.run(derived.concerns, sources, followed)
            )
        ids = list(concerned & followed)
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            for number, data in (await self._hub.readers.run(derived.compute, part)).items():
                self._send(f"{name}:{number}", derived.signal, data)

    def _send(self, topic: str, signal: str, data: Any) -> None:
        stream = self._hub.streams.get(topic)
        shown = self._shown[topic]
        if stream is None or (signal in shown and shown[signal] == data):
            return
        shown[signal] = data
        frame = Frame(encode({"topic": topic, "signal": signal, "data": data}))
        for following in stream.followers:
            following.socket.put_signal(frame, (topic, signal, None))
