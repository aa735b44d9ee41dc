"""Reads of who is in a channel, which channels name somebody, and the links that lead into one."""

from django.db.models import Case, IntegerField, Max, Q, QuerySet, Value, When

from base.clock import now
from chat.models import Channel, Forward, InviteLink, Membership, Mention, Message
from chat.vocabulary import MAX_ROOMS_RETOLD, Kind, Role
from search.words import fold

_RANKS = {Role.OWNER: 0, Role.MODERATOR: 1, Role.MEMBER: 2, Role.READER: 3}


def people_of(channel: Channel, *, search: str = "", role: str = "") -> QuerySet[Membership]:
    """Who is in a channel, with their organisations: owners first, then by name.

    Args:
        channel: One that the reader was let into.
        search: Each word must stand in the name, or in the organisation's name or town, in
            whatever case, with accents or without.
        role: Only those who have it.
    """
    rank = Case(
        *(When(role=name, then=Value(place)) for name, place in _RANKS.items()),
        default=Value(len(_RANKS)),
        output_field=IntegerField(),
    )
    rows = Membership.objects.inside().filter(channel=channel)
    for word in map(fold, search.split()):
        shown = ~Q(member__card_hides__contains="organisation")
        house = Q(member__organisation__folded__contains=word) & shown
        rows = rows.filter(Q(member__folded__contains=word) | house)
    if role:
        rows = rows.filter(role=role)
    return rows.select_related("member__organisation").order_by(rank, "member__name", "member_id")


def links_of(channel: Channel) -> QuerySet[InviteLink]:
    """The links that let somebody into a channel now, the newest first."""
    rows = InviteLink.objects.filter(
        channel=channel, revoked_at=None, expires_at__gt=now(), for_member=None
    )
    return rows.select_related("made_by").order_by("-id")


def rooms_naming(member_id: int) -> list[int]:
    """Channels where something names a member, those of their latest messages first.

    Where they said something, whose conversations they are in, where they are mentioned or what
    they said is passed on, and what else they are in: at most ``MAX_ROOMS_RETOLD``. Five queries.
    """
    inside = Membership.objects.inside().filter(member=member_id).order_by("-pk")
    own = Message.objects.order_by().filter(author=member_id).values_list("channel")
    places = (
        own.annotate(last=Max("pk")).order_by("-last").values_list("channel", flat=True),
        inside.exclude(channel__kind=Kind.CHANNEL).values_list("channel", flat=True),
        Mention.objects.filter(member=member_id)
        .order_by("-pk")
        .values_list("message__channel", flat=True),
        Forward.objects.filter(author=member_id)
        .order_by("-pk")
        .values_list("message__channel", flat=True),
        inside.filter(channel__kind=Kind.CHANNEL).values_list("channel", flat=True),
    )
    found: dict[int, None] = {}
    for rows in places:
        found |= dict.fromkeys(rows[:MAX_ROOMS_RETOLD])
    return list(found)[:MAX_ROOMS_RETOLD]
