"""A channel of 100,000 messages: what opening it costs the server, in time, bytes and queries.

Asked for inside of the process, middleware, session and template included, as in
``benchmarks.directory``. ``python -m benchmarks.chat`` fills the site that the environment names
and prints the figures as JSON; ``run`` has it done on both databases. Every hundredth message has
a thread, every tenth a reaction, every fiftieth names somebody.
"""

from datetime import timedelta
from typing import Any

from benchmarks import pages, servers
from benchmarks.tables import Size

MESSAGES = 100_000
PEOPLE = 200
AT_ONCE = 2_000
PAGES = {
    "the newest, page": "/chat/{id}/",
    "around one in the middle, page": "/chat/{id}/?message={middle}",
    "a day in the middle, page": "/chat/{id}/?date={day}",
    "a thread, page": "/chat/{id}/t/{root}/",
    "the newest, REST": "/api/v1/channels/{id}/messages/",
    "before one in the middle, REST": "/api/v1/channels/{id}/messages/?before={middle}",
    "snapshot": "/api/v1/topics/chat:{id}/",
}


def run(size: Size) -> None:
    """Print a table per database."""
    for database, found in servers.on_both("benchmarks.chat", str(size.rounds)):
        pages.print_pages(f"A channel of {MESSAGES:,} messages, {database}", found)


def fill() -> tuple[int, dict[str, str]]:
    """Make the channel; the id of a reader, and the addresses by name."""
    from base.clock import now
    from base.text import render
    from chat.actions.channels import create_channel
    from chat.models import Membership, Mention, Message, Reaction
    from live.models import Topic
    from live.units import unit
    from members.models import Member

    people = Member.objects.bulk_create(
        Member(email=f"chat{number}@demo.example", name=f"Reader {number}", country="EE")
        for number in range(PEOPLE)
    )
    with unit():
        channel: Any = create_channel(
            actor=people[0], name="Long", purpose="", is_public=True
        ).subject
    Membership.objects.bulk_create(Membership(channel=channel, member=each) for each in people[1:])
    begun = now() - timedelta(days=400)
    texts = [f"Message about **ink** and paper, number {number}" for number in range(50)]
    htmls = [render(text) for text in texts]
    first = 10
    for start in range(0, MESSAGES, AT_ONCE):
        rows = Message.objects.bulk_create(
            Message(
                channel=channel,
                seq=first + number,
                nth=number + 1,
                author=people[number % PEOPLE],
                text=texts[number % 50],
                html=htmls[number % 50],
                language="en",
                posted_at=begun + timedelta(minutes=5 * number),
            )
            for number in range(start, start + AT_ONCE)
        )
        Reaction.objects.bulk_create(
            Reaction(message=row, member=people[1], emoji="🎭") for row in rows[::10]
        )
        Mention.objects.bulk_create(
            Mention(message=row, kind="member", member=people[2]) for row in rows[::50]
        )
        for row in rows[::100]:
            row.replies, row.replied_at, row.repliers = 3, row.posted_at, [people[3].pk]
        Message.objects.bulk_update(rows[::100], ["replies", "replied_at", "repliers"])
    roots = Message.objects.filter(channel=channel, replies__gt=0).order_by("pk")
    seq = first + MESSAGES
    threads = [(root, place) for root in roots for place in range(3)]
    Message.objects.bulk_create(
        (
            Message(
                channel=channel,
                seq=seq + number,
                nth=MESSAGES,
                author=people[3],
                text=texts[0],
                html=htmls[0],
                thread=root,
                posted_at=root.posted_at,
            )
            for number, (root, _place) in enumerate(threads)
        ),
        batch_size=AT_ONCE,
    )
    Topic.objects.filter(name=channel.topic).update(seq=seq + len(threads))
    middle = Message.objects.filter(channel=channel, thread=None).order_by("pk")[MESSAGES // 2]
    root = roots[len(threads) // 6]
    names = {
        "id": channel.pk,
        "middle": middle.pk,
        "day": middle.posted_at.date().isoformat(),
        "root": root.pk,
    }
    return people[0].pk, {name: page.format(**names) for name, page in PAGES.items()}


if __name__ == "__main__":
    pages.main(fill)
