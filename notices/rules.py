"""Pure rules: by which ways a notice goes and when, quiet hours, the time of the next digest.

Local times are a zone's wall clock. On the day that clocks go forward a time that the clock skips
is the moment of the change; when they go back, an hour comes twice and both count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notices.vocabulary import MAIL_DELAY, PUSH_DELAY, Rhythm, Way

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing rings: from a local time up to another, over midnight or not."""

    start: time
    end: time

    def covers(self, wall: time) -> bool:
        """Whether a local time lies within; from and to the same time means never."""
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end


@dataclass(frozen=True, slots=True)
class Digest:
    """When digests come: hour 0 to 23 and day 0 (Monday) to 6, local; the day for weekly ones."""

    rhythm: Rhythm
    hour: int = 8
    day: int = 0


@dataclass(frozen=True)
class Wishes:
    """What one member wants.

    Attributes:
        zone: Where the member's clock is read.
        ways: By name of kind what the member chose; others come as their kind has it.
        is_off: Nothing but security.
        can_digest: The member consents to digests by e-mail.
        can_mail: There is an address that was verified.
        can_push: There is a browser that takes push messages.
    """

    zone: ZoneInfo
    ways: Mapping[str, frozenset[Way]] = field(default_factory=dict)
    is_off: bool = False
    quiet: Quiet | None = None
    digest: Digest = Digest(Rhythm.NEVER)
    can_digest: bool = False
    can_mail: bool = True
    can_push: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """Where a notice goes: on the page or not, and when it is due by each other way, UTC."""

    on_page: bool = False
    due: Mapping[Way, datetime] = field(default_factory=dict)

    @property
    def leads_somewhere(self) -> bool:
        """Whether there is any use in storing the notice."""
        return self.on_page or bool(self.due)


def route(
    wishes: Wishes,
    *,
    kind: str,
    defaults: frozenset[Way],
    at: datetime,
    is_security: bool = False,
) -> Route:
    """By which ways a notice of this kind goes to a member, and when.

    Nothing of a kind that the member does not want goes anywhere. Mail at once and push wait for
    the end of quiet hours, and so does a digest. Security notes stand on the page and go by mail
    at once, whatever the member wants and whatever the hour.

    Args:
        wishes: Of the member.
        kind: Its name.
        defaults: The kind's own ways.
        at: The present moment.
        is_security: Whether it is about the safety of the account.
    """
    if is_security:
        return Route(on_page=True, due={Way.MAIL: at} if wishes.can_mail else {})
    if wishes.is_off:
        return Route()
    ways = wishes.ways.get(kind, defaults)
    due: dict[Way, datetime] = {}
    if Way.MAIL in ways and wishes.can_mail:
        due[Way.MAIL] = after_quiet(at + MAIL_DELAY, wishes.quiet, wishes.zone)
    if Way.DIGEST in ways and wishes.can_mail and wishes.can_digest:
        coming = next_digest(at, wishes.digest, wishes.zone)
        if coming is not None:
            due[Way.DIGEST] = after_quiet(coming, wishes.quiet, wishes.zone)
    if Way.PUSH in ways and wishes.can_push:
        due[Way.PUSH] = after_quiet(at + PUSH_DELAY, wishes.quiet, wishes.zone)
    return Route(on_page=Way.PAGE in ways, due=due)


def after_quiet(at: datetime, quiet: Quiet | None, zone: ZoneInfo) -> datetime:
    """The first moment from ``at`` on that lies outside the quiet hours, UTC."""
    at = at.astimezone(UTC)
    if quiet is None or not quiet.covers(at.astimezone(zone).time()):
        return at
    today = at.astimezone(zone).date()
    found = [
        moment
        for day in (today - _DAY, today, today + _DAY)
        for moment in moments_of(day, quiet.end, zone)
        if moment > at and not quiet.covers(moment.astimezone(zone).time())
    ]
    # When clocks go back at midnight or skip the end, an end may still lie in quiet hours.
    return min(found, default=at)


def next_digest(at: datetime, digest: Digest, zone: ZoneInfo) -> datetime | None:
    """The next time of the digest after ``at``, UTC; None without digests."""
    if digest.rhythm == Rhythm.NEVER:
        return None
    day = at.astimezone(zone).date()
    while True:
        if digest.rhythm == Rhythm.DAILY or day.weekday() == digest.day:
            moment = moments_of(day, time(digest.hour), zone)[0]
            if moment > at:
                return moment
        day += _DAY


def moments_of(day: date, wall: time, zone: ZoneInfo) -> list[datetime]:
    """The moments at which a zone's clock shows this time on this day, or first shows a later one.

    Two where clocks go back over it, else one; in UTC, in order.
    """
    local = datetime.combine(day, wall, zone)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return [first]
    if first < second:
        return [first, second]
    # The clock skips it: between the two readings lies the change.
    return [_change_between(second, first, zone)]


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment, to the second, at which the zone's offset changes."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def zone_named(name: str) -> ZoneInfo:
    """The zone of this name, UTC where there is none: zones are renamed now and then."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def language_for(locale: str, spoken: Sequence[str], offered: Sequence[str]) -> str:
    """The interface language of somebody whose browser cannot be asked.

    The one that they chose, else the first that they speak, else English, among those that the
    site offers; where it offers none of these, its first.
    """
    for code in (locale, *(tag.split("-")[0] for tag in spoken), "en"):
        if code in offered:
            return code
    return offered[0] if offered else "en"
