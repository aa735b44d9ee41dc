"""Tables of matchmaking."""

from matchmaking.models.consortia import Consortium, ConsortiumSeat
from matchmaking.models.groups import GroupHouse, GroupPerson, GroupTask, ProjectGroup
from matchmaking.models.introductions import Introduction
from matchmaking.models.profiles import Choice, MarketState, MatchingProfile
from matchmaking.models.requests import (
    CooperationRequest,
    RequestAnswer,
    RequestChoice,
    RequestFit,
)
from matchmaking.models.rounds import Meeting, MeetingPlace, MeetingRound, MeetingSeat
from matchmaking.models.suggestions import Suggestion

__all__ = [
    "Choice",
    "Consortium",
    "ConsortiumSeat",
    "CooperationRequest",
    "GroupHouse",
    "GroupPerson",
    "GroupTask",
    "Introduction",
    "MarketState",
    "MatchingProfile",
    "Meeting",
    "MeetingPlace",
    "MeetingRound",
    "MeetingSeat",
    "ProjectGroup",
    "RequestAnswer",
    "RequestChoice",
    "RequestFit",
    "Suggestion",
]
