"""HTML input of a proposal: two organisations that an intermediary accompanies."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.countries import country_name
from members.models import Organisation


class ProposalForm(forms.Form):
    """Whom to propose to whom."""

    first = forms.TypedChoiceField(label=_("One organisation"), coerce=int)
    second = forms.TypedChoiceField(label=_("The other one"), coerce=int)

    def __init__(self, *args: Any, choices: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        offered = [(each.pk, f"{each.name}, {country_name(each.country)}") for each in choices]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("Choose an organisation")), *offered]
