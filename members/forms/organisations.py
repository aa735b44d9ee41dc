"""HTML input of an organisation's page: its facts, its texts in several languages, its logo."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.countries import country_choices
from base.languages import SITE_LANGUAGES, language_choices, language_name
from files.images import clean_picture
from members.events import OrganisationChange, OrganisationCreate
from members.forms.seen import SeenForm
from members.models.organisations import Organisation
from members.organisation import NAME_LENGTH, TEXT_LENGTH, TOWN_LENGTH, WEBSITE_LENGTH
from members.regions import region_groups
from members.sectors import sector_groups
from members.vocabulary import OrganisationKind, SizeClass

LOGO_PX = 512
_TEXT = "text_"


class SectorChoice(forms.CheckboxSelectMultiple):
    """Checkboxes, those of a sector folded under its name until one of them is chosen."""

    template_name = "members/widgets/sectors.html"


class OrganisationForm(SeenForm):
    """What an organisation says of itself; one text per language, and room for one more."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(label=_("Region"), required=False)
    town = forms.CharField(label=_("Town"), max_length=TOWN_LENGTH, required=False)
    website = forms.CharField(
        label=_("Website"),
        max_length=WEBSITE_LENGTH,
        required=False,
        widget=forms.URLInput({"placeholder": "https://"}),
    )
    founded = forms.IntegerField(label=_("Founded in"), required=False)
    size = forms.ChoiceField(label=_("Size"), required=False)
    sectors = forms.MultipleChoiceField(label=_("Sectors"), required=False, widget=SectorChoice)
    languages = forms.MultipleChoiceField(
        label=_("Languages in which one can work with you"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    further_languages = forms.MultipleChoiceField(
        label=_("Further languages"),
        help_text=_("To choose several, hold Ctrl (on a Mac: Command)."),
        required=False,
        widget=forms.SelectMultiple({"size": 4}),
    )
    is_public = forms.BooleanField(
        label=_("Show this page to everyone, also to people who are not members"), required=False
    )
    new_language = forms.ChoiceField(label=_("Description in another language"), required=False)
    new_text = forms.CharField(
        label=_("That description"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        self.before = _values(organisation) if organisation else {}
        super().__init__(*args, **({"label_suffix": "", "initial": self.before} | kwargs))
        names = language_choices()
        self._choose("country", [("", _("Choose a country")), *country_choices()])
        self._choose(
            "region",
            [
                ("", pgettext_lazy("region", "Not said")),
                *region_groups(self.before.get("region", "")),
            ],
        )
        self._choose("size", [("", pgettext_lazy("size", "Not said")), *SizeClass.choices])
        self._choose("sectors", sector_groups())
        self._choose("languages", [pair for pair in names if pair[0] in SITE_LANGUAGES])
        self._choose("further_languages", [p for p in names if p[0] not in SITE_LANGUAGES])
        described: Mapping[str, str] = self.before.get("descriptions", {})
        for tag, text in described.items():
            self.fields[_TEXT + tag] = _text_field(tag, text)
        free = [pair for pair in names if pair[0] not in described]
        self._choose("new_language", [("", _("Choose a language")), *free])
        self.order_fields(_ordered(self.fields, described))

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Ask for the language of a new text, so that it is not lost."""
        cleaned = super().clean() or {}
        if cleaned.get("new_text", "").strip() and not cleaned.get("new_language"):
            self.add_error("new_language", _("In which language is this description?"))
        return cleaned

    def creation(self) -> OrganisationCreate:
        """Return what a valid form says of a new organisation."""
        return OrganisationCreate(**self._words())

    def change(self, organisation_id: int) -> OrganisationChange:
        """Return what a valid form says of an organisation that exists."""
        return OrganisationChange(id=organisation_id, **self._words())

    def _words(self) -> dict[str, Any]:
        data = self.cleaned_data
        texts = {
            name.removeprefix(_TEXT): value
            for name, value in data.items()
            if name.startswith(_TEXT)
        }
        if data["new_language"]:
            texts[data["new_language"]] = data["new_text"]
        plain = ("name", "kind", "country", "region", "town", "website", "founded", "size",
                 "is_public", "sectors")  # fmt: skip
        return {name: data[name] for name in plain} | {
            "languages": self._languages(),
            "descriptions": texts,
        }

    def _languages(self) -> list[str]:
        """The chosen languages: those that were there in their order, then the new ones."""
        chosen = [*self.cleaned_data["languages"], *self.cleaned_data["further_languages"]]
        before = [tag for tag in self.before.get("spoken", []) if tag in chosen]
        return [*before, *(tag for tag in chosen if tag not in before)]


def _values(organisation: Organisation) -> dict[str, Any]:
    """What the form shows of an organisation, whose details are loaded with it."""
    spoken = [row.language for row in organisation.languages.all()]
    plain = ("name", "kind", "country", "region", "town", "website", "founded", "size", "is_public")
    return {name: getattr(organisation, name) for name in plain} | {
        "sectors": [row.code for row in organisation.sectors.all()],
        "spoken": spoken,
        "languages": [tag for tag in spoken if tag in SITE_LANGUAGES],
        "further_languages": [tag for tag in spoken if tag not in SITE_LANGUAGES],
        "descriptions": {row.language: row.text for row in organisation.texts.all()},
    }


def _text_field(tag: str, text: str) -> forms.CharField:
    return forms.CharField(
        label=_("Description: %(language)s") % {"language": language_name(tag)},
        help_text=_("Leave it empty to take it away."),
        max_length=TEXT_LENGTH,
        initial=text,
        required=False,
        widget=forms.Textarea({"rows": 5, "lang": tag}),
    )


def _ordered(names: Iterable[str], described: Iterable[str]) -> list[str]:
    """Texts stand before the place for a new one, and the page's audience last."""
    last = [*(_TEXT + tag for tag in described), "new_language", "new_text", "is_public"]
    return [*(name for name in names if name not in last), *last]


class LogoForm(forms.Form):
    """A logo, drawn anew before it is kept."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG, WebP, AVIF or GIF, at most 5 MB. It is shown on light and dark."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp,image/avif,image/gif"}),
    )

    def clean_logo(self) -> Any:
        """Return the picture as a fresh file."""
        return clean_picture(self.cleaned_data["logo"], longest_px=LOGO_PX)
