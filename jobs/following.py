"""Work on what happens: a follower reads the log in order, in batches, behind the writes.

The write itself pays nothing: a follower compares the heads of topics with its own cursors, about
every second and in one query. A topic's places are given in commit order without a gap, so nothing
is passed over. Cursors move in the transaction of the follower's work: after a crash a batch comes
again whole, or is done. Where old events were trimmed away, the follower is told of the gap.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q

from base.ids import split_topic
from jobs.models import Cursor, Follower
from jobs.periodic import periodic
from live.models import Event, Topic

EVERY: Final = timedelta(seconds=1)
LEASE: Final = timedelta(minutes=2)
AT_ONCE: Final = 200
"""Events of one transaction: on SQLite nobody else writes meanwhile."""
TOPICS_AT_ONCE: Final = 50
BUDGET_S: Final = 0.4
"""A run ends after about so long; what is left waits for the next, so writers keep their share."""


@dataclass(frozen=True, slots=True)
class Change:
    """One event as followers see it: what happened, not what it shows.

    Attributes:
        topic: Name of the topic; ``number`` is the id in it.
        subject: Id of the row that the event is about.
        by: Id of the member who acted; None for the system.
        data: What the event's row says beyond its subject.
    """

    topic: str
    number: int
    seq: int
    event: str
    subject: int | None
    at: datetime
    by: int | None
    data: dict[str, Any]


Handle = Callable[[Sequence[Change]], None]


@dataclass(frozen=True)
class _Follower:
    name: str
    kinds: tuple[str, ...]
    events: frozenset[str]
    from_now: bool
    handle: Handle
    on_gap: Callable[[str], None] | None

    def has_news(self) -> bool:
        """Whether a topic has grown, or the follower has yet to begin. One query."""
        sql, values = self._behind()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT EXISTS (SELECT 1 FROM jobs_follower WHERE name = %s), EXISTS ({sql})",  # noqa: S608 - marks alone
                [self.name, *values],
            )
            has_begun, is_behind = cursor.fetchone() or (False, False)
        return not has_begun or bool(is_behind)

    def run(self) -> None:
        """Deal with what is new, for a while."""
        started = time.monotonic()
        if not Follower.objects.filter(pk=self.name).exists():
            self._begin()
        while time.monotonic() - started < BUDGET_S and self._step():
            pass

    def _behind(self) -> tuple[str, list[Any]]:
        kinds = " OR ".join(["topic.name LIKE %s"] * len(self.kinds))
        sql = f"""
            SELECT topic.id, topic.name, topic.seq, topic.first_seq, COALESCE(place.seq, 0)
            FROM live_topic AS topic
            LEFT JOIN jobs_cursor AS place
                ON place.topic_id = topic.id AND place.follower_id = %s
            WHERE ({kinds}) AND topic.seq > COALESCE(place.seq, 0)
        """  # noqa: S608 - marks alone
        return sql, [self.name, *(f"{kind}:%" for kind in self.kinds)]

    def _begin(self) -> None:
        with transaction.atomic():
            _, is_new = Follower.objects.get_or_create(pk=self.name)
            if is_new and self.from_now:
                wanted = Q()
                for kind in self.kinds:
                    wanted |= Q(name__startswith=f"{kind}:")
                heads = Topic.objects.filter(wanted).values_list("id", "seq")
                Cursor.objects.bulk_create(
                    [Cursor(follower_id=self.name, topic_id=pk, seq=seq) for pk, seq in heads],
                    batch_size=1000,
                )

    def _step(self) -> bool:
        """One batch in one transaction; False if there was nothing."""
        sql, values = self._behind()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"{sql} ORDER BY topic.id LIMIT {TOPICS_AT_ONCE}", values)
                behind = cursor.fetchall()
            if not behind:
                return False
            places, wanted, names = [], Q(), {}
            room = AT_ONCE
            for topic_id, name, head, first, done in behind:
                if room <= 0:
                    break
                if first > done + 1 and done + 1 <= head and self.on_gap is not None:
                    self.on_gap(name)
                until = min(head, max(done, first - 1) + room)
                room -= until - done
                names[topic_id] = name
                wanted |= Q(topic_id=topic_id, seq__gt=done, seq__lte=until)
                places.append(Cursor(follower_id=self.name, topic_id=topic_id, seq=until))
            events = Event.objects.filter(wanted, event__in=self.events)
            changes = [_change(names[row.topic_id], row) for row in events.order_by("topic", "seq")]
            if changes:
                self.handle(changes)
            Cursor.objects.bulk_create(
                places,
                update_conflicts=True,
                unique_fields=["follower_id", "topic_id"],
                update_fields=["seq"],
            )
        return True


def _change(topic: str, row: Event) -> Change:
    parts = split_topic(topic)
    return Change(
        topic=topic,
        number=parts[1] if parts else 0,
        seq=row.seq,
        event=row.event,
        subject=row.subject,
        at=row.at,
        by=row.by_id,
        data=dict(row.data or {}),
    )


def following(
    *,
    name: str,
    kinds: Collection[str],
    events: Collection[str],
    from_now: bool = False,
    on_gap: Callable[[str], None] | None = None,
) -> Callable[[Handle], Handle]:
    """Have a function called with what happened on all topics of those kinds, in each one's order.

    It runs in a transaction, at most 200 changes at a time, within about two seconds of the write,
    at least once for each: doing the same again must do no harm. It stands in ``tasks.py``.

    Args:
        name: unique and lasting, ``<app>.<what it does>``.
        kinds: kinds of topics, e.g. ``chat``.
        events: names of the events that it is called for; others are passed over.
        from_now: the first run ever begins at the heads, not at the beginning of the log.
        on_gap: called with a topic's name where events were trimmed away unseen.
    """

    def register(handle: Handle) -> Handle:
        follower = _Follower(
            name, tuple(sorted(kinds)), frozenset(events), from_now, handle, on_gap
        )
        periodic(name=name, every=EVERY, lease=LEASE, needed=follower.has_news)(follower.run)
        return handle

    return register
