"""HTML input of a portfolio: the file of those to invite, and the answer of one who was invited."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models.organisations import Organisation
from members.portfolio_csv import MOST_BYTES, Invited, read_invited


class InviteFileForm(forms.Form):
    """A CSV file of organisations; everything that is wrong with it is said at once."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "The first line names the columns: name, country (two letters), email; and, if you"
            " like, town, kind, language. At most 200 lines. Nobody is invited while a line is"
            " wrong."
        ),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> list[Invited]:
        """Return the lines of the file."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 256 KB."))
        found, wrong = read_invited(sent.read())
        if wrong:
            raise ValidationError(wrong)
        return found


class AnswerForm(forms.Form):
    """For which organisation somebody agrees; "" makes the one that the invitation names."""

    organisation = forms.ChoiceField(label=_("For"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, own: list[Organisation], new_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        choices = [(str(each.pk), each.name) for each in own]
        if new_name:
            choices.append(("", _("%(name)s, a new organisation") % {"name": new_name}))
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        self.initial.setdefault("organisation", choices[0][0] if choices else "")
