"""HTML input that notices when what it began with has changed since it was shown.

Two people at one page, or one person in two tabs: whoever saves last would undo, unseen, what the
other saved. Such a form carries a digest of what it showed; where something else is there now it
says so and keeps what was typed, and what is sent again then is saved.
"""

import hashlib
import json
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

SEEN: Final = "seen"
_DIGITS: Final = 16


class SeenForm(forms.Form):
    """A form of something that exists; its initial values are what is there now.

    Attributes:
        is_new: Nothing is there yet, whatever the form offers to begin with.
    """

    seen = forms.CharField(required=False, max_length=_DIGITS, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = is_new
        if self.is_bound:
            data: Any = self.data
            self.data = data.copy()

    def shown(self) -> Any:
        """Return what the form shows of what is there now, ready for JSON."""
        if self.is_new:
            return {}
        return {
            name: self.get_initial_for_field(field, name)
            for name, field in self.fields.items()
            if name != SEEN
        }

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Return what a field begins with: this one with a digest of all the others."""
        if field_name != SEEN:
            return super().get_initial_for_field(field, field_name)
        said = json.dumps(self.shown(), sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]

    def clean(self) -> dict[str, Any]:
        """Refuse once what was filled in over something else than what is there."""
        cleaned = super().clean() or {}
        before, now = self.data.get(SEEN), self[SEEN].initial
        # Programs send no digest; and what is as it was sent was not undone by anybody.
        if before and before != now and self.differs():
            self._show_again(now)
            self.add_error(
                None,
                _(
                    "This was changed while you had it open, perhaps by you in another tab. What "
                    "you typed is still here; saving it again replaces what is there now."
                ),
            )
        return cleaned

    def differs(self) -> bool:
        """Return whether something else was sent than what is there now."""
        return bool(set(self.changed_data) - {SEEN})

    def _show_again(self, now: str) -> None:
        """Take note of what is there; fields that were not on the page yet show what they hold."""
        data: Any = self.data
        data[SEEN] = now
        for name, field in self.fields.items():
            if field.widget.value_omitted_from_data(data, self.files, name) and self[name].initial:
                data[name] = self[name].initial
