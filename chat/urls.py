"""Addresses of the chat's pages."""

from django.urls import path

from chat.pages import channels, conversations, messages, previews

app_name = "chat"
urlpatterns = [
    path("", channels.channels, name="channels"),
    path("new/", channels.new, name="new"),
    path("converse/", conversations.converse, name="converse"),
    path("with/<int:member_id>/", conversations.direct, name="direct"),
    path("<int:channel_id>/", channels.channel, name="channel"),
    path("<int:channel_id>/edit/", channels.edit, name="edit"),
    path("<int:channel_id>/join/", channels.join, name="join"),
    path("<int:channel_id>/leave/", channels.leave, name="leave"),
    path("<int:channel_id>/members/", channels.members, name="members"),
    path(
        "<int:channel_id>/members/<int:member_id>/remove/",
        channels.remove,
        name="member_remove",
    ),
    path("<int:channel_id>/m/<int:message_id>/", messages.permalink, name="permalink"),
    path("<int:channel_id>/m/<int:message_id>/edit/", messages.message, name="message"),
    path("<int:channel_id>/m/<int:message_id>/delete/", messages.delete, name="message_delete"),
    path("<int:channel_id>/m/<int:message_id>/react/", messages.react, name="message_react"),
    path(
        "<int:channel_id>/m/<int:message_id>/previews/<int:preview_id>/remove/",
        previews.remove,
        name="preview_remove",
    ),
    path("previews/<int:preview_id>/", previews.picture, name="preview_picture"),
]
