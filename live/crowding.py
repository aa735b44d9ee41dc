"""At most twenty sockets of one member, on all processes together.

Each process tells the others how many sockets its members have and how long the idlest of them
has not written. Best effort, as everything through the channel layer: without it each process
counts its own.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from live.limits import SOCKETS_OF_A_MEMBER

if TYPE_CHECKING:
    from live.hub import Hub
    from live.sockets import Socket

SAY_AGAIN_S = 20.0
LAPSES_S = 50.0


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """A member's sockets elsewhere; ``idle_since`` is when the idlest of them last wrote."""

    count: int
    idle_since: float
    heard_at: float


class Crowding:
    """Closes the member's socket that is longest without a write, when there are too many."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._elsewhere: dict[int, dict[str, _Elsewhere]] = defaultdict(dict)

    def came(self, member: int) -> None:
        """The member has one more socket here."""
        self._tell({member})
        own = self._own(member)
        now = monotonic()
        others = {
            process: told
            for process, told in self._elsewhere.get(member, {}).items()
            if now - told.heard_at < LAPSES_S and told.count
        }
        if len(own) + sum(told.count for told in others.values()) <= SOCKETS_OF_A_MEMBER:
            return
        idlest = min(others, key=lambda process: others[process].idle_since, default=None)
        mine = min(socket.wrote_at for socket in own)
        if idlest is None or mine <= others[idlest].idle_since:
            self.close_idlest(member)
        else:
            self._hub.gossip.tell("crowded", member=member, process=idlest)

    def went(self, member: int) -> None:
        """The member has one socket less here."""
        self._tell({member})

    def close_idlest(self, member: int) -> None:
        """Close the member's local socket that is longest without a write."""
        if own := self._own(member):
            min(own, key=lambda socket: socket.wrote_at).close(4409)

    def heard(self, process: str, told: Mapping[str, tuple[int, float]]) -> None:
        """Another process says what its members have: count and seconds without a write."""
        now = monotonic()
        for member, (count, idle_s) in told.items():
            places = self._elsewhere[int(member)]
            if count:
                places[process] = _Elsewhere(count, now - idle_s, now)
            else:
                places.pop(process, None)
                if not places:
                    del self._elsewhere[int(member)]

    async def run_forever(self) -> None:
        """Say again what is so, and forget what others no longer say."""
        while True:
            await asyncio.sleep(SAY_AGAIN_S)
            self._tell(set(self._hub.by_member))
            limit = monotonic() - LAPSES_S
            for member, places in tuple(self._elsewhere.items()):
                for process, told in tuple(places.items()):
                    if told.heard_at < limit:
                        del places[process]
                if not places:
                    del self._elsewhere[member]

    def _own(self, member: int) -> "list[Socket]":
        return [s for s in self._hub.by_member.get(member, ()) if not s.closing]

    def _tell(self, members: set[int]) -> None:
        now = monotonic()
        told = {}
        for member in members:
            own = self._own(member)
            idle_s = now - min((socket.wrote_at for socket in own), default=now)
            told[str(member)] = (len(own), idle_s)
        if told:
            self._hub.gossip.tell("sockets", members=told)
