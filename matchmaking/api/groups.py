"""REST: project groups and the tasks on their boards."""

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from live.openapi import KEY, shape
from live.rest import ACK_NEW, body_as, do
from matchmaking.access.groups import group_for
from matchmaking.events.groups import (
    AddPerson,
    BeginGroup,
    ChangeGroup,
    DropTask,
    GroupNow,
    LeaveGroup,
    SaveTask,
)
from matchmaking.queries.groups import group_states, own_groups
from members.api.organisations import own_topic
from members.api.permissions import MembersOnly, signed_in


class GroupList(msgspec.Struct, frozen=True, kw_only=True):
    """The groups in which one takes part, the newest first; at most 50."""

    count: int
    results: list[GroupNow]


def _shown(request: Request, group_id: int) -> Response:
    row = group_for(request.user, group_id)
    return Response(msgspec.to_builtins(group_states([row.pk])[row.pk]))


class Groups(APIView):
    """Project groups."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="groups", responses=shape(GroupList))
    def get(self, request: Request) -> Response:
        """Return those in which one takes part."""
        rows = own_groups(signed_in(request))
        return Response(msgspec.to_builtins(GroupList(count=len(rows), results=rows)))

    @extend_schema(
        operation_id="group_begin", request=shape(BeginGroup), responses=ACK_NEW, parameters=[KEY]
    )
    def post(self, request: Request) -> Response:
        """Make one of an introduction or a consortium to which all agreed."""
        done = do(request, "group.begin", own_topic(request), body_as(request, BeginGroup))
        return Response(done, status=200 if done.get("replayed") else 201)


class OneGroup(APIView):
    """One project group."""

    permission_classes = (MembersOnly,)

    @extend_schema(operation_id="group", responses=shape(GroupNow))
    def get(self, request: Request, group_id: int) -> Response:
        """Return it with its people and its board."""
        return _shown(request, group_id)

    @extend_schema(
        operation_id="group_change",
        request=shape(ChangeGroup),
        responses=shape(GroupNow),
        parameters=[KEY],
    )
    def patch(self, request: Request, group_id: int) -> Response:
        """Change what it is called and until when it runs, end it or take it up again."""
        data = body_as(request, ChangeGroup, group=group_id)
        do(request, "group.change", own_topic(request), data)
        return _shown(request, group_id)

    @extend_schema(
        operation_id="group_add",
        request=shape(AddPerson),
        responses=shape(GroupNow),
        parameters=[KEY],
    )
    def post(self, request: Request, group_id: int) -> Response:
        """Let a colleague take part."""
        data = body_as(request, AddPerson, group=group_id)
        do(request, "group.add", own_topic(request), data)
        return _shown(request, group_id)

    @extend_schema(operation_id="group_leave", responses={204: None}, parameters=[KEY])
    def delete(self, request: Request, group_id: int) -> Response:
        """Take part no longer."""
        do(request, "group.leave", own_topic(request), LeaveGroup(group=group_id))
        return Response(status=204)


class GroupTasks(APIView):
    """The board of a group."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="group_task_make",
        request=shape(SaveTask),
        responses=ACK_NEW,
        parameters=[KEY],
    )
    def post(self, request: Request, group_id: int) -> Response:
        """Make a task."""
        data = body_as(request, SaveTask, group=group_id, id=0)
        done = do(request, "task.save", own_topic(request), data)
        return Response(done, status=200 if done.get("replayed") else 201)


class OneGroupTask(APIView):
    """A task of a group."""

    permission_classes = (MembersOnly,)

    @extend_schema(
        operation_id="group_task_change",
        request=shape(SaveTask),
        responses=shape(GroupNow),
        parameters=[KEY],
    )
    def patch(self, request: Request, group_id: int, task_id: int) -> Response:
        """Change or move it."""
        data = body_as(request, SaveTask, group=group_id, id=task_id)
        do(request, "task.save", own_topic(request), data)
        return _shown(request, group_id)

    @extend_schema(operation_id="group_task_drop", responses={204: None}, parameters=[KEY])
    def delete(self, request: Request, group_id: int, task_id: int) -> Response:
        """Delete it."""
        do(request, "task.drop", own_topic(request), DropTask(group=group_id, id=task_id))
        return Response(status=204)
