"""Writes about conversations: beginning one, directly or in a group."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from base.errors import Forbidden, Invalid, NotFound
from chat.access import require_reachable
from chat.actions.channels import described, group_full, let_in
from chat.models import Channel
from chat.rules import pair_of
from chat.vocabulary import MAX_GROUP, Kind, Level, Role
from live.registry import Written
from members.access import is_member, visible_members
from members.models import Member


def start_conversation(*, actor: Member, member_ids: Sequence[int], title: str = "") -> Written:
    """Begin to talk with one other member, or with several as a group.

    Two members have one direct conversation: whoever begins it anew gets the one that there is,
    also when both begin at once, since the pair is unique.

    Raises:
        Forbidden: not a full member; ``chat.unreachable``, a member blocks the other.
        NotFound: one of them is no member whom the actor may see.
        Invalid: nobody was named, or the title is too long.
        Conflict: ``chat.group_full``, more than 19 others.
    """
    if not is_member(actor):
        raise Forbidden
    ids = sorted(set(member_ids) - {actor.pk})
    if not ids:
        raise Invalid(fields={"members": [str(_("Choose somebody to talk to."))]})
    if len(ids) >= MAX_GROUP:
        raise group_full()
    found = visible_members(actor).filter(pk__in=ids).order_by("pk")
    others = [member for member in found if is_member(member)]
    if len(others) != len(ids):
        raise NotFound
    name, _purpose = described(title, "", is_named=False)
    pair = pair_of(actor.pk, ids[0]) if len(ids) == 1 else None
    if pair is not None:
        known = Channel.objects.filter(pair=pair).first()
        if known is not None:
            return Written(known, topic=known.topic)
    require_reachable(actor, ids)
    channel = Channel.objects.create(
        kind=Kind.GROUP if pair is None else Kind.DIRECT,
        pair=pair,
        name=name if pair is None else "",
        is_public=False,
    )
    let_in(actor, channel, [actor, *others], Role.MEMBER, Level.ALL)
    return Written(channel, topic=channel.topic)
