"""Addresses of matchmaking's pages."""

from django.urls import URLPattern, path

from matchmaking.pages import (
    consortia,
    figures,
    groups,
    profiles,
    proposals,
    requests,
    rounds,
    seats,
    suggestions,
)

app_name = "matchmaking"
urlpatterns: list[URLPattern] = [
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.begin, name="group_begin"),
    path("groups/<int:group_id>/", groups.one, name="group"),
    path("groups/<int:group_id>/tasks/", groups.tasks, name="group_tasks"),
    path("groups/<int:group_id>/edit/", groups.edit, name="group_edit"),
    path("<int:organisation_id>/consortia/", consortia.consortia, name="consortia"),
    path("<int:organisation_id>/consortia/new/", consortia.build, name="consortium_build"),
    path("<int:organisation_id>/consortia/<int:consortium_id>/", consortia.one, name="consortium"),
    path("meetings/", rounds.meetings, name="meetings"),
    path("meetings/new/", rounds.plan, name="meeting_plan"),
    path("meetings/mine/", seats.own_meetings, name="own_meetings"),
    path("meetings/<int:meeting_id>/mine/", seats.own_tables, name="own_tables"),
    path("meetings/<int:meeting_id>/", rounds.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/step/", rounds.step, name="meeting_step"),
    path("meetings/<int:meeting_id>/presence/", rounds.presence, name="meeting_presence"),
    path("meetings/<int:meeting_id>/rounds.csv", rounds.table, name="meeting_table"),
    path("", suggestions.suggestions, name="suggestions"),
    path("<int:organisation_id>/", suggestions.suggestions, name="suggestions_of"),
    path("<int:organisation_id>/answers/<int:other_id>/", suggestions.answer, name="answer"),
    path("<int:organisation_id>/introductions/", suggestions.introductions, name="introductions"),
    path(
        "<int:organisation_id>/introductions/<int:introduction_id>/",
        suggestions.introduction,
        name="introduction",
    ),
    path("<int:organisation_id>/propose/", proposals.propose, name="propose"),
    path("<int:organisation_id>/profile/", profiles.profile, name="profile"),
    path("<int:organisation_id>/profile/renew/", profiles.renew, name="renew"),
    path("<int:organisation_id>/profile/rest/", profiles.rest, name="rest"),
    path("how/", figures.how, name="how"),
    path("figures/", figures.figures, name="figures"),
    path("figures/what-if/", figures.tries, name="what_if"),
    path("figures/<slug:name>.csv", figures.figures_csv, name="figures_csv"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:request_id>/", requests.one_request, name="request"),
    path("requests/<int:request_id>/edit/", requests.edit, name="request_edit"),
    path("requests/<int:request_id>/state/", requests.step, name="request_step"),
    path("<int:organisation_id>/requests/new/", requests.post, name="request_post"),
]
