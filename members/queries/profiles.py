"""One's own profile as the wire says it."""

from members.events import Card, MemberChanged
from members.models.people import Member
from members.queries.cards import member_card


def profile_now(member: Member) -> MemberChanged:
    """Return a member's own profile as its event and snapshot say it."""
    return MemberChanged(
        id=member.pk,
        member=Card(**member_card(member)),
        languages=list(member.languages),
        time_zone=member.time_zone,
        locale=member.locale,
    )
