"""REST addresses of notifications, under ``/api/v1/``."""

from django.urls import path

from notices import api

urlpatterns = [
    path("notices/", api.NoticesView.as_view(), name="api-notices"),
    path("notices/read/", api.ReadView.as_view(), name="api-notices-read"),
    path("notices/settings/", api.SettingsView.as_view(), name="api-notices-settings"),
    path("notices/dismiss/", api.DismissView.as_view(), name="api-notices-dismiss"),
]
