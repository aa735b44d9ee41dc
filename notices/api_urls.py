"""REST addresses of notifications, under ``/api/v1/``."""

from django.urls import path

from notices import api

urlpatterns = [
    path("notices/", api.NoticesView.as_view(), name="api-notices"),
    path("notices/read/", api.ReadView.as_view(), name="api-notices-read"),
    path("notices/browsers/", api.BrowsersView.as_view(), name="api-notices-browsers"),
    path(
        "notices/browsers/<int:subscription_id>/",
        api.BrowserView.as_view(),
        name="api-notices-browser",
    ),
    path("notices/settings/", api.SettingsView.as_view(), name="api-notices-settings"),
    path("notices/dismiss/", api.DismissView.as_view(), name="api-notices-dismiss"),
]
