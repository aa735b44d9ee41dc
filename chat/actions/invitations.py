"""Inviting somebody by an e-mail address without learning whether it is anybody's."""

import secrets
from datetime import timedelta
from typing import Final

from base.clock import now
from chat.actions.keeping import TOKEN_BYTES
from chat.models import Channel, InviteLink, Membership
from chat.vocabulary import INVITATION_NOTICE, Role
from members.access import is_member
from members.models import Member
from moderation.access import apart_from
from notices.actions.telling import tell
from notices.kinds import Draft

LASTS: Final = timedelta(days=14)
INVITED_A_DAY: Final = 50


def find_hidden(email: str) -> int:
    """The number of whoever has this address, 0 where nobody has; for `invite_quietly` alone."""
    found = Member.objects.filter(email=email.lower(), is_active=True)
    return found.values_list("pk", flat=True).first() or 0


def invite_quietly(*, actor: Member, channel: Channel, member_id: int) -> None:
    """Tell a member that they may come into a channel; who invites hears nothing of it.

    A background job calls it. Nothing happens where there is no such member, where they are in the
    channel, were removed from it or are invited already, where one blocks the other, and beyond 50
    invitations a day.
    """
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    if member is None or not is_member(member) or apart_from(actor.pk, [member.pk]):
        return
    at = now()
    mine = InviteLink.objects.exclude(for_member=None).filter(made_by=actor)
    if mine.filter(made_at__gt=at - timedelta(days=1)).count() >= INVITED_A_DAY:
        return
    known = InviteLink.objects.filter(
        channel=channel, for_member=member, revoked_at=None, expires_at__gt=at
    )
    if Membership.objects.filter(channel=channel, member=member).exists() or known.exists():
        return
    link = InviteLink.objects.create(
        channel=channel,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        role=Role.MEMBER,
        made_by=actor,
        made_at=at,
        expires_at=at + LASTS,
        for_member=member,
    )
    tell(
        [
            Draft(
                member_id=member.pk,
                kind=INVITATION_NOTICE,
                key=f"invitation:{link.pk}",
                group=f"invitation:{channel.pk}",
                subject=link.pk,
                at=at,
            )
        ]
    )
