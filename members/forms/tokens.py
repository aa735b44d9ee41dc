"""HTML input of an access token."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TokenForm(forms.Form):
    """A new access token."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A name by which you know it again, such as: backup script."),
        max_length=80,
    )
