"""Writes of what a member wants to hear of, how and when."""

from collections.abc import Mapping
from datetime import time
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.errors import Invalid
from live.registry import Written
from live.units import append
from members.models import Member
from notices.events import ConfigureNotices, NoticeConfigured
from notices.kinds import kinds
from notices.queries import preferences_of, settings_now
from notices.vocabulary import Rhythm, Way

LAST_HOUR, LAST_DAY = 23, 6
_HH_MM = 5
_Problems = dict[str, list[str | Promise]]


def configure(*, actor: Member, change: ConfigureNotices) -> Written:
    """Change settings of one's notices; what is left out stays.

    Raises:
        Invalid: with a message for each field that is not acceptable.
    """
    chosen = preferences_of(actor)
    before = settings_now(chosen)
    given = {
        name: value
        for name in change.__struct_fields__
        if (value := getattr(change, name)) is not msgspec.UNSET
    }
    problems: _Problems = {}
    for name, value in _checked(given, problems).items():
        setattr(chosen, name, {**chosen.ways, **value} if name == "ways" else value)
    if (chosen.quiet_from is None) != (chosen.quiet_to is None):
        problems["quiet_to"] = [_("Quiet hours have a beginning and an end.")]
    if problems:
        raise Invalid(fields=problems)
    now = settings_now(chosen)
    if now != before:
        chosen.save()
        said = NoticeConfigured(settings=now)
        append(
            topic=f"member:{actor.pk}",
            event="notice.configured",
            actor=actor,
            subject=actor,
            fresh=lambda: said,
        )
    return Written()


def _checked(given: Mapping[str, Any], problems: _Problems) -> dict[str, Any]:
    """The values as they are stored; what is wrong with others goes to the problems."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        problem: str | Promise = ""
        if name in {"quiet_from", "quiet_to"}:
            found[name] = _time(value)
            problem = _("Write a time as hours and minutes.") if value and not found[name] else ""
        elif name == "ways":
            is_known = all(
                kind in kinds() and set(ways) <= set(Way.values) for kind, ways in value.items()
            )
            found[name] = {kind: sorted(set(ways)) for kind, ways in value.items()}
            problem = "" if is_known else _("There is no such kind or no such way.")
        else:
            found[name] = value
            problem = "" if _is_allowed(name, value) else _("Choose one of the values.")
        if problem:
            problems[name] = [problem]
    return {} if problems else found


def _is_allowed(name: str, value: Any) -> bool:
    match name:
        case "digest":
            return bool(value in Rhythm.values)
        case "digest_hour":
            return bool(0 <= value <= LAST_HOUR)
        case "digest_day":
            return bool(0 <= value <= LAST_DAY)
    return True


def _time(text: str | None) -> time | None:
    """The time that ``HH:MM`` writes; None for none."""
    if not text or len(text) != _HH_MM:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None
