"""HTML input of a profile: when signing up and later in the settings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.countries import country_choices
from base.languages import SITE_LANGUAGES, language_choices
from base.text import one_line
from members.actions.profiles import Profile
from members.models.organisations import Organisation
from members.profile import (
    MOST_LANGUAGES,
    NAME_LENGTH,
    ORGANISATION_LENGTH,
    place_name,
    time_zones,
    zone_of_country,
)

SUGGESTED_ORGANISATIONS = 300


class Suggestions(forms.TextInput):
    """A text field with suggestions that the browser offers while one types.

    Attributes:
        is_for_strangers: Whether it names only organisations that show themselves to everyone.
    """

    template_name = "members/widgets/suggestions.html"
    is_for_strangers = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the id of the list of suggestions and the suggestions themselves."""
        list_id = f"{(attrs or {}).get('id', name)}_suggestions"
        found = super().get_context(name, value, (attrs or {}) | {"list": list_id})
        shown = Organisation.objects.filter(is_confirmed=True).order_by("name")
        if self.is_for_strangers:
            shown = shown.filter(is_public=True)
        names = shown.values_list("name", flat=True)
        return found | {"list_id": list_id, "suggestions": names[:SUGGESTED_ORGANISATIONS]}


class PublicSuggestions(Suggestions):
    """Suggestions for somebody who is no member yet."""

    is_for_strangers = True


class PersonFields(forms.Form):
    """Name, organisation, country and time zone: what signing up and the settings both ask."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        help_text=_("Choose one that is suggested, or type a new name."),
        max_length=ORGANISATION_LENGTH,
        required=False,
        widget=Suggestions({"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(
        label=_("Country"), widget=forms.Select({"autocomplete": "country"})
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Times of meetings are shown in it."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        zones = [(zone, place_name(zone)) for zone in _ordered_zones()]
        self._choose("country", [("", _("Choose a country")), *country_choices()])
        self._choose("time_zone", [("", _("The one of my country")), *zones])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_name(self) -> str:
        """Refuse a name of which nobody would see anything."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Please give your name."))
        return name

    def clean(self) -> dict[str, Any]:
        """Find the time zone of the country."""
        cleaned = super().clean() or {}
        if not cleaned.get("time_zone") and cleaned.get("country"):
            cleaned["time_zone"] = zone_of_country(cleaned["country"])
            if not cleaned["time_zone"]:
                self.add_error("time_zone", _("Your country has several: please choose one."))
        return cleaned


class ProfileFields(PersonFields):
    """What a newcomer says: the person, and the languages spoken; how well comes later."""

    languages = forms.MultipleChoiceField(
        label=_("Languages you speak"), widget=forms.CheckboxSelectMultiple, required=False
    )
    further_languages = forms.MultipleChoiceField(
        label=_("Further languages"),
        help_text=_("To choose several, hold Ctrl (on a Mac: Command)."),
        widget=forms.SelectMultiple({"size": 4}),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].widget = PublicSuggestions({"autocomplete": "organization"})
        languages = language_choices()
        self._choose("languages", [pair for pair in languages if pair[0] in SITE_LANGUAGES])
        self._choose(
            "further_languages", [pair for pair in languages if pair[0] not in SITE_LANGUAGES]
        )

    def clean(self) -> dict[str, Any]:
        """Put the languages into one list."""
        cleaned = super().clean()
        further = cleaned.pop("further_languages", [])
        cleaned["languages"] = [*cleaned.get("languages", []), *further]
        if len(cleaned["languages"]) > MOST_LANGUAGES:
            self.add_error("languages", _at_most_languages())
        return cleaned

    def profile(self) -> Profile:
        """Return what a valid form says."""
        data = self.cleaned_data
        return Profile(
            name=data["name"],
            organisation=data["organisation"],
            country=data["country"],
            languages=data["languages"],
            time_zone=data["time_zone"],
        )


def _at_most_languages() -> ValidationError:
    return ValidationError(_("At most %(limit)d languages."), params={"limit": MOST_LANGUAGES})


def _ordered_zones() -> list[str]:
    """Europe's time zones first, then all others, each by name."""
    return sorted(time_zones(), key=lambda zone: (not zone.startswith("Europe/"), zone))
