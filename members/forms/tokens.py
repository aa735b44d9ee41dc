"""HTML input of an access token."""

from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from live.scopes import EVERYTHING, READ, areas


def scope_label(scope: str) -> str:
    """Return what a scope is called, such as "Chat: read"."""
    wide = {
        "read": pgettext("what a program may do", "Read everything"),
        "write": pgettext("what a program may do", "Write everything"),
    }
    if scope in wide:
        return wide[scope]
    area, _colon, verb = scope.partition(":")
    label = str(apps.get_app_config(area).verbose_name)
    text = _("%(area)s: read") if verb == READ else _("%(area)s: write")
    return text % {"area": label}


class TokenForm(forms.Form):
    """A new access token."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("A name by which you know it again, such as: backup script."),
        max_length=80,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may it do?"),
        help_text=gettext_lazy("As little as it needs. It never may more than you."),
        widget=forms.CheckboxSelectMultiple,
        initial=[READ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        field = self.fields["scopes"]
        if isinstance(field, forms.MultipleChoiceField):
            narrow = [f"{area}:{verb}" for area in areas() for verb in EVERYTHING]
            field.choices = [(scope, scope_label(scope)) for scope in (*EVERYTHING, *narrow)]
