"""REST: one's own picture and an organisation's logo, brought through the resource of uploads.

The upload stays as it is and is swept after some days like any that nothing took; so the same call
may be made again.
"""

import uuid
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import Invalid
from files.access import own_picture
from files.images import clean_picture
from live.openapi import shape
from live.rest import body_as
from members.access.organisations import editing, organisation_for
from members.actions.details import change_picture
from members.actions.organisations import change_logo
from members.api.organisations import OrganisationSerializer, shown_organisation
from members.api.permissions import MembersOnly, signed_in
from members.api.profiles import Account, Me
from members.forms.organisations import LOGO_PX
from members.models.people import Member
from members.pictures import PICTURE


class PictureChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A picture: the id of one's own upload that is ready."""

    file: uuid.UUID


def _drawn(request: Request, **how: Any) -> Any:
    """The chosen upload, drawn anew for its purpose."""
    file = own_picture(request.user, body_as(request, PictureChoice).file)
    with storages["files"].open(file.stored, "rb") as stored:
        try:
            return clean_picture(stored, most_bytes=stored.size, **how)
        except ValidationError as error:
            raise Invalid(fields={"file": error.messages}) from error


class MyPicture(APIView):
    """One's own picture."""

    @extend_schema(
        operation_id="me_picture", request=shape(PictureChoice), responses=shape(Account)
    )
    def put(self, request: Request) -> Response:
        """Show an upload as one's picture; who sees it is an audience of the profile."""
        return self._change(request, _drawn(request, **PICTURE))

    @extend_schema(operation_id="me_picture_drop", request=None, responses=shape(Account))
    def delete(self, request: Request) -> Response:
        """Show none."""
        return self._change(request, None)

    def _change(self, request: Request, sent: Any) -> Response:
        change_picture(actor=signed_in(request), sent=sent)
        request.user = Member.objects.select_related("organisation").get(pk=signed_in(request).pk)
        return Me().get(request)


class OrganisationLogo(APIView):
    """An organisation's logo."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="organisation_logo",
        request=shape(PictureChoice),
        responses=OrganisationSerializer,
    )
    def put(self, request: Request, organisation_id: int) -> Response:
        """Give it an upload of one's own as logo."""
        # Who may not change it is told before anything is drawn.
        editing(request.user, organisation_for(request.user, organisation_id))
        return self._change(request, organisation_id, _drawn(request, longest_px=LOGO_PX))

    @extend_schema(
        operation_id="organisation_logo_drop", request=None, responses=OrganisationSerializer
    )
    def delete(self, request: Request, organisation_id: int) -> Response:
        """Take its logo away."""
        return self._change(request, organisation_id, None)

    def _change(self, request: Request, organisation_id: int, picture: Any) -> Response:
        change_logo(actor=signed_in(request), organisation_id=organisation_id, picture=picture)
        return Response(shown_organisation(request, organisation_id))
