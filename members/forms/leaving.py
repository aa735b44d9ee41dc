"""HTML input of leaving."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.vocabulary import LeavingTexts


class LeavingForm(forms.Form):
    """The wish to be erased: what becomes of contributions, and that one means it."""

    texts = forms.ChoiceField(
        label=_("What you wrote"),
        help_text=_("Discussions stay readable if you leave your messages without your name."),
        choices=LeavingTexts.choices,
        widget=forms.RadioSelect,
        initial=LeavingTexts.LEAVE,
    )
    is_sure = forms.BooleanField(label=_("I want my account to be erased"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
