"""HTML input of the figures: settings to try."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.queries.figures import Tried, tried_now

PERCENT = 100


class WhatIfForm(forms.Form):
    """Settings to try, in percent."""

    hub_discount = forms.IntegerField(
        label=_("Discount for those with very many partners, in percent"),
        min_value=0,
        max_value=PERCENT,
    )
    small_part = forms.IntegerField(
        label=_("Places for small countries, in percent of their share"),
        min_value=0,
        max_value=PERCENT,
    )
    newcomer_part = forms.IntegerField(
        label=_("Places for newcomers, in percent of a list"), min_value=0, max_value=PERCENT
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        held = tried_now()
        initial = {name: round(getattr(held, name) * PERCENT) for name in held.__dataclass_fields__}
        super().__init__(*args, **({"label_suffix": "", "initial": initial} | kwargs))

    def tried(self) -> Tried:
        """Return what a valid form says."""
        return Tried(**{name: value / PERCENT for name, value in self.cleaned_data.items()})
