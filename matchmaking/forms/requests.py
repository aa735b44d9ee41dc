"""HTML input of cooperation requests, and of an answer to one."""

from datetime import UTC, timedelta
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.countries import country_choices
from base.languages import SITE_LANGUAGES, active_locale, language_choices
from matchmaking.events.requests import ChangeRequest, PostRequest, RequestNow
from matchmaking.forms.profiles import NEAR
from matchmaking.vocabulary import (
    ANSWER_TEXT,
    REQUEST_TEXT,
    REQUEST_TITLE,
    Cooperation,
    RequestAudience,
)
from members.forms.organisations import SectorChoice
from members.forms.seen import SEEN, SeenForm
from members.models import Organisation
from members.sectors import sector_groups

USUAL = timedelta(days=60)


def _several(label: Any, help_text: Any = "", widget: Any = None) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        widget=widget or forms.CheckboxSelectMultiple(),
    )


class RequestForm(SeenForm):
    """What an organisation seeks and offers in one matter."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("In one line: who or what is wanted, for what."),
        max_length=REQUEST_TITLE,
    )
    text = forms.CharField(
        label=_("Description"),
        help_text=_("What it is about, what you bring, what you expect, when it begins."),
        max_length=REQUEST_TEXT,
        widget=forms.Textarea({"rows": 8}),
    )
    language = forms.ChoiceField(label=_("Language of your words"))
    needs = _several(_("What do you look for?"))
    offers = _several(_("What do you offer?"))
    deadline = forms.DateField(
        label=_("Deadline"),
        help_text=_("The last day on which it can be answered."),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    countries = _several(_("Countries you look in"), _("Without a choice: anywhere but at home."))
    sectors = _several(
        _("Sectors"), _("At most 8. Without a choice: those of the organisation."), SectorChoice
    )
    languages = _several(
        _("Languages you can work in"), _("Without a choice: any that can be agreed on.")
    )
    audience = forms.ChoiceField(
        label=_("Who may read it"),
        choices=RequestAudience.choices,
        widget=forms.RadioSelect,
        initial=RequestAudience.MEMBERS.value,
    )

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        before: RequestNow | None = None,
        **kwargs: Any,
    ) -> None:
        shown = dict(msgspec.structs.asdict(before)) if before else _offered(organisation)
        begun: dict[str, Any] = {"label_suffix": "", "initial": shown}
        super().__init__(*args, is_new=before is None, **(begun | kwargs))
        self.organisation_id = organisation.pk
        names = language_choices()
        near = country_choices(NEAR - {organisation.country})
        chosen = set(shown.get("countries", ())) - {code for code, _name in near}
        spoken = {*shown["languages"], *SITE_LANGUAGES}
        self._choose("needs", list(Cooperation.choices))
        self._choose("offers", list(Cooperation.choices))
        self._choose("language", names)
        self._choose("sectors", sector_groups())
        self._choose("countries", [*near, *country_choices(chosen)])
        self._choose("languages", [pair for pair in names if pair[0] in spoken])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _said(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name != SEEN}
        return said | {"deadline": self.cleaned_data["deadline"].isoformat()}

    def posting(self) -> PostRequest:
        """Return what a valid form says of a new request."""
        return PostRequest(organisation=self.organisation_id, **self._said())

    def change(self, request_id: int) -> ChangeRequest:
        """Return what a valid form says of a request that is there."""
        return ChangeRequest(id=request_id, **self._said())


def _offered(organisation: Organisation) -> dict[str, Any]:
    """What a first form knows already."""
    return {
        "language": active_locale(),
        "languages": [row.language for row in organisation.languages.all()],
        "deadline": (now().astimezone(UTC) + USUAL).date(),
        "audience": RequestAudience.MEMBERS.value,
    }


class AnswerForm(forms.Form):
    """An answer to a request, for one of the organisations for which one acts."""

    organisation = forms.TypedChoiceField(label=_("Answer for"), coerce=int)
    text = forms.CharField(
        label=_("Your first message"),
        help_text=_("It opens a conversation with those who posted the request."),
        max_length=ANSWER_TEXT,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, houses: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(house.pk, house.name) for house in houses]
            if len(houses) == 1:
                field.initial = houses[0].pk
                field.widget = forms.HiddenInput()
