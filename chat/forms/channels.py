"""Plain forms about channels."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.vocabulary import MAX_NAME, MAX_PURPOSE
from members.forms.seen import SeenForm


class ChannelForm(forms.Form):
    """A new channel; ``houses`` are the organisations that its maker represents."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=MAX_PURPOSE,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    organisation = forms.TypedChoiceField(
        label=_("Room of an organisation"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Its people see the room and may join; its representatives own it."),
    )
    is_public = forms.TypedChoiceField(
        label=_("Who may read it"),
        choices=(("1", _("Every member")), ("0", _("Only those who are in it"))),
        coerce=lambda value: value == "1",
        initial="1",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, houses: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if houses:
            field = cast("forms.TypedChoiceField", self.fields["organisation"])
            field.choices = [("", _("Of no organisation")), *houses]
        else:
            del self.fields["organisation"]


class DescribeForm(SeenForm):
    """Another name and purpose for a channel, and its pace."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME, required=False)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=MAX_PURPOSE,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    slow_mode_s = forms.TypedChoiceField(
        label=_("Slow mode: one message of each member"),
        choices=(
            (0, _("at any time")),
            (10, _("every 10 seconds")),
            (60, _("every minute")),
            (300, _("every 5 minutes")),
            (900, _("every 15 minutes")),
            (3600, _("every hour")),
        ),
        coerce=int,
        required=False,
        empty_value=None,
    )


class AddMemberForm(forms.Form):
    """Whom to let into a channel."""

    email = forms.EmailField(label=_("E-mail address of the member"))
