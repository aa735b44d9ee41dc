"""What topics and commands exist: filled by the apps above, read by every door.

A :class:`TopicKind` says who reaches a topic, what its snapshot holds and how its events are
shown; a :class:`Command` names a write with its typed data. Both are registered once, in
``apps.py``; afterwards the registry does not change.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from base.errors import NotFound, Unknown
from base.ids import split_topic

if TYPE_CHECKING:
    from django.db.models import Model

    from live.models import Event


class Actor(Protocol):
    """A member as the core sees one: an id and whether it may still sign in."""

    pk: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """What one reader has of one topic.

    Attributes:
        can: Names of the commands that this reader may use here now, sorted.
        since: The least ``since`` from which the log may be replayed to this reader; later
            than 0 for whoever was let in again.
    """

    can: tuple[str, ...] = ()
    since: int = 0


class EventData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Base of every event's data: a subclass per event, named by ``tag``."""


@dataclass(frozen=True, slots=True)
class Written:
    """What an action did, as far as its acknowledgement says it.

    Attributes:
        subject: The row that the reply's ``id`` names, which may get its id only at flush.
        topic: The topic that the reply names instead of the command's own.
    """

    subject: "Model | None" = None
    topic: str | None = None


@dataclass(frozen=True)
class Derived:
    """A signal whose data is computed, e.g. the unread counts of ``member:<id>``.

    Sent whole after a follow, and again at most once a second when something changed.

    Attributes:
        signal: Its name.
        source: The kind of topics whose events change it, beside its own; may be empty.
        compute: ids of topics to the data of each, in a constant number of queries.
        concerns: ``(source_ids, ids)`` to those of ``ids`` whose data the sources change.
    """

    signal: str
    source: str
    compute: Callable[[Collection[int]], Mapping[int, Any]]
    concerns: Callable[[Collection[int], Collection[int]], Collection[int]]


@dataclass(frozen=True)
class People:
    """What the core knows of members, filled in by the app that owns them.

    Attributes:
        actors: ids to members as actions take them, in one query.
        cards: ids to what others see of a member: ``{id, name, organisation, country}``.
    """

    actors: Callable[[Collection[int]], Mapping[int, Any]]
    cards: Callable[[Collection[int]], Mapping[int, Mapping[str, Any]]]


@dataclass(frozen=True)
class TopicKind:
    """One kind of topic, e.g. ``chat``.

    Attributes:
        name: What stands before the colon.
        reach: ``(actor, ids)`` to the reach of those ids that the actor may read; ids that
            are missing or hidden are left out. A constant number of queries.
        readers: ``(id, member_ids)`` to the reach of those members who may read the topic.
        snapshot: ``(actor, id)`` to the snapshot's ``data``, JSON values or structs.
        present: ``events`` of one kind of topic to their data as it is now, by position;
            None for what is gone. A constant number of queries.
        events: The data types of the topic's events by event name.
        signals: Names of the signals that clients may send here.
        has_presence: Whether readers see who else is here.
        derived: State that is computed for the topic's readers and sent as signals.
        foresee: ``{(actor, id), …}`` that are about to write, to the facts that their actions
            will ask for, by the keys under which they ask :func:`live.units.remember`. A
            constant number of queries, under the locks of the topics.
    """

    name: str
    reach: Callable[[Any, Collection[int]], Mapping[int, Reach]]
    readers: Callable[[int, Collection[int]], Mapping[int, Reach]]
    snapshot: Callable[[Any, int], Any]
    present: "Callable[[Sequence[Event]], Sequence[Any]]"
    events: Mapping[str, type[EventData]] = field(default_factory=dict)
    signals: Collection[str] = ()
    has_presence: bool = False
    derived: "tuple[Derived, ...]" = ()
    foresee: Callable[[Collection[tuple[Any, int]]], Mapping[Any, Any]] | None = None


@dataclass(frozen=True)
class Command:
    """One write.

    Attributes:
        name: Imperative, e.g. ``message.post``.
        kind: The topic kind it is sent to; empty for a command without a topic.
        data: The struct that its ``data`` must fit.
        run: ``(actor, id, data, key)`` inside a unit; calls the action.
        prepare: Work on the data before any lock is held, e.g. rendering a text. It may take
            long and raise :class:`base.errors.Refusal`; no database.
        is_quick: Whether ``prepare`` takes next to no time for these data.
        concerns: The other topics on which it will say something, asked before any lock is held:
            two who concern each other lock them in one order. A guess, which may be too small.
    """

    name: str
    kind: str
    data: type[msgspec.Struct]
    run: Callable[..., Written | None]
    prepare: Callable[[Any], Any] | None = None
    is_quick: Callable[[Any], bool] | None = None
    concerns: Callable[[Any], Collection[str]] | None = None


_kinds: dict[str, TopicKind] = {}
_people: list[People] = []
_commands: dict[tuple[str, str], Command] = {}


_apart: list[Callable[[Collection[int]], Mapping[int, frozenset[int]]]] = []


def register_topic(kind: TopicKind) -> None:
    """Add a kind of topic; its name is used once."""
    if kind.name in _kinds:
        message = f"topic kind {kind.name} is registered twice"
        raise ValueError(message)
    _kinds[kind.name] = kind


def register_command(command: Command) -> None:
    """Add a command; a name is used once per topic kind."""
    place = (command.kind, command.name)
    if place in _commands:
        message = f"command {command.name} of {command.kind} is registered twice"
        raise ValueError(message)
    _commands[place] = command


def register_people(people: People) -> None:
    """Say how members are loaded; once."""
    if _people:
        message = "people are registered twice"
        raise ValueError(message)
    _people.append(people)


def register_derived(kind: str, derived: Derived) -> None:
    """Give a kind of topic, registered by an app below, a computed signal; a name is used once."""
    others = _kinds[kind].derived
    if derived.signal in {other.signal for other in others}:
        message = f"{kind} has a derived signal {derived.signal} already"
        raise ValueError(message)
    _kinds[kind] = replace(_kinds[kind], derived=(*others, derived))


def register_apart(read: Callable[[Collection[int]], Mapping[int, frozenset[int]]]) -> None:
    """Say who does not see whom here; once.

    Args:
        read: Ids of members to the ids of those who are hidden from each and from whom each is
            hidden; who has none may be left out. A constant number of queries.
    """
    if _apart:
        message = "who is apart is registered twice"
        raise ValueError(message)
    _apart.append(read)


def load_apart(ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Those who are hidden from each of these members; who has none may be left out."""
    return _apart[0](ids) if _apart else {}


def load_actors(ids: Collection[int]) -> Mapping[int, Any]:
    """Members by id as actions take them. One query."""
    return _people[0].actors(ids)


def load_cards(ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """What others see of those members, by id. One query."""
    return _people[0].cards(ids)


def topic_kinds() -> Mapping[str, TopicKind]:
    """All kinds of topics by name."""
    return _kinds


def commands() -> Collection[Command]:
    """All commands."""
    return _commands.values()


def find_topic(name: str) -> tuple[TopicKind, int]:
    """The kind and id that a topic's name says.

    Raises:
        NotFound: no such kind, or not a topic's name.
    """
    parts = split_topic(name)
    if parts is None or parts[0] not in _kinds:
        raise NotFound
    return _kinds[parts[0]], parts[1]


def find_command(name: str, topic: str) -> tuple[Command, int]:
    """The command of that name for that topic, and the topic's id (0 without one).

    Raises:
        NotFound: the topic's kind does not exist.
        Unknown: the kind has no such command.
    """
    if not topic:
        command, number = _commands.get(("", name)), 0
    else:
        kind, number = find_topic(topic)
        command = _commands.get((kind.name, name))
    if command is None:
        raise Unknown
    return command, number


def reach_of(actor: Any, topic: str) -> Reach:
    """What the actor has of the topic.

    Raises:
        NotFound: it does not exist, or the actor may not see it.
    """
    kind, number = find_topic(topic)
    found = kind.reach(actor, [number]).get(number)
    if found is None:
        raise NotFound
    return found
