"""HTML input of meeting rounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from live.problems import BIGINT
from matchmaking.vocabulary import MEETING_TITLE, MOST_AT_A_MEETING, GroupSize
from members.access import Actor, visible_members

MOST_TEXT = 40_000


class PeopleField(forms.CharField):
    """Addresses or numbers of members, one a line; cleaned to their ids, ascending."""

    def __init__(self, actor: Actor, **options: Any) -> None:
        widget = forms.Textarea({"rows": 4, "spellcheck": "false"})
        super().__init__(required=False, max_length=MOST_TEXT, widget=widget, **options)
        self.actor = actor

    def clean(self, value: Any) -> list[int]:
        """Return the ids; says which lines are nobody's."""
        text = super().clean(value)
        lines = list(dict.fromkeys(line.strip().lower() for line in text.splitlines()))
        lines = [line for line in lines if line]
        if len(lines) > MOST_AT_A_MEETING:
            raise forms.ValidationError(_now("Between 1 and 300 people can take part."))
        digits = [line for line in lines if line.isascii() and line.isdigit()]
        # Longer ones are nobody's, and Python reads no number of thousands of digits.
        numbers = {line: int(line) for line in digits if len(line) <= len(str(BIGINT))}
        numbers = {line: pk for line, pk in numbers.items() if pk <= BIGINT}
        seen = visible_members(self.actor)
        by_address = dict(seen.filter(email__in=lines).values_list("email", "pk"))
        by_number = set(seen.filter(pk__in=numbers.values()).values_list("pk", flat=True))
        found = {line: by_address.get(line) or numbers.get(line) for line in lines}
        unknown = [
            line for line, pk in found.items() if line not in by_address and pk not in by_number
        ]
        if unknown:
            shown = ", ".join(unknown[:5])
            raise forms.ValidationError(
                _now("Nobody here has this address or number: %(lines)s") % {"lines": shown}
            )
        return sorted({pk for pk in found.values() if pk is not None})


class MeetingForm(forms.Form):
    """A meeting to plan."""

    title = forms.CharField(label=_("Title"), max_length=MEETING_TITLE)
    size = forms.TypedChoiceField(
        label=_("Who meets at a table"), choices=GroupSize.choices, coerce=int
    )
    with_consenting = forms.BooleanField(
        label=_("Everybody who agreed to suggestions of partners takes part"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
        self.fields["members"] = PeopleField(
            actor,
            label=_("People who take part"),
            help_text=_("E-mail addresses or members’ numbers, one a line."),
        )
        self.order_fields(("title", "size", "members", "with_consenting"))


class LateForm(forms.Form):
    """People who came without having been planned for."""

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
        self.fields["here"] = PeopleField(
            actor,
            label=_("Somebody else has come"),
            help_text=_("E-mail addresses or members’ numbers, one a line."),
        )
