"""REST of languages and of previews: which language a message is in, which ones one reads."""

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from chat.api.door import member_of
from chat.events.languages import ChooseLanguages, LanguagesChosen, MarkMessage
from chat.events.previews import RemovePreview
from chat.queries.languages import languages_read
from live.api import as_json
from live.openapi import KEY, shape
from live.rest import body_as, do
from live.shapes import Ack


class MessageLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """The language of a message, by its BCP 47 tag."""

    language: str


class LanguageView(APIView):
    """``channels/<id>/messages/<id>/language/``."""

    @extend_schema(
        operation_id="message_mark",
        request=shape(MessageLanguage),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def put(self, request: Request, channel_id: int, message_id: int) -> HttpResponse:
        """Say which language one's own message is in."""
        data = body_as(request, MarkMessage, id=message_id)
        return as_json(do(request, "message.mark", f"chat:{channel_id}", data))


class PreviewView(APIView):
    """``channels/<id>/messages/<id>/previews/<id>/``."""

    @extend_schema(
        operation_id="preview_remove", request=None, responses={200: shape(Ack)}, parameters=[KEY]
    )
    def delete(
        self, request: Request, channel_id: int, message_id: int, preview_id: int
    ) -> HttpResponse:
        """Take the preview of a link off a message."""
        data = RemovePreview(id=message_id, preview=preview_id)
        return as_json(do(request, "preview.remove", f"chat:{channel_id}", data))


class LanguagesView(APIView):
    """``me/languages/``: those that one reads."""

    @extend_schema(operation_id="languages_read", responses=shape(LanguagesChosen))
    def get(self, request: Request) -> HttpResponse:
        """The languages that one reads, and what becomes of messages in others."""
        return as_json(languages_read(member_of(request)))

    @extend_schema(
        operation_id="languages_choose",
        request=shape(ChooseLanguages),
        responses=shape(Ack),
        parameters=[KEY],
    )
    def put(self, request: Request) -> HttpResponse:
        """Choose them."""
        member = member_of(request)
        data = body_as(request, ChooseLanguages)
        return as_json(do(request, "languages.choose", f"member:{member.pk}", data))
