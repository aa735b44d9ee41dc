"""Every address of the site, part by part."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.static import serve

import front.pages
from live.api import LiveSchemaView
from members.pages import provider
from server import api_docs, health, pages
from server.openapi import SchemaView

urlpatterns = [
    path("", front.pages.home, name="home"),
    path("", include("front.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("theme/", pages.set_theme, name="set_theme"),
    path("demo/<slug:name>/", pages.demo_result, name="demo_result"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/oidc/<str:provider_id>/login/", provider.start),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="members:sessions")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("members.urls")),
    path("", include("moderation.urls")),
    path("", include("notices.urls")),
    path("files/", include("files.urls")),
    path("search/", include("search.urls")),
    path("chat/", include("chat.urls")),
    path("partners/", include("matchmaking.urls")),
    path("api/v1/", include("live.urls")),
    path("api/v1/", include("members.api_urls")),
    path("api/v1/", include("front.api_urls")),
    path("api/v1/", include("moderation.api_urls")),
    path("api/v1/", include("notices.api_urls")),
    path("api/v1/", include("files.api_urls")),
    path("api/v1/", include("search.api_urls")),
    path("api/v1/", include("chat.api_urls")),
    path("api/v1/", include("matchmaking.api_urls")),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", api_docs.page, name="api-docs"),
    path("api/live-schema/", LiveSchemaView.as_view(), name="live-schema"),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]
