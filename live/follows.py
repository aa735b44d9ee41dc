"""What a member may follow, and from where: the database's side of ``follow``."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from base.ids import split_topic
from live.log import Head, heads
from live.models import Topic
from live.registry import Reach, load_actors, topic_kinds


@dataclass(frozen=True, slots=True)
class Place:
    """Where a topic's log stands, and what one member has of it."""

    head: Head
    reach: Reach


def places(member_id: int, names: Collection[str], actor: Any = None) -> dict[str, Place]:
    """Those of the topics that the member may read.

    Heads are read before reaches: a loss of access that a reach does not show yet stands later
    in the log than the head that is returned. A constant number of queries per kind of topic,
    and those of loading the member where ``actor`` does not have it already.
    """
    actor = actor or load_actors([member_id]).get(member_id)
    if actor is None or not actor.is_active:
        return {}
    known = heads(names)
    wanted: dict[str, list[int]] = defaultdict(list)
    for name in names:
        parts = split_topic(name)
        if parts is not None and parts[0] in topic_kinds():
            wanted[parts[0]].append(parts[1])
    reaches: dict[str, Reach] = {}
    for kind, ids in wanted.items():
        for number, reach in topic_kinds()[kind].reach(actor, ids).items():
            reaches[f"{kind}:{number}"] = reach
    silent = [name for name in reaches if name not in known]
    if silent:
        # Nothing ever happened there; the tick needs a row to compare with.
        Topic.objects.bulk_create([Topic(name=name) for name in silent], ignore_conflicts=True)
        known |= heads(silent)
    return {name: Place(known[name], reach) for name, reach in reaches.items()}
