"""What matching says on a member's home, in the arrival, and in an intermediary's portfolio."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from base.clock import now
from front.parts import HOME, Part
from front.steps import Step, register_step
from matchmaking.access.profiles import own_organisations
from matchmaking.models import MatchingProfile
from matchmaking.queries.introductions import states_for_intermediaries
from matchmaking.queries.seats import own_meeting, places_in_meetings
from matchmaking.queries.suggestions import own_suggestions
from members.access import is_member
from members.models import Member
from members.portfolio import Cell, Column, register_column

SHOWN = 3
MOST_LINES = 5
MEETINGS_LAST = timedelta(days=30)


def _suggestions(request: HttpRequest) -> Mapping[str, Any] | None:
    if not is_member(request.user):
        return None
    found = own_suggestions(request.user)
    return {"suggestions": found[:SHOWN], "total": len(found)} if found else None


def _meetings(request: HttpRequest) -> Mapping[str, Any] | None:
    """The meetings of the last weeks in which one takes part. One query."""
    if not is_member(request.user):
        return None
    places = places_in_meetings(request.user).filter(meeting__made_at__gt=now() - MEETINGS_LAST)
    found = [own_meeting(place) for place in places[:SHOWN]]
    return {"meetings": found} if found else None


def _has_profile(member: Member) -> bool:
    own = MatchingProfile.objects.filter(organisation__in=own_organisations(member))
    return own.exists()


def _introductions(ids: Collection[int]) -> Mapping[int, Sequence[Cell]]:
    """States of what goes on, never a word nor who said what. One query."""
    return {
        pk: [Cell(text=f"{each.other.name}: {each.state.label}") for each in found[:MOST_LINES]]
        for pk, found in states_for_intermediaries(ids).items()
        if found
    }


def register() -> None:
    """Add the part of home, the step of the arrival and the column of the portfolio."""
    HOME.register(
        Part(
            name="suggestions",
            title=_("Partners for you"),
            template="matchmaking/_home.html",
            read=_suggestions,
            order=10,
        )
    )
    HOME.register(
        Part(
            name="meetings",
            title=_("Your meeting rounds"),
            template="matchmaking/_home_meetings.html",
            read=_meetings,
            order=9,
        )
    )
    register_step(
        Step(
            name="matching",
            title=_("Say whom you look for"),
            why=_("In three minutes; then you get suggestions of partners, each with its reasons."),
            order=50,
            is_done=_has_profile,
            url_name="matchmaking:suggestions",
        )
    )
    register_column(
        Column(name="matchmaking.introductions", label=_("Open introductions"), read=_introductions)
    )
