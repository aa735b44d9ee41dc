"""Addresses of moderation's pages."""

from django.urls import path

from moderation import pages

app_name = "moderation"
urlpatterns = [
    path("settings/blocked/", pages.blocked, name="blocked"),
    path("members/<int:member_id>/block/", pages.block, name="block"),
    path("members/<int:member_id>/unblock/", pages.unblock, name="unblock"),
    path("report/<str:kind>/<int:object_id>/", pages.report, name="report"),
    path("moderation/reports/", pages.report_list, name="reports"),
    path("moderation/reports/<int:report_id>/", pages.reported, name="reported"),
]
