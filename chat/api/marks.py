"""REST of what hangs on messages: threads, pins, bookmarks, forwards, versions, names."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from base.clock import wire_time
from base.emoji import emoji_by_name
from base.pagination import Pages
from chat.access import channel_for, message_in
from chat.api.door import member_of
from chat.events.marks import BookmarkMessage, UnreadFrom
from chat.events.messages import ForwardMessage, MessagePosted, PinMessage
from chat.events.threads import FollowThread
from chat.queries import messages_with_people, shown
from chat.queries.audience import is_here_quiet
from chat.queries.marks import Candidate, bookmarks_of, candidates, pinned, unreached, versions_of
from chat.queries.threads import followed_threads
from live.api import as_json, place_of
from live.openapi import KEY, shape
from live.rest import ACK_NEW, PAGED, body_as, do
from live.shapes import Ack


class MessageList(msgspec.Struct, frozen=True, kw_only=True):
    """Some messages, all there are."""

    results: list[MessagePosted]


class MarkedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message with the channel that it stands in."""

    channel: int
    message: MessagePosted


class MarkedPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of messages of several channels; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[MarkedMessage]


class FollowedThread(msgspec.Struct, frozen=True, kw_only=True):
    """A thread that one follows.

    Attributes:
        root: The message under which it stands.
        unread: Replies of others beyond the marker.
        read_seq: Replies up to this place of the channel's log are read.
    """

    channel: int
    root: MessagePosted
    unread: int
    read_seq: int


class ThreadsPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of threads; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[FollowedThread]


class OldVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What a message said before an edit, since ``written_at`` (ISO 8601, UTC)."""

    text: str
    written_at: str


class OldVersions(msgspec.Struct, frozen=True, kw_only=True):
    """What a message said before, the newest first."""

    results: list[OldVersion]


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a message in the channel could name."""

    results: list[Candidate]


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message goes, with a text of one's own that may be empty."""

    to: int
    text: str = ""


class ThreadsView(APIView):
    """``threads/``: those that one follows."""

    @extend_schema(operation_id="threads", responses=shape(ThreadsPage), parameters=PAGED)
    def get(self, request: Request) -> HttpResponse:
        """Threads with the newest reply first, in pages."""
        pages = Pages()
        places = pages.paginate_queryset(followed_threads(member_of(request)), request, self) or []
        roots = shown([place.root for place in places])
        rows = [
            FollowedThread(
                channel=place.root.channel_id,
                root=root,
                unread=getattr(place, "unread", 0),
                read_seq=place.read_seq,
            )
            for root, place in zip(roots, places, strict=True)
        ]
        return as_json(pages.get_paginated_response(rows).data)


class BookmarksView(APIView):
    """``bookmarks/``: one's own."""

    @extend_schema(operation_id="bookmarks", responses=shape(MarkedPage), parameters=PAGED)
    def get(self, request: Request) -> HttpResponse:
        """Bookmarked messages that one may still read, the newest bookmark first, in pages."""
        pages = Pages()
        marks = pages.paginate_queryset(bookmarks_of(member_of(request)), request, self) or []
        rows = shown([mark.message for mark in marks])
        found = [
            MarkedMessage(channel=mark.message.channel_id, message=row)
            for row, mark in zip(rows, marks, strict=True)
        ]
        return as_json(pages.get_paginated_response(found).data)


class PinsView(APIView):
    """``channels/<id>/pins/``."""

    @extend_schema(operation_id="pins", responses=shape(MessageList))
    def get(self, request: Request, channel_id: int) -> HttpResponse:
        """All pinned messages, at most 100, the newest pin first."""
        channel = channel_for(request.user, channel_id)
        rows = messages_with_people().filter(pk__in=pinned(channel)).order_by("-pinned_at")
        return as_json(MessageList(results=shown(rows)))


class MentionableView(APIView):
    """``channels/<id>/mentionable/``."""

    @extend_schema(
        operation_id="mentionable",
        responses=shape(Candidates),
        parameters=[OpenApiParameter("q", str, description="The beginning of a word of the name.")],
    )
    def get(self, request: Request, channel_id: int) -> HttpResponse:
        """Up to eight people and organisations, those in the channel first."""
        channel = channel_for(request.user, channel_id)
        words = request.query_params.get("q", "")
        return as_json(Candidates(results=candidates(request.user, channel, words)))


class VersionsView(APIView):
    """``channels/<id>/messages/<id>/versions/``."""

    @extend_schema(operation_id="message_versions", responses=shape(OldVersions))
    def get(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """What the message said before: for its author and those who moderate, else nothing."""
        channel = channel_for(request.user, channel_id)
        message = message_in(channel, message_id)
        can = place_of(request.user, channel.topic).reach.can
        rows = versions_of(member_of(request), message, moderates="member.remove" in can)
        return as_json(
            OldVersions(
                results=[
                    OldVersion(text=row.text, written_at=wire_time(row.written_at)) for row in rows
                ]
            )
        )


class Unreached(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a message of one's own does not reach.

    Attributes:
        names: Of people and organisations.
        is_here_quiet: Whether its `@here` tells nobody, since the room has more than 500 people
            and one does not moderate it.
    """

    names: list[str]
    is_here_quiet: bool


class UnreachedView(APIView):
    """``channels/<id>/messages/<id>/unreached/``."""

    @extend_schema(operation_id="message_unreached", responses=shape(Unreached))
    def get(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Whom one's own message names without their being able to read it; empty of others'."""
        message = message_in(channel_for(request.user, channel_id), message_id)
        actor = member_of(request)
        is_quiet = message.author_id == actor.pk and is_here_quiet(message)
        return as_json(Unreached(names=unreached(actor, message), is_here_quiet=is_quiet))


class ForwardView(APIView):
    """``channels/<id>/messages/<id>/forward/``."""

    @extend_schema(
        operation_id="message_forward", request=shape(Passed), responses=ACK_NEW, parameters=[KEY]
    )
    def post(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Pass the message on to the channel ``to``; ``{topic, seq, id}``."""
        said = body_as(request, Passed)
        data = ForwardMessage(channel=channel_id, id=message_id, text=said.text)
        reply = do(request, "message.forward", f"chat:{said.to}", data)
        return as_json(reply, 200 if reply.get("replayed") else 201)


class UnreadView(APIView):
    """``channels/<id>/messages/<id>/unread/``."""

    @extend_schema(
        operation_id="message_unread", request=None, responses=shape(Ack), parameters=[KEY]
    )
    def post(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """The message and all after it are unread again."""
        data = UnreadFrom(id=message_id)
        return as_json(do(request, "channel.unread", f"chat:{channel_id}", data))


class _Switch(APIView):
    """A mark that is put on by ``PUT`` and taken off by ``DELETE``."""

    cmd: str
    data: Callable[..., Any]

    def _switch(
        self, request: Request, channel_id: int, message_id: int, *, on: bool
    ) -> HttpResponse:
        data = type(self).data(id=message_id, on=on)
        return as_json(do(request, self.cmd, f"chat:{channel_id}", data))


class PinView(_Switch):
    """``channels/<id>/messages/<id>/pin/``."""

    cmd = "message.pin"
    data = PinMessage

    @extend_schema(operation_id="pin", request=None, responses=shape(Ack), parameters=[KEY])
    def put(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Pin the message to its channel."""
        return self._switch(request, channel_id, message_id, on=True)

    @extend_schema(
        operation_id="unpin", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Take it off."""
        return self._switch(request, channel_id, message_id, on=False)


class BookmarkView(_Switch):
    """``channels/<id>/messages/<id>/bookmark/``."""

    cmd = "message.bookmark"
    data = BookmarkMessage

    @extend_schema(operation_id="bookmark", request=None, responses=shape(Ack), parameters=[KEY])
    def put(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Put the message among one's bookmarks."""
        return self._switch(request, channel_id, message_id, on=True)

    @extend_schema(
        operation_id="unbookmark", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Take it away."""
        return self._switch(request, channel_id, message_id, on=False)


class FollowView(_Switch):
    """``channels/<id>/messages/<id>/follow/``."""

    cmd = "thread.follow"
    data = FollowThread

    @extend_schema(
        operation_id="thread_follow", request=None, responses=shape(Ack), parameters=[KEY]
    )
    def put(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Follow the thread under the message."""
        return self._switch(request, channel_id, message_id, on=True)

    @extend_schema(
        operation_id="thread_unfollow", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Follow it no more."""
        return self._switch(request, channel_id, message_id, on=False)


class EmojiView(APIView):
    """``emoji/``."""

    @extend_schema(operation_id="emoji", responses={200: dict[str, str]})
    def get(self, request: Request) -> HttpResponse:
        """All short names with their emoji; a browser keeps them for a day."""
        answer = as_json(emoji_by_name())
        answer["Cache-Control"] = "private, max-age=86400"
        return answer
