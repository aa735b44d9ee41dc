"""Addresses of the pages of notifications."""

from django.urls import path

from notices import pages

app_name = "notices"
urlpatterns = [
    path("notices/", pages.notices, name="list"),
    path("notices/read/", pages.read, name="read"),
    path("notices/dismiss/", pages.dismiss, name="dismiss"),
    path("notices/unsubscribe/<str:token>/", pages.unsubscribe, name="unsubscribe"),
    path("service-worker.js", pages.service_worker, name="service_worker"),
    path(
        "settings/notifications/browsers/<int:subscription_id>/",
        pages.drop_browser,
        name="drop_browser",
    ),
    path("settings/notifications/", pages.settings, name="settings"),
]
