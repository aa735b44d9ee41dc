"""Addresses of matchmaking's REST resources, under ``/api/v1/``."""

from django.urls import URLPattern, path

from matchmaking.api import consortia, groups, profiles, requests, rounds, seats, suggestions

_OF = "matching/<int:organisation_id>/"
urlpatterns: list[URLPattern] = [
    path("groups/", groups.Groups.as_view()),
    path("groups/<int:group_id>/", groups.OneGroup.as_view()),
    path("groups/<int:group_id>/tasks/", groups.GroupTasks.as_view()),
    path("groups/<int:group_id>/tasks/<int:task_id>/", groups.OneGroupTask.as_view()),
    path("matching/<int:organisation_id>/consortia/", consortia.Consortia.as_view()),
    path("matching/<int:organisation_id>/consortia/best/", consortia.BestTeam.as_view()),
    path(
        "matching/<int:organisation_id>/consortia/<int:consortium_id>/",
        consortia.OneConsortium.as_view(),
    ),
    path("meetings/", rounds.Meetings.as_view()),
    path("meetings/mine/", seats.OwnMeetings.as_view()),
    path("meetings/<int:meeting_id>/", rounds.OneMeeting.as_view()),
    path("meetings/<int:meeting_id>/mine/", seats.OneOwnMeeting.as_view()),
    path("meetings/<int:meeting_id>/next/", rounds.MeetingNext.as_view()),
    path("meetings/<int:meeting_id>/ahead/", rounds.MeetingAhead.as_view()),
    path("meetings/<int:meeting_id>/presence/", rounds.MeetingPresence.as_view()),
    path("matching/", profiles.MatchingProfiles.as_view(), name="api_matching_profiles"),
    path(_OF, profiles.OneMatchingProfile.as_view(), name="api_matching_profile"),
    path(f"{_OF}renew/", profiles.MatchingRenewal.as_view(), name="api_matching_renew"),
    path(f"{_OF}rest/", profiles.MatchingRest.as_view(), name="api_matching_rest"),
    path(f"{_OF}suggestions/", suggestions.Suggestions.as_view(), name="api_suggestions"),
    path(
        f"{_OF}suggestions/<int:other_id>/answer/",
        suggestions.SuggestionAnswer.as_view(),
        name="api_suggestion_answer",
    ),
    path(f"{_OF}introductions/", suggestions.Introductions.as_view(), name="api_introductions"),
    path(
        f"{_OF}introductions/<int:introduction_id>/answer/",
        suggestions.IntroductionAnswer.as_view(),
        name="api_introduction_answer",
    ),
    path(
        f"{_OF}introductions/<int:introduction_id>/state/",
        suggestions.IntroductionState.as_view(),
        name="api_introduction_state",
    ),
    path(f"{_OF}requests/", requests.FittingRequests.as_view(), name="api_fitting_requests"),
    path("requests/", requests.Requests.as_view(), name="api_requests"),
    path("requests/<int:request_id>/", requests.OneRequest.as_view(), name="api_request"),
    path("requests/<int:request_id>/end/", requests.RequestEnd.as_view(), name="api_request_end"),
    path(
        "requests/<int:request_id>/renew/",
        requests.RequestRenewal.as_view(),
        name="api_request_renew",
    ),
    path(
        "requests/<int:request_id>/answers/",
        requests.RequestAnswers.as_view(),
        name="api_request_answers",
    ),
    path(
        "requests/<int:request_id>/fits/", requests.RequestFits.as_view(), name="api_request_fits"
    ),
]
