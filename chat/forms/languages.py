"""Which languages one reads, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.languages import language_choices
from chat.vocabulary import Others


class LanguagesForm(forms.Form):
    """Languages that one reads, and what becomes of messages in others."""

    reads = forms.MultipleChoiceField(
        label=_("Languages you read"), widget=forms.CheckboxSelectMultiple, required=False
    )
    others = forms.ChoiceField(
        label=_("Messages in other languages"), widget=forms.RadioSelect, choices=Others.choices
    )

    def __init__(self, *args: Any, known: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        field = self.fields["reads"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [pair for pair in language_choices() if pair[0] in known]
