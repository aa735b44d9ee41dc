"""What the chat keeps of who is where; a channel is everybody's and stays.

Where the only owner leaves, who moderates takes their place, else who has been there longest.
"""

from collections.abc import Iterator

from django.db.models import Case, Value, When

from base.personal import (
    ANONYMISED,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
    update_all,
)
from chat.models import InviteLink, Membership, Section
from chat.vocabulary import Kind, Role
from live.units import append, unit

OF_THE_CHANNEL = kept("says what a channel is for, and stays with it")


def export(member_id: int) -> Iterator[ExportFile]:
    """The channels that one is in, and the sections of one's list."""
    rows = Membership.objects.inside().filter(member_id=member_id).order_by("pk")
    yield as_json(
        "chat/channels.json",
        rows.values("channel_id", "channel__name", "role", "joined_at").iterator(),
    )
    sections = Section.objects.filter(member_id=member_id).order_by("position", "pk")
    yield as_json("chat/sections.json", sections.values("name", "position"))


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Leave every channel, former ones too, and drop one's own list of them."""
    places = Membership.objects.filter(member_id=member_id).select_related("channel")
    while place := places.order_by("pk").first():
        _leave(place)
        yield
    yield from delete_all(Section.objects.filter(member_id=member_id))
    yield from delete_all(InviteLink.objects.filter(for_member_id=member_id))
    yield from update_all(InviteLink.objects.filter(made_by_id=member_id), made_by=None)


def _leave(place: Membership) -> None:
    from chat.tasks import relist_later

    channel = place.channel
    with unit() as opened:
        opened.lock([channel.topic], make=True)
        was_inside = place.is_inside
        place.delete()
        if not was_inside:
            return
        inside = Membership.objects.inside().filter(channel=channel)
        if place.role == Role.OWNER and not inside.filter(role=Role.OWNER).exists():
            _find_owner(channel.pk)
        append(
            topic=channel.topic,
            event="member.left",
            data={"member": place.member_id, "total": inside.count()},
            out=[place.member_id],
        )
        if channel.kind != Kind.CHANNEL:
            # Who is in a conversation is a part of it, and what it is called.
            append(topic=channel.topic, event="channel.changed", subject=channel)
            relist_later([channel.pk])


def _find_owner(channel_id: int) -> None:
    """Make somebody who stays the owner, if anybody does."""
    first = Case(When(role=Role.MODERATOR, then=Value(0)), default=Value(1))
    heir = (
        Membership.objects.inside()
        .filter(channel_id=channel_id, member__is_active=True)
        .exclude(role=Role.READER)
        .select_related("channel")
        .annotate(turn=first)
        .order_by("turn", "joined_at", "pk")
        .first()
    )
    if heir is not None:
        Membership.objects.filter(pk=heir.pk).update(role=Role.OWNER)
        append(
            topic=heir.channel.topic,
            event="channel.changed",
            subject=heir.channel,
            check=[heir.member_id],
        )


register_holdings(
    Holdings(
        name="chat.channels",
        columns={
            "chat.Channel.name": OF_THE_CHANNEL,
            "chat.Channel.purpose": OF_THE_CHANNEL,
            "chat.Channel.pair": kept("two members by their numbers"),
            "chat.Membership.member": ERASED,
            "chat.Section.member": ERASED,
            "chat.Section.name": ERASED,
            "chat.InviteLink.made_by": ANONYMISED,
            "chat.InviteLink.for_member": ERASED,
            "chat.InviteLink.token": kept("a random link into a room, made for it"),
        },
        export=export,
        erase=erase,
    )
)
