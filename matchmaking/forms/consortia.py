"""HTML input of the consortium builder."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matchmaking.events.consortia import SeekTeam
from matchmaking.vocabulary import MOST_PARTNERS, PROJECT_TITLE, Cooperation

PRESET_LABELS = (
    ("creative_europe_small", _("Creative Europe, small: 3 partners from 3 countries")),
    ("creative_europe_medium", _("Creative Europe, medium: 5 partners from 5 countries")),
    ("creative_europe_large", _("Creative Europe, large: 10 partners from 10 countries")),
    ("interreg", _("Interreg: 6 partners from at least 3 countries")),
    ("", pgettext_lazy("preset of a team", "Something else")),
)


def _number(label: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=MOST_PARTNERS, initial=initial, required=False
    )


class TeamForm(forms.Form):
    """What a team has to be; sent with GET, so that its address can be kept."""

    preset = forms.ChoiceField(
        label=_("Programme"),
        help_text=_("The three numbers count where no programme is chosen."),
        choices=PRESET_LABELS,
        required=False,
    )
    partners = _number(_("Partners, you among them"), 3)
    countries = _number(_("Different countries, at least"), 3)
    per_country = _number(_("Partners of one country, at most"), 1)
    needs = forms.MultipleChoiceField(
        label=_("What the team is to cover together"),
        choices=Cooperation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    members = forms.MultipleChoiceField(
        label=_("Who is in it in any case"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, known: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
        members = self.fields["members"]
        if isinstance(members, forms.ChoiceField):
            members.choices = known
        if not known:
            del self.fields["members"]

    def asked(self) -> SeekTeam:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        return SeekTeam(
            preset=data["preset"],
            partners=data["partners"] or 3,
            countries=data["countries"] or 1,
            per_country=data["per_country"] or 1,
            needs=data["needs"],
            members=[int(pk) for pk in data.get("members", ())],
        )


class ProposalForm(forms.Form):
    """A team to propose."""

    title = forms.CharField(label=_("What the project is called"), max_length=PROJECT_TITLE)
