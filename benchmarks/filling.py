"""Fills a site's log from outside of its servers.

``python -m benchmarks.filling say TOPIC COUNT`` appends messages through the chat's own actions;
``python -m benchmarks.filling log TOPIC COUNT`` writes rows by the million with two statements of
PostgreSQL. Both print the topic's head.
"""

import os
import sys

import django


def say(topic: str, count: int) -> int:
    """Append messages of one member; returns the head."""
    from benchmarks.load import text_of
    from chat.actions.messages import post_message, words
    from live.log import heads
    from live.units import unit
    from members.models import Member

    author = Member.objects.select_related("organisation").earliest("id")
    for start in range(0, count, 250):
        with unit():
            for number in range(start, min(count, start + 250)):
                said = words(text_of(number))
                post_message(actor=author, channel_id=int(topic.split(":")[1]), said=said)
    return heads([topic])[topic].seq


def log(topic: str, count: int) -> int:
    """Append messages in bulk, each with its event; returns the head."""
    from django.db import connection, transaction

    from live.models import Topic
    from members.models import Member

    row = Topic.objects.get_or_create(name=topic)[0]
    author = Member.objects.earliest("id").pk
    channel = int(topic.split(":")[1])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH said AS (
                INSERT INTO chat_message (channel_id, seq, author_id, text, html, language,
                                          posted_at)
                SELECT %s, n, %s, 'Tere ' || n, '<p>Tere ' || n || '</p>', '', now()
                FROM generate_series(%s + 1, %s + %s) AS n
                RETURNING id, seq
            )
            INSERT INTO live_event (topic_id, seq, event, at, by_id, subject)
            SELECT %s, seq, 'message.posted', now(), %s, id FROM said
            """,
            [channel, author, row.seq, row.seq, count, row.pk, author],
        )
        row.seq += count
        row.save(update_fields=["seq"])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE chat_message, live_event, live_topic")
        # What was filled in is on disk before anything is measured.
        cursor.execute("CHECKPOINT")
    return row.seq


def main() -> None:
    """Fill and print the head."""
    django.setup()
    fill = {"say": say, "log": log}[sys.argv[1]]
    print(fill(sys.argv[2], int(sys.argv[3])))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    main()
