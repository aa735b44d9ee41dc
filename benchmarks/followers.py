"""Posting to 1,000 followers of whom 990 are offline: the write, and the unread counts kept.

Inside of one process: messages go through ``live.performing.perform``, one at a time, as REST does;
then the counts are computed as the hub computes them, once a second for those who are online, when
all have the same number of messages unread. Counting is compared with counting the messages
themselves, which was the way before messages had a number in their channel.
``python -m benchmarks.followers`` fills the site that the environment names and prints the
figures as JSON; ``run`` has it done on both databases.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

from benchmarks import servers
from benchmarks.tables import Size, figure, table

FOLLOWERS = 1_000
ONLINE = 10
POSTS = 100
BACKLOGS = (0, 1_000, 20_000)
AT_ONCE = 2_000
AUTHORS = 50


def run(size: Size) -> None:
    """Print a table per database."""
    for database, found in servers.on_both("benchmarks.followers", str(size.rounds)):
        _print(database, found)


def _print(database: str, found: list[dict[str, Any]]) -> None:
    names = ("unread each", "post ms", "counts of 10 ms", "of 500 ms", "of 10, one by one ms")
    keys = ("post", "few", "many", "before")
    rows = [(f"{row['unread']:,}", *(figure(row[key]) for key in keys)) for row in found]
    table(f"{FOLLOWERS:,} followers, {ONLINE} online, {database}", names, rows)


def timed(work: Callable[[], object], rounds: int, times: int = 1) -> list[float]:
    """Milliseconds of CPU and waiting that one piece of work took, in each round."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - begun) * 1000 / times)
    return found


def measure(rounds: int) -> list[dict[str, Any]]:
    """Fill a room step by step, and measure at each backlog."""
    from django.db import connection
    from django.db.models import Count, F, Q

    from chat.actions.channels import create_channel
    from chat.events import PostMessage
    from chat.models import Membership, Message
    from chat.queries.reading import unread_by_member
    from live.models import Topic
    from live.performing import perform
    from live.units import unit
    from members.models import Member

    people = Member.objects.bulk_create(
        Member(email=f"follower{number}@demo.example", name=f"Follower {number}", country="EE")
        for number in range(FOLLOWERS)
    )
    with unit():
        channel: Any = create_channel(
            actor=people[0], name="Many", purpose="", is_public=True
        ).subject
    Membership.objects.bulk_create(Membership(channel=channel, member=each) for each in people[1:])
    ids = [each.pk for each in people[1:]]

    def post() -> None:
        data = PostMessage(text="Tere! Ink and paper.")
        perform(actor=people[0], cmd="message.post", topic=channel.topic, data=data)

    def one_by_one() -> int:
        beyond = Q(channel__messages__seq__gt=F("read_seq"), channel__messages__deleted_at=None)
        beyond &= ~Q(channel__messages__author=F("member"))
        rows = Membership.objects.filter(member_id__in=ids[:ONLINE])
        return len(rows.annotate(n=Count("channel__messages", filter=beyond)).values_list("n"))

    found, said = [], 0
    for backlog in BACKLOGS:
        topic = Topic.objects.get(name=channel.topic)
        last = Message.objects.filter(channel=channel).order_by("-seq").first()
        nth = last.nth if last else 0
        missing = backlog - said
        for start in range(0, max(missing, 0), AT_ONCE):
            Message.objects.bulk_create(
                Message(
                    channel=channel, author=people[-1 - number % AUTHORS],
                    text="x", html="<p>x</p>",
                    seq=topic.seq + number + 1, nth=nth + number + 1,
                )
                for number in range(start, min(start + AT_ONCE, missing))
            )  # fmt: skip
        Topic.objects.filter(pk=topic.pk).update(seq=topic.seq + max(missing, 0))
        with connection.cursor() as cursor:
            # As autovacuum does of itself within a minute: the rows came faster than in life.
            cursor.execute("ANALYZE")
        said = max(said, backlog)
        found.append(
            {
                "unread": said,
                "post": timed(post, rounds, POSTS),
                "few": timed(lambda: unread_by_member(ids[:ONLINE]), rounds, 20),
                "many": timed(lambda: unread_by_member(ids[:500]), rounds, 3),
                "before": timed(one_by_one, rounds),
            }
        )
        said += POSTS * rounds
        unread = unread_by_member(ids[:1])[ids[0]][channel.topic]
        assert unread == said, (unread, said)
    return found


def main() -> None:
    """Fill, measure, print JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    from django.conf import settings

    settings.LIVE = {"writes_per_s": 1_000_000, "burst": 1_000_000}
    print(json.dumps(measure(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
