"""REST addresses of the chat, under ``/api/v1/``."""

from django.urls import path

from chat import api
from chat.api import copies, keeping, languages, marks, places, unsent

M = "channels/<int:channel_id>/messages/<int:message_id>/"
urlpatterns = [
    path("threads/", marks.ThreadsView.as_view(), name="api-threads"),
    path("bookmarks/", marks.BookmarksView.as_view(), name="api-bookmarks"),
    path("drafts/", unsent.DraftsView.as_view(), name="api-drafts"),
    path("scheduled/", unsent.ScheduledListView.as_view(), name="api-scheduled"),
    path("scheduled/<int:scheduled_id>/", unsent.ScheduledView.as_view(), name="api-scheduled-one"),
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
    path(f"{M}language/", languages.LanguageView.as_view(), name="api-language"),
    path(f"{M}previews/<int:preview_id>/", languages.PreviewView.as_view(), name="api-preview"),
    path("me/languages/", languages.LanguagesView.as_view(), name="api-languages"),
    path(f"{M}unreached/", marks.UnreachedView.as_view(), name="api-unreached"),
    path(f"{M}versions/", marks.VersionsView.as_view(), name="api-versions"),
    path(f"{M}forward/", marks.ForwardView.as_view(), name="api-forward"),
    path(f"{M}unread/", marks.UnreadView.as_view(), name="api-unread"),
    path(f"{M}pin/", marks.PinView.as_view(), name="api-pin"),
    path(f"{M}bookmark/", marks.BookmarkView.as_view(), name="api-bookmark"),
    path(f"{M}follow/", marks.FollowView.as_view(), name="api-follow"),
    path("unread/", places.UnreadView.as_view(), name="api-unread-all"),
    path("sections/", places.SectionsView.as_view(), name="api-sections"),
    path("sections/<int:section_id>/", places.SectionView.as_view(), name="api-section"),
    path("channels/enter/", keeping.EnterView.as_view(), name="api-enter"),
    path("channels/<int:channel_id>/place/", places.PlaceView.as_view(), name="api-place"),
    path("channels/<int:channel_id>/archive/", keeping.ArchiveView.as_view(), name="api-archive"),
    path("channels/<int:channel_id>/export/", keeping.ExportView.as_view(), name="api-export"),
    path("channels/<int:channel_id>/copies/", copies.CopiesView.as_view(), name="api-copies"),
    path(
        "channels/<int:channel_id>/copies/<int:copy_id>/",
        copies.CopyView.as_view(),
        name="api-copy",
    ),
    path(
        "channels/<int:channel_id>/copies/<int:copy_id>/file/",
        copies.CopyFileView.as_view(),
        name="api-copy-file",
    ),
    path("channels/<int:channel_id>/links/", keeping.LinksView.as_view(), name="api-links"),
    path(
        "channels/<int:channel_id>/links/<int:link_id>/",
        keeping.LinkView.as_view(),
        name="api-link",
    ),
    path("channels/<int:channel_id>/members/", keeping.InsidersView.as_view(), name="api-insiders"),
    path(
        "channels/<int:channel_id>/members/<int:member_id>/",
        keeping.InsiderView.as_view(),
        name="api-insider",
    ),
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
