"""REST addresses of the chat, under ``/api/v1/``."""

from django.urls import path

from chat import api

urlpatterns = [
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
