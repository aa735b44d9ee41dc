"""What the chat says on a member's home: unread rooms, and rooms that are open to everyone."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from base.errors import NotFound
from chat.events import Nothing
from chat.models import Membership
from chat.queries import channel_rows, listed_channels
from front.forms import StepForm
from front.parts import HOME, Part
from front.steps import Step, register_step
from live.performing import perform
from members.models import Member

ROOMS_READ = 500
ROOMS_OFFERED = 5
ROOMS_TO_JOIN = 12


def _rooms(request: HttpRequest) -> Mapping[str, Any]:
    rows = channel_rows(request.user, list(listed_channels(request.user)[:ROOMS_READ]))
    own = [row for row in rows if row["is_member"]]
    return {
        "unread": [row for row in own if row["unread"]],
        "own": own,
        "others": [row for row in rows if not row["is_member"]][:ROOMS_OFFERED],
    }


class RoomsStep(StepForm):
    """Which open rooms a newcomer walks into."""

    rooms = forms.TypedMultipleChoiceField(
        label=_("Open rooms"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, member=member, **kwargs)
        inside = Membership.objects.inside().filter(member=member).values("channel")
        open_rooms = listed_channels(member).filter(is_public=True, is_archived=False)
        chosen = open_rooms.exclude(pk__in=inside)[:ROOMS_TO_JOIN]
        field = self.fields["rooms"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(room.pk, room.name) for room in chosen]
        if not chosen:
            field.help_text = _("You are in every open room already.")

    def save(self) -> None:
        """Join the chosen rooms; one that is gone meanwhile is left out."""
        for room in self.cleaned_data["rooms"]:
            try:
                perform(actor=self.member, cmd="channel.join", topic=f"chat:{room}", data=Nothing())
            except NotFound:
                continue


def _is_inside(member: Member) -> bool:
    return Membership.objects.inside().filter(member=member).exists()


def register() -> None:
    """Add the chat's part of home and its step of the arrival."""
    HOME.register(
        Part(
            name="rooms",
            title=_("New in your rooms"),
            template="chat/home.html",
            read=_rooms,
            order=20,
        )
    )
    register_step(
        Step(
            name="rooms",
            title=_("Walk into a room"),
            why=_("In rooms you read along, ask and answer; you can leave them at any time."),
            order=40,
            is_done=_is_inside,
            form=RoomsStep,
        )
    )
