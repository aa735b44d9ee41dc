"""HTML input of the settings of one's notifications."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from members.forms.seen import SeenForm
from notices.events import ConfigureNotices
from notices.kinds import Kind, kinds
from notices.vocabulary import Rhythm, Way

DAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)


class SettingsForm(SeenForm):
    """What a member wants to hear of; the table of kinds is drawn from :meth:`table`."""

    is_on = forms.BooleanField(
        label=_("Notifications are on"),
        help_text=_("Off means nothing at all but what concerns the safety of your account."),
        required=False,
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    digest = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices)
    digest_day = forms.TypedChoiceField(label=_("Weekly on"), choices=DAYS, coerce=int)
    digest_hour = forms.TypedChoiceField(label=_("At"), coerce=int)
    push_says = forms.BooleanField(
        label=_("Push messages show the beginning of what was said"), required=False
    )

    def __init__(self, *args: Any, ways: Mapping[str, Sequence[str]], **options: Any) -> None:
        self._ways = ways
        super().__init__(*args, **options)
        hours = [(hour, time_format(time(hour), "TIME_FORMAT")) for hour in range(24)]
        self.fields["digest_hour"].choices = hours  # type: ignore[attr-defined]

    def shown(self) -> Any:
        """Return what the form shows, its table of kinds too."""
        return [super().shown(), {name: sorted(ways) for name, ways in self._ways.items()}]

    def differs(self) -> bool:
        """Return whether something else was sent than what is there, ticks included."""
        ticked = {name for _kind, cells in self.table() for name, _way, on in cells if on}
        had = {f"{kind}:{way}" for kind, ways in self._ways.items() for way in ways}
        names = {name for _kind, cells in self.table() for name, _way, _on in cells}
        return super().differs() or ticked != had & names

    def table(self) -> list[tuple[Kind, list[tuple[str, Way, bool]]]]:
        """Each kind with its cells: the name of the box, the way, and whether it is ticked."""
        return [
            (kind, [(f"{kind.name}:{way}", way, self._is_ticked(kind, way)) for way in Way])
            for kind in kinds().values()
            if not kind.is_security
        ]

    def _is_ticked(self, kind: Kind, way: Way) -> bool:
        if self.is_bound:
            return f"{kind.name}:{way}" in self.data
        return way in self._ways.get(kind.name, ())

    def change(self) -> ConfigureNotices:
        """What the form says, as the command takes it; the form is valid."""
        said = self.cleaned_data
        return ConfigureNotices(
            is_off=not said["is_on"],
            ways={kind.name: [way for _, way, on in cells if on] for kind, cells in self.table()},
            quiet_from=_text(said["quiet_from"]),
            quiet_to=_text(said["quiet_to"]),
            digest=said["digest"],
            digest_day=said["digest_day"],
            digest_hour=said["digest_hour"],
            push_says=said["push_says"],
        )


def _text(value: time | None) -> str | None:
    return f"{value:%H:%M}" if value is not None else None
