"""Makes the members, rooms and tokens of a benchmark in an empty database.

``python -m benchmarks.world MEMBERS ROOMS SILENT`` prints them as JSON. Every member is in every
room but the silent ones; all is written in bulk, since it is not its making that is measured.
"""

import json
import os
import sys

import django


def fill(members: int, rooms: int, silent: int = 0) -> dict[str, list[str]]:
    """Tokens of new members, and the topics of new rooms that all of them are in."""
    from chat.models import Channel, Membership
    from live.credentials import create_tokens
    from live.models import Topic
    from members.models import Member, Organisation

    house = Organisation.objects.create(name="Tallinn Business Incubators", country="EE")
    people = Member.objects.bulk_create(
        Member(email=f"bench{n}@demo.example", name=f"Anna {n}", country="EE", organisation=house)
        for n in range(members)
    )
    channels = Channel.objects.bulk_create(Channel(name=f"Bench {n}") for n in range(rooms))
    Membership.objects.bulk_create(
        (Membership(channel=room, member=each) for room in channels for each in people),
        batch_size=1000,
    )
    quiet = Channel.objects.bulk_create(Channel(name=f"Silent {n}") for n in range(silent))
    Topic.objects.bulk_create(Topic(name=room.topic) for room in quiet)
    return {
        "tokens": create_tokens(people, name="bench"),
        "topics": [room.topic for room in [*channels, *quiet]],
    }


def main() -> None:
    """Migrate, fill, print."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(fill(*(int(number) for number in sys.argv[1:4]))))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    main()
