"""HTML input of a matching profile."""

from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.countries import REGION, country_choices
from base.languages import SITE_LANGUAGES, active_locale, language_choices
from matchmaking.events.profiles import MatchingState, SaveMatching
from matchmaking.vocabulary import (
    DEFAULT_WEEKLY,
    MOST_WEEKLY,
    TEXT_LENGTH,
    Budget,
    Cooperation,
    Programme,
)
from members.forms.organisations import SectorChoice
from members.forms.seen import SeenForm
from members.models import Member, Organisation
from members.sectors import sector_groups
from members.vocabulary import SizeClass

NEAR = frozenset({*REGION, "NO", "IS"})
"""Countries that the form offers, beside those that were chosen elsewhere."""


class Choices(forms.CheckboxSelectMultiple):
    """Checkboxes, drawn by one template: there are over a hundred in a matching profile."""

    template_name = "matchmaking/widgets/choices.html"


def _several(label: Any, help_text: Any = "", widget: Any = None) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        widget=widget or Choices,
    )


class MatchingForm(SeenForm):
    """What an organisation looks for and offers; three minutes fill what matters."""

    needs = _several(_("What do you look for?"))
    private_needs = _several(
        _("Keep these to yourselves"),
        _(
            "Suggestions for you take them into account. Nobody else sees them, and nobody else "
            "is suggested anything because of them."
        ),
    )
    looking_for = forms.CharField(
        label=_("In your own words: what you look for"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    offers = _several(_("What do you offer?"))
    offering = forms.CharField(
        label=_("In your own words: what you offer"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    language = forms.ChoiceField(
        label=_("Language of your words"),
        help_text=_("Texts are compared within a language."),
        required=False,
    )
    sectors = _several(_("Sectors"), _("At most 8."), SectorChoice)
    languages = _several(_("Languages you can work in"))
    wanted = _several(_("Countries you look in"), _("Without a choice: anywhere but at home."))
    excluded = _several(_("Countries you leave out"))
    sizes = _several(_("Size of partners"), _("Without a choice: any."))
    programmes = _several(
        _("Funding programmes you work with"),
        _("Who works with the same programmes fits you better. At most 12."),
    )
    starts_on = forms.DateField(
        label=_("From when"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Until when"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    budget = forms.ChoiceField(label=_("Budget of the whole"), required=False)
    weekly = forms.IntegerField(
        label=_("Suggestions a week, at most"),
        min_value=0,
        max_value=MOST_WEEKLY,
        initial=DEFAULT_WEEKLY,
    )
    consent = forms.BooleanField(required=False)
    is_contact = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        before: MatchingState | None,
        member: Member,
        **kwargs: Any,
    ) -> None:
        shown = _shown(before) if before else _offered(organisation, member)
        begun: dict[str, Any] = {"label_suffix": "", "initial": shown}
        super().__init__(*args, is_new=before is None, **(begun | kwargs))
        self.organisation_id = organisation.pk
        names = language_choices()
        countries = country_choices(NEAR - {organisation.country})
        self._choose("needs", list(Cooperation.choices))
        self._choose("private_needs", list(Cooperation.choices))
        self._choose("offers", list(Cooperation.choices))
        # Of two hundred languages those that are likely; each option costs its time to draw.
        near = {*shown["languages"], shown.get("language", ""), *SITE_LANGUAGES}
        likely = [pair for pair in names if pair[0] in near]
        self._choose("language", [("", pgettext_lazy("language", "Not said")), *likely])
        self._choose("sectors", sector_groups())
        self._choose("languages", likely)
        for name in ("wanted", "excluded"):
            further = country_choices(set(shown.get(name, ())) - {pair[0] for pair in countries})
            self._choose(name, [*countries, *further])
        self._choose("sizes", list(SizeClass.choices))
        self._choose("programmes", list(Programme.choices))
        self._choose("budget", [("", pgettext_lazy("budget", "Not said")), *Budget.choices])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def change(self) -> SaveMatching:
        """Return what a valid form says."""
        data = self.cleaned_data
        needs = data["needs"]
        dates = {
            name: data[name].isoformat() if data[name] else None
            for name in ("starts_on", "ends_on")
        }
        plain = (
            "needs", "offers", "sectors", "languages", "wanted", "excluded", "sizes", "programmes",
            "looking_for", "offering", "language", "budget", "weekly", "is_contact",
        )  # fmt: skip
        values = {name: data[name] for name in plain} | dates
        # Without scripts the list of private ones cannot follow the list of needs.
        private = [code for code in data["private_needs"] if code in needs]
        return SaveMatching(organisation=self.organisation_id, private_needs=private, **values)


def _shown(before: MatchingState) -> dict[str, Any]:
    return dict(msgspec.structs.asdict(before))


def _offered(organisation: Organisation, member: Member) -> dict[str, Any]:
    """What a first form knows already, from the organisation's page and the member's profile."""
    spoken = [row.language for row in organisation.languages.all()]
    return {
        "sectors": [row.code for row in organisation.sectors.all()],
        "languages": spoken or list(member.languages),
        "language": active_locale(),
        "weekly": DEFAULT_WEEKLY,
    }
