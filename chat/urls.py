"""Addresses of the chat's pages."""

from django.urls import path

from chat import pages

app_name = "chat"
urlpatterns = [
    path("", pages.channels, name="channels"),
    path("new/", pages.new, name="new"),
    path("<int:channel_id>/", pages.channel, name="channel"),
    path("<int:channel_id>/edit/", pages.edit, name="edit"),
    path("<int:channel_id>/join/", pages.join, name="join"),
    path("<int:channel_id>/leave/", pages.leave, name="leave"),
    path("<int:channel_id>/members/", pages.members, name="members"),
    path(
        "<int:channel_id>/members/<int:member_id>/remove/",
        pages.remove,
        name="member_remove",
    ),
    path("<int:channel_id>/m/<int:message_id>/", pages.permalink, name="permalink"),
    path("<int:channel_id>/m/<int:message_id>/edit/", pages.message, name="message"),
    path("<int:channel_id>/m/<int:message_id>/delete/", pages.delete, name="message_delete"),
    path("<int:channel_id>/m/<int:message_id>/react/", pages.react, name="message_react"),
]
