"""``python -m tests.services.crowd``: what a browser's test needs that nobody does at a page.

``people CHANNEL NUMBER`` puts so many new members into a channel, without an event: they were there
before anybody looked. ``preview MESSAGE TITLE`` shows a preview of its link under a message, as the
job does that fetched the page; a test has no network.
"""

import os
import sys

import django


def main() -> None:
    """Do it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    {"people": _people, "preview": _preview}[sys.argv[1]](int(sys.argv[2]), sys.argv[3])


def _people(channel: int, number: str) -> None:
    from chat.models import Membership
    from members.models import Member

    first = Member.objects.count() + 1
    crowd = Member.objects.bulk_create(
        Member(email=f"crowd-{n}@example.org", name=f"Of the crowd {n}", country="EE")
        for n in range(first, first + int(number))
    )
    Membership.objects.bulk_create(
        Membership(channel_id=channel, member=member) for member in crowd
    )


def _preview(message: int, title: str) -> None:
    from chat.actions.previews import plan_previews, show_preview
    from chat.models import Preview
    from files.linkcards import LinkCard
    from live.units import unit

    plan_previews([message])
    preview = Preview.objects.get(message=message)
    with unit():
        show_preview(preview=preview, card=LinkCard(title, "", "Harbour", ""))


if __name__ == "__main__":
    main()
