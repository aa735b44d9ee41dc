"""Signals between the readers of a topic: typing and the like, and who is present.

Best effort and never in the log. Presence is the union of what each process says of its own
sockets; what a process said lapses when it stops saying it. Members who are kept apart
(``live.registry.register_apart``) are in no presence and send no signal that reaches the other:
each socket knows of whom, so that a signal asks the database nothing.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog
from django.db import DatabaseError

from live import limits
from live.limits import Bucket
from live.protocol import encode
from live.registry import load_apart, load_cards, topic_kinds
from live.scopes import WRITE, allows, area_of_topic
from live.transports import Frame

if TYPE_CHECKING:
    from live.hub import Hub
    from live.sockets import Socket

EVERY_S = 2.0
SHOWN = 50
SAY_AGAIN_S = 20.0
LAPSES_S = 50.0
Card = Mapping[str, Any]
_logger = structlog.get_logger("live.presence")


@dataclass(slots=True)
class _Said:
    """What another process said of one topic: member ids with the cards of the first."""

    at: float
    ids: frozenset[int]
    cards: list[Card]


@dataclass(slots=True)
class _Room:
    """Who is in one topic.

    Attributes:
        here: Sockets by member, of this process.
        cards: What those who may see them see of these members.
        others: What other processes say, by process.
        shown: The last signal's content, to send only what changed.
    """

    here: dict[int, int] = field(default_factory=dict)
    cards: dict[int, Card] = field(default_factory=dict)
    others: dict[str, _Said] = field(default_factory=dict)
    shown: bytes = b""

    def ids(self) -> set[int]:
        """All members who are here, in whatever process."""
        return set(self.here).union(*(said.ids for said in self.others.values()))


class Presence:
    """Who is present in which topic, and the signals that readers send each other."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._rooms: dict[str, _Room] = {}
        self._changed: set[str] = set()

    def came(self, socket: "Socket", topic: str) -> None:
        """A socket follows the topic: it gets the whole presence, others hear of a change."""
        if not _has_presence(topic):
            return
        room = self._rooms.setdefault(topic, _Room())
        member = socket.member_id
        if member not in room.here:
            self._changed.add(topic)
        room.here[member] = room.here.get(member, 0) + 1
        room.cards[member] = socket.card
        self._show_to(socket, topic, room)

    def went(self, socket: "Socket", topic: str) -> None:
        """A socket follows the topic no more."""
        room = self._rooms.get(topic)
        member = socket.member_id
        if room is None or member not in room.here:
            return
        room.here[member] -= 1
        if not room.here[member]:
            del room.here[member], room.cards[member]
            self._changed.add(topic)

    async def part(self, member_ids: Collection[int]) -> None:
        """Look again at what these members are called and at who is hidden from them.

        They are shown who is here anew. Two queries for those who have a socket here, none without
        one.
        """
        ids = [pk for pk in member_ids if pk in self._hub.by_member]
        if not ids:
            return
        try:
            found = await self._hub.readers.run(load_apart, ids)
            cards = await self._hub.readers.run(load_cards, ids)
        except DatabaseError as error:
            # Looked at again with the next sweep.
            _logger.warning("who is apart is not known", error=str(error).strip())
            return
        for pk in ids:
            apart = found.get(pk, frozenset())
            for socket in tuple(self._hub.by_member.get(pk, ())):
                self._name(socket, cards.get(pk, socket.card))
                if socket.apart == apart:
                    continue
                socket.apart = apart
                for topic in socket.followings:
                    if (room := self._rooms.get(topic)) is not None:
                        self._show_to(socket, topic, room)

    def _name(self, socket: "Socket", card: Card) -> None:
        """Show a socket's member by this card from now on."""
        if socket.card == card:
            return
        socket.card = card
        for topic in socket.followings:
            if (room := self._rooms.get(topic)) is not None and socket.member_id in room.cards:
                room.cards[socket.member_id] = card
                self._changed.add(topic)

    def heard(self, process: str, topics: Mapping[str, Mapping[str, Any]]) -> None:
        """Another process says who is present there."""
        for topic, said in topics.items():
            room = self._rooms.setdefault(topic, _Room())
            fresh = _Said(monotonic(), frozenset(said["ids"]), said["cards"])
            before = room.others.get(process)
            room.others[process] = fresh
            if before is None or (before.ids, before.cards) != (fresh.ids, fresh.cards):
                self._changed.add(topic)

    async def run_forever(self) -> None:
        """Every two seconds tell readers and other processes what changed."""
        said_all_at = monotonic()
        while True:
            await asyncio.sleep(EVERY_S)
            changed, self._changed = self._changed, set()
            now = monotonic()
            if now - said_all_at > SAY_AGAIN_S:
                said_all_at = now
                self._lapse(now, changed)
                self._tell({t for t, room in self._rooms.items() if room.here} | changed)
            else:
                self._tell(changed)
            for count, topic in enumerate(changed):
                self._show(topic)
                if count % 20 == 19:  # noqa: PLR2004 - other work gets its turn
                    await asyncio.sleep(0)

    def _lapse(self, now: float, changed: set[str]) -> None:
        for topic, room in tuple(self._rooms.items()):
            for process, said in tuple(room.others.items()):
                if now - said.at > LAPSES_S:
                    del room.others[process]
                    changed.add(topic)
            if not room.here and not room.others:
                del self._rooms[topic]

    def _tell(self, topics: set[str]) -> None:
        said = {}
        for topic in topics:
            room = self._rooms.get(topic)
            if room is not None:
                cards = list(room.cards.values())[:SHOWN]
                said[topic] = {"ids": list(room.here), "cards": cards}
        if said:
            self._hub.gossip.tell("presence", topics=said)

    def _content(self, topic: str, room: _Room, hidden: frozenset[int] = frozenset()) -> bytes:
        ids = room.ids() - hidden
        cards = dict(room.cards)
        for said in room.others.values():
            cards |= {card["id"]: card for card in said.cards}
        members = [cards[pk] for pk in sorted(cards.keys() - hidden)[:SHOWN]]
        data = {"total": len(ids), "members": members}
        return encode({"topic": topic, "signal": "presence", "data": data})

    def _show(self, topic: str) -> None:
        room, stream = self._rooms.get(topic), self._hub.streams.get(topic)
        if room is None or stream is None:
            return
        content = self._content(topic, room)
        if content == room.shown:
            return
        room.shown = content
        frame = Frame(content)
        ids = room.ids()
        for following in stream.followers:
            if not following.socket.apart.isdisjoint(ids):
                self._show_to(following.socket, topic, room)
            else:
                following.socket.put_signal(frame, (topic, "presence", None))

    def _show_to(self, socket: "Socket", topic: str, room: _Room) -> None:
        frame = Frame(self._content(topic, room, socket.apart))
        socket.put_signal(frame, (topic, "presence", None))

    def signal(self, socket: "Socket", topic: str, name: str, data: Mapping[str, Any]) -> None:
        """A client's signal: to everyone else who follows the topic; surplus is dropped."""
        if socket.signals is None:
            socket.signals = Bucket(limits.SIGNALS_PER_S, limits.SIGNALS_PER_S)
        kind = topic_kinds().get(topic.partition(":")[0])
        following = socket.followings.get(topic)
        if following is None or kind is None or name not in kind.signals:
            return
        if not allows(socket.credential.scopes, area_of_topic(kind), WRITE):
            return
        if following.until is not None or not socket.signals.take():
            return
        self.relay(topic, name, socket.member_id, data, not_to=socket)
        self._hub.gossip.tell(
            "signal", topic=topic, signal=name, by=socket.member_id, data=dict(data)
        )

    def relay(
        self,
        topic: str,
        name: str,
        by: int,
        data: Mapping[str, Any],
        *,
        not_to: "Socket | None" = None,
    ) -> None:
        """Send a signal to this process's readers of the topic."""
        stream = self._hub.streams.get(topic)
        if stream is None:
            return
        frame = Frame(encode({"topic": topic, "signal": name, "by": by, "data": data}))
        for following in stream.followers:
            reader = following.socket
            if reader is not not_to and following.until is None and by not in reader.apart:
                reader.put_signal(frame, (topic, name, by))


def _has_presence(topic: str) -> bool:
    kind = topic_kinds().get(topic.partition(":")[0])
    return kind is not None and kind.has_presence
