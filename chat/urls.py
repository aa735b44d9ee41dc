"""Addresses of the chat's pages."""

from django.urls import path

from chat.pages import (
    channels,
    conversations,
    keeping,
    languages,
    marks,
    messages,
    previews,
    threads,
    unsent,
)

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
    path("join/<str:token>/", keeping.enter, name="enter"),
    path("<int:channel_id>/archive/", keeping.archive, name="archive"),
    path("<int:channel_id>/export/", keeping.export, name="export"),
    path("<int:channel_id>/links/", keeping.make_link, name="link_make"),
    path("<int:channel_id>/links/<int:link_id>/revoke/", keeping.revoke_link, name="link_revoke"),
    path("<int:channel_id>/members/", keeping.members, name="members"),
    path(
        "<int:channel_id>/members/<int:member_id>/role/",
        keeping.change_role,
        name="member_role",
    ),
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
    path("<int:channel_id>/m/<int:message_id>/language/", languages.mark, name="message_language"),
    path("<int:channel_id>/m/<int:message_id>/pin/", marks.pin, name="message_pin"),
    path("<int:channel_id>/m/<int:message_id>/bookmark/", marks.bookmark, name="message_bookmark"),
    path("<int:channel_id>/m/<int:message_id>/unread/", marks.unread, name="message_unread"),
    path("<int:channel_id>/m/<int:message_id>/forward/", marks.forward, name="message_forward"),
    path("<int:channel_id>/t/<int:message_id>/", threads.thread, name="thread"),
    path("<int:channel_id>/t/<int:message_id>/follow/", threads.follow, name="thread_follow"),
    path("<int:channel_id>/t/<int:message_id>/read/", threads.read, name="thread_read"),
    path("<int:channel_id>/pins/", marks.pins, name="pins"),
    path("threads/", threads.threads, name="threads"),
    path("bookmarks/", marks.bookmarks, name="bookmarks"),
    path("scheduled/", unsent.scheduled, name="scheduled"),
    path("scheduled/<int:scheduled_id>/", unsent.change, name="scheduled_change"),
    path("languages/", languages.choose, name="languages"),
    path("previews/<int:preview_id>/", previews.picture, name="preview_picture"),
]
