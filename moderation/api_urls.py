"""Addresses of moderation's REST resources, under ``/api/v1/``."""

from django.urls import path

from moderation import api

urlpatterns = [
    path("blocks/", api.Blocks.as_view(), name="api_blocks"),
    path("blocks/<int:member_id>/", api.OneBlock.as_view(), name="api_block"),
    path("reports/", api.Reports.as_view(), name="api_reports"),
]
