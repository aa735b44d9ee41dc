"""HTML input of searching in lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.countries import country_choices


class SearchForm(forms.Form):
    """Search in the list of members."""

    q = forms.CharField(label=_("Name or organisation"), required=False, max_length=80)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, countries: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All countries")), *country_choices(countries)]
