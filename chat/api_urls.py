"""REST addresses of the chat, under ``/api/v1/``."""

from django.urls import path

from chat import api
from chat.api import marks, unsent

M = "channels/<int:channel_id>/messages/<int:message_id>/"
urlpatterns = [
    path("threads/", marks.ThreadsView.as_view(), name="api-threads"),
    path("bookmarks/", marks.BookmarksView.as_view(), name="api-bookmarks"),
    path("drafts/", unsent.DraftsView.as_view(), name="api-drafts"),
    path("scheduled/", unsent.ScheduledListView.as_view(), name="api-scheduled"),
    path(
        "scheduled/<int:scheduled_id>/", unsent.ScheduledView.as_view(), name="api-scheduled-one"
    ),
    path("emoji/", marks.EmojiView.as_view(), name="api-emoji"),
    path("channels/<int:channel_id>/pins/", marks.PinsView.as_view(), name="api-pins"),
    path(
        "channels/<int:channel_id>/mentionable/",
        marks.MentionableView.as_view(),
        name="api-mentionable",
    ),
    path(
        "channels/<int:channel_id>/scheduled/", unsent.ScheduleView.as_view(), name="api-schedule"
    ),
    path(f"{M}versions/", marks.VersionsView.as_view(), name="api-versions"),
    path(f"{M}forward/", marks.ForwardView.as_view(), name="api-forward"),
    path(f"{M}unread/", marks.UnreadView.as_view(), name="api-unread"),
    path(f"{M}pin/", marks.PinView.as_view(), name="api-pin"),
    path(f"{M}bookmark/", marks.BookmarkView.as_view(), name="api-bookmark"),
    path(f"{M}follow/", marks.FollowView.as_view(), name="api-follow"),
    path("channels/", api.ChannelsView.as_view(), name="api-channels"),
    path("channels/<int:channel_id>/", api.ChannelView.as_view(), name="api-channel"),
    path("conversations/", api.ConversationsView.as_view(), name="api-conversations"),
    path("channels/<int:channel_id>/messages/", api.MessagesView.as_view(), name="api-messages"),
    path(
        "channels/<int:channel_id>/messages/<int:message_id>/",
        api.MessageView.as_view(),
        name="api-message",
    ),
]
