"""The notice of an invitation into a channel, seen by who is invited alone."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.clock import now
from chat.models import InviteLink
from chat.vocabulary import INVITATION_NOTICE
from members.events import Card
from members.queries import member_card
from notices.kinds import Facts, Kind, register_kind
from notices.models import Notice
from notices.vocabulary import Way


def facts_of_invitations(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What invitations show while they let in; one that was used counts as read. One query."""
    rows = InviteLink.objects.select_related("channel", "made_by__organisation").in_bulk(
        {notice.subject for notice in notices}
    )
    found: list[Facts | None] = []
    for notice in notices:
        link = rows.get(notice.subject)
        is_theirs = link is not None and link.for_member_id == notice.member_id
        if link is None or not is_theirs or not link.is_usable(now()) or link.channel.is_archived:
            found.append(None)
            continue
        found.append(
            Facts(
                url=reverse("chat:enter", args=[link.token]),
                actor=Card(**member_card(link.made_by)) if link.made_by else None,
                place=link.channel.name,
                is_seen=link.uses > 0,
            )
        )
    return found


def _say(facts: Sequence[Facts]) -> str:
    newest = facts[0]
    name = newest.actor.name if newest.actor else _("Somebody")
    return _("%(name)s invites you to %(room)s") % {"name": name, "room": newest.place}


def register() -> None:
    """Add the kind."""
    register_kind(
        Kind(
            name=INVITATION_NOTICE,
            label=gettext_lazy("Invitations to rooms"),
            icon="user-plus",
            facts=facts_of_invitations,
            say=_say,
            defaults=frozenset({Way.PAGE, Way.MAIL, Way.PUSH}),
        )
    )
