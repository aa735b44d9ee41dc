"""Keeping quiet when it comes to sending: what falls into quiet hours waits for their end.

A delivery is due outside of them when it is written, but may come to be sent within: the pause
between two mails ended there, the worker was away, or the hours were chosen since.
"""

from collections.abc import Collection

from base.clock import now
from notices.kinds import kinds
from notices.models import Delivery, Preferences
from notices.rules import Quiet, after_quiet, zone_named
from notices.vocabulary import Way


def keep_quiet(ways: Collection[Way]) -> None:
    """Put off what is due by these ways to members in their quiet hours, security apart.

    One query, and one for each of those members.
    """
    moment = now()
    security = [kind.name for kind in kinds().values() if kind.is_security]
    due = Delivery.objects.filter(
        way__in=ways, is_settled=False, mailing=None, due_at__lte=moment
    ).exclude(notice__kind__in=security)
    rows = Preferences.objects.filter(pk__in=due.values("member"), quiet_from__isnull=False)
    for chosen in rows.select_related("member"):
        if chosen.quiet_from is None or chosen.quiet_to is None:
            continue
        quiet = Quiet(chosen.quiet_from, chosen.quiet_to)
        end = after_quiet(moment, quiet, zone_named(chosen.member.time_zone))
        if end > moment:
            due.filter(member=chosen.pk).update(due_at=end)
