"""REST addresses of the core, under ``/api/v1/``."""

from django.urls import path

from live import api

urlpatterns = [
    path("topics/<str:topic>/", api.TopicView.as_view(), name="topic"),
    path("topics/<str:topic>/events/", api.EventsView.as_view(), name="topic-events"),
    path("commands/", api.CommandsView.as_view(), name="commands"),
]
