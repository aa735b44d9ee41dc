"""REST: snapshots, the log, and commands as the socket takes them."""

from typing import Any

import msgspec
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import KeyMissing, Malformed, NotFound, Refusal
from live import log
from live.follows import Place, places
from live.openapi import shape
from live.performing import perform
from live.problems import fit
from live.protocol import Write, Wrong, needs_resync, parse
from live.registry import find_command, find_topic
from live.rest import number_of
from live.schema import live_schema
from live.scopes import (
    READ,
    WRITE,
    area_of_command,
    area_of_topic,
    require,
    scopes_of,
    usable,
)
from live.shapes import CommandCall, CommandReply, LogPage, Snapshot

PAGE = 200


def place_of(member: Any, topic: str) -> Place:
    """Where the topic stands for this member.

    Raises:
        NotFound: it does not exist, or the member may not see it.
    """
    found = places(member.pk, [topic], member).get(topic)
    if found is None:
        raise NotFound
    return found


class TopicView(APIView):
    """``GET topics/<topic>/``: the snapshot of a topic."""

    @extend_schema(operation_id="topic_snapshot", responses=shape(Snapshot))
    def get(self, request: Request, topic: str) -> HttpResponse:
        """Epoch and ``seq``, read before the rows; what the reader can do; the rows."""
        kind, number = find_topic(topic)
        require(scopes_of(request), area_of_topic(kind), READ)
        place = place_of(request.user, topic)
        return as_json(
            Snapshot(
                epoch=log.epoch(),
                seq=place.head.seq,
                can=usable(scopes_of(request), topic, place.reach.can),
                data=kind.snapshot(request.user, number),
            )
        )


class EventsView(APIView):
    """``GET topics/<topic>/events/``: the log, for networks that stop sockets."""

    @extend_schema(
        operation_id="topic_events",
        parameters=[
            OpenApiParameter("since", int, description="The last seq that you have."),
            OpenApiParameter("epoch", str, description="The epoch that it belongs to."),
            OpenApiParameter("limit", int, description="At most so many events, up to 200."),
        ],
        responses=shape(LogPage),
    )
    def get(self, request: Request, topic: str) -> HttpResponse:
        """Events after ``since`` in order; or ``resync`` where a snapshot is needed.

        Unlike a socket, whoever pages here may be any distance behind.
        """
        since = number_of(request, "since", least=0) or 0
        limit = number_of(request, "limit") or PAGE
        require(scopes_of(request), area_of_topic(find_topic(topic)[0]), READ)
        place = place_of(request.user, topic)
        epoch = str(log.epoch())
        resync = needs_resync(
            since=since,
            epoch=request.query_params.get("epoch"),
            log_epoch=epoch,
            head=place.head.seq,
            first_seq=place.head.first_seq,
            reach_since=place.reach.since,
            most=None,
        )
        events: list[msgspec.Raw] = []
        if not resync:
            part = log.Range(topic, place.head.id, since, min(limit, PAGE))
            for entry in log.read([part])[topic]:
                wire = entry.wire_with_key if entry.by == request.user.pk else entry.wire
                events.append(msgspec.Raw(wire))
                if entry.shuts_out(request.user.pk or 0):
                    break
        body = {"epoch": epoch, "seq": place.head.seq, "resync": resync, "events": events}
        return as_json(body)


class CommandsView(APIView):
    """``POST commands/``: one command object, answered as the socket would."""

    @extend_schema(
        operation_id="command",
        request=shape(CommandCall),
        responses={200: shape(CommandReply), "4XX": shape(CommandReply)},
    )
    def post(self, request: Request) -> HttpResponse:
        """``{"ref", "ok"}``, or ``{"ref", "error"}`` with the code's HTTP status."""
        said = parse(request.data) if isinstance(request.data, dict) else Wrong(None)
        ref = getattr(said, "ref", None)
        try:
            if isinstance(said, Wrong) and said.code == "key.missing":
                raise KeyMissing
            if not isinstance(said, Write):
                raise Malformed
            command, _number = find_command(said.cmd, said.topic)
            require(scopes_of(request), area_of_command(command), WRITE)
            reply = run_write(request.user, said)
        except Refusal as refusal:
            return as_json({"ref": ref, "error": refusal.as_dict()}, refusal.status)
        return as_json({"ref": ref, "ok": reply})


def run_write(member: Any, said: Write) -> dict[str, Any]:
    """Do what a command says, in this thread.

    Raises:
        Refusal: as the socket would say.
    """
    command, _number = find_command(said.cmd, said.topic)
    if said.key is None:
        raise KeyMissing
    data = fit(said.data, command.data)
    return perform(actor=member, cmd=said.cmd, topic=said.topic, data=data, key=said.key)


class LiveSchemaView(APIView):
    """``GET /api/live-schema/``: the wire's commands and events as JSON Schema."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="live_schema", tags=["topics"], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """One schema per command and event, made from the typed structs."""
        return Response(live_schema())


def as_json(body: Any, status: int = 200) -> HttpResponse:
    """A response that msgspec encodes: structs and raw parts may stand in it."""
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
