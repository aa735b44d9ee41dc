"""Fills a site on PostgreSQL with messages and their index, and searches them.

``python -m benchmarks.searching MESSAGES SEARCHES`` prints JSON: seconds of filling and, by kind of
search, the milliseconds of each. Words are as frequent as in a language (Zipf's law), in seven
languages and two hundred rooms, of which the reader may read most and not all. What is measured is
what the page and REST do: the query language, the search, what twenty results show.
"""

import json
import os
import random
import sys
import time

import django

WORDS = 20_000
TEXT = (
    "(SELECT string_agg(translate(floor(power({words}, random() + 0 * word + 0 * n))::bigint::text,"
    " '0123456789', 'kotamilesu'), ' ') FROM generate_series(2, 14) AS word)"
)
INDEX = """
    INSERT INTO search_entry
        (kind, object_id, place_id, author_id, language, at, has_link, has_file, vector)
    SELECT 'message', id, channel_id, author_id, language, posted_at, id % 20 = 0, false, ts_delete(
        to_tsvector((ARRAY['english', 'german', 'danish', 'finnish', 'swedish', 'russian',
                           'simple'])[id % 7 + 1]::regconfig, text)
        || '_:2' || to_tsvector('simple', text), '_')
    FROM chat_message
"""


def fill(count: int) -> float:
    """Messages of many members in many rooms, and their index; returns seconds."""
    from django.db import connection

    from base.clock import now
    from chat.models import Channel, Membership, Message
    from members.models import Member

    started = time.perf_counter()
    reader = Member.objects.earliest("id")
    authors = Member.objects.bulk_create(
        Member(email=f"author{n}@demo.example", name=f"Author {n}", country="EE")
        for n in range(500)
    )
    # A quarter is private, and the reader is in half of those.
    rooms = Channel.objects.bulk_create(
        Channel(name=f"Room {n}", is_public=n % 4 > 0) for n in range(200)
    )
    own = [room for n, room in enumerate(rooms) if n % 8 == 0]
    Membership.objects.bulk_create(Membership(channel=room, member=reader) for room in own)
    model = Message.objects.create(
        channel=rooms[0], seq=10**9, nth=10**9, author=authors[0], text="", html="", posted_at=now()
    )
    changed = {
        "channel_id": f"{rooms[0].pk} + mod(n, 200)",
        "seq": "n",
        "nth": "n",
        "author_id": f"{authors[0].pk} + mod(n::bigint * 7919, 500)",
        "language": "(ARRAY['en', 'de', 'da', 'fi', 'sv', 'ru', 'et'])[mod(n, 7) + 1]",
        "posted_at": "now() - interval '3 years' + n * (interval '3 years' / %(count)s)",
        "text": TEXT.format(words=WORDS),
        "html": "''",
    }
    fields = Message._meta.concrete_fields  # noqa: SLF001 - Django's documented name
    names = [str(field.column) for field in fields if field.column != "id"]
    values = ", ".join(changed.get(name, f"model.{name}") for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO chat_message ({', '.join(names)}) SELECT {values}"  # noqa: S608 - ours
            " FROM chat_message AS model, generate_series(1, %(count)s) AS n"
            " WHERE model.id = %(model)s",
            {"count": count, "model": model.pk},
        )
        cursor.execute("UPDATE chat_message SET html = '<p>' || text || '</p>'")
        cursor.execute("DROP INDEX search_by_words")
        cursor.execute(INDEX)
        cursor.execute(
            "CREATE INDEX search_by_words ON search_entry USING gin (vector)"
            " WITH (fastupdate = off)"
        )
        cursor.execute("VACUUM ANALYZE chat_message, search_entry, chat_channel, chat_membership")
    return time.perf_counter() - started


def word(place: int) -> str:
    """The word that is so many-th in frequency."""
    return "".join("kotamilesu"[int(digit)] for digit in str(place))


def searches(chance: random.Random) -> dict[str, str]:
    """One search of each kind, with words of a frequency of its own."""
    rare, middle, common = (
        word(chance.randint(*span)) for span in ((3000, 19_999), (100, 3000), (1, 20))
    )
    return {
        "a rare word": rare,
        "a word": middle,
        "a common word": common,
        "two words": f"{middle} {common}",
        "a phrase": f'"{common} {middle}"',
        "a beginning": f"{middle}*",
        "a word without another": f"{middle} -{common}",
        "a word in a room": f'{middle} in:"Room {chance.randint(1, 3)}"',
        "a word of an author": f'{common} from:"Author {chance.randint(0, 499)}"',
        "a word of a month": f"{middle} on:2025-{chance.randint(1, 12):02}",
        "links in a language": "has:link lang:de",
    }


def measure(count: int) -> dict[str, list[float]]:
    """Milliseconds of so many searches of each kind."""
    from members.models import Member
    from search.grammar import parse
    from search.queries import find

    reader = Member.objects.earliest("id")
    chance = random.Random(7)
    took: dict[str, list[float]] = {}
    for _ in range(count):
        for kind, text in searches(chance).items():
            started = time.perf_counter()
            find(reader, parse(text))
            took.setdefault(kind, []).append((time.perf_counter() - started) * 1000)
    return took


def main() -> None:
    """Fill, measure, print."""
    django.setup()
    seconds = fill(int(sys.argv[1]))
    print(json.dumps({"fill_s": seconds, "took_ms": measure(int(sys.argv[2]))}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    main()
