"""REST: which members have a page for the reader, and the picture beside their name."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.ids import parse_id
from members.api.permissions import MembersOnly, signed_in
from members.queries.profiles import faces

MOST = 100


class Faces(APIView):
    """``GET members/faces/?ids=1,2``: the pictures of members whose page one may open."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="member_faces",
        parameters=[OpenApiParameter("ids", str, description="Up to 100 ids, with commas")],
        responses={200: {"type": "object", "additionalProperties": {"type": "string"}}},
    )
    def get(self, request: Request) -> Response:
        """By id the address of the small picture, "" without one; others are left out."""
        asked = request.query_params.get("ids", "").split(",")[:MOST]
        ids = [number for each in asked if (number := parse_id(each)) is not None]
        return Response(faces(signed_in(request), ids))
