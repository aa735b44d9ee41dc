"""HTML input of one's own profile in the settings: details with audiences, languages, picture."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.core.files.base import ContentFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.languages import language_choices
from members.details import LENGTHS
from members.events import MemberChanged, ProfileChange, ProfileLink, WorkingHours
from members.forms.organisations import SectorChoice
from members.forms.profiles import PersonFields
from members.forms.seen import SeenForm
from members.pictures import draw_picture
from members.profile import MOST_LANGUAGES
from members.sectors import sector_groups
from members.vocabulary import Audience, Level

SPARE_ROWS: Final = 3
WEEKDAYS: Final = (
    ("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday")), ("4", _("Thursday")),
    ("5", _("Friday")), ("6", _("Saturday")), ("7", _("Sunday")),
)  # fmt: skip
GROUPS: Final = (
    (_("You"), ("name", "pronouns", "organisation", "country")),
    (_("What you look for"), ("interests", "about", "links")),
    (_("When you are there"), ("time_zone", "working_hours")),
)
"""Fields of the profile under their headings, in the order of the page."""

_FURTHER: Final = {
    "interests": ("interests", "sectors"),
    "working_hours": ("work_days", "work_from", "work_until"),
}
"""What else a field of the profile asks, beyond what is named like it."""


def audience_field(label: Any) -> forms.ChoiceField:
    """Return the choice of who sees a field."""
    return forms.ChoiceField(label=label, choices=Audience.choices, required=False)


class SettingsForm(SeenForm, PersonFields):
    """One's own profile, who sees each field of it, and the language of the site."""

    pronouns = forms.CharField(
        label=_("Pronouns"), max_length=LENGTHS["pronouns"], required=False,
        help_text=_("How others speak of you, such as: she, ze, they."),
    )  # fmt: skip
    interests = forms.CharField(
        label=_("What are you interested in?"),
        max_length=LENGTHS["interests"],
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    sectors = forms.MultipleChoiceField(
        label=_("Sectors that interest you"), required=False, widget=SectorChoice
    )
    about = forms.CharField(
        label=_("About you"),
        max_length=LENGTHS["about"],
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    links = forms.CharField(
        label=_("Links"),
        help_text=_("One a line: the address, then what it is."),
        required=False,
        widget=forms.Textarea({"rows": 3, "placeholder": "https://"}),
    )
    work_days = forms.MultipleChoiceField(
        label=_("Working days"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    work_from = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    work_until = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    locale = forms.ChoiceField(label=_("Language of the site"), required=False)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("sectors", sector_groups())
        self._choose("locale", [("", _("As the browser asks for")), *languages])
        for _title, names in GROUPS:
            for name in names:
                self.fields[f"{name}_audience"] = audience_field(_("Who sees this?"))

    def groups(self) -> Iterator[tuple[Any, list[tuple[list[BoundField], BoundField]]]]:
        """Yield per heading its fields: what they ask, and who sees it."""
        for title, names in GROUPS:
            rows = [
                ([self[part] for part in _FURTHER.get(name, (name,))], self[f"{name}_audience"])
                for name in names
            ]
            yield title, rows

    def change(self) -> ProfileChange:
        """Return what a valid form says."""
        data = self.cleaned_data
        return ProfileChange(
            **{
                name: data[name]
                for name in (
                    "name", "organisation", "country", "time_zone", "locale", "pronouns",
                    "interests", "sectors", "about",
                )
            },
            working_hours=WorkingHours(
                days=[int(day) for day in data["work_days"]],
                start=f"{data['work_from']:%H:%M}" if data["work_from"] else "",
                end=f"{data['work_until']:%H:%M}" if data["work_until"] else "",
            ),
            links=[_link(line) for line in data["links"].splitlines() if line.strip()],
            audiences=self._audiences(),
        )  # fmt: skip

    def _audiences(self) -> dict[str, str]:
        """The audiences that were sent; what was not stays as it is."""
        sent = {n: self.cleaned_data[f"{n}_audience"] for _title, names in GROUPS for n in names}
        return {name: audience for name, audience in sent.items() if audience}


def _link(line: str) -> ProfileLink:
    url, _space, label = line.strip().partition(" ")
    return ProfileLink(url=url, label=label.strip())


def settings_values(now: MemberChanged) -> dict[str, Any]:
    """Return what the settings form begins with."""
    details = now.details
    return {
        "name": now.member.name,
        "organisation": now.member.organisation,
        "country": now.member.country,
        "time_zone": now.time_zone,
        "locale": now.locale,
        "pronouns": details.pronouns,
        "interests": details.interests,
        "sectors": details.sectors,
        "about": details.about,
        "links": "\n".join(f"{link.url} {link.label}".strip() for link in details.links),
        "work_days": [str(day) for day in details.working_hours.days],
        "work_from": details.working_hours.start,
        "work_until": details.working_hours.end,
    } | {f"{name}_audience": audience for name, audience in details.audiences.items()}


FIELD_OF_FORM: Final = {"working_hours": "work_from", "audiences": "name_audience"}
"""Where the form says what is wrong with a field of the command that it has not itself."""


class LanguagesForm(SeenForm):
    """The languages one speaks, a row each; a row without a language is none."""

    def __init__(self, *args: Any, now: MemberChanged, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self._rows = min(len(now.languages) + SPARE_ROWS, MOST_LANGUAGES)
        choices = [("", _("Choose a language")), *language_choices()]
        levels = [("", pgettext_lazy("level", "Not said")), *Level.choices]
        for row in range(self._rows):
            tag = now.languages[row] if row < len(now.languages) else ""
            self.fields[f"language_{row}"] = forms.ChoiceField(
                label=_("Language"), choices=choices, initial=tag, required=False
            )
            self.fields[f"level_{row}"] = forms.ChoiceField(
                label=_("Level"),
                choices=levels,
                initial=now.details.levels.get(tag, ""),
                required=False,
            )
        self.fields["audience"] = audience_field(_("Who sees your languages?"))
        self.fields["audience"].initial = now.details.audiences["languages"]

    def rows(self) -> list[tuple[BoundField, BoundField]]:
        """Return each row's two fields."""
        return [(self[f"language_{row}"], self[f"level_{row}"]) for row in range(self._rows)]

    def change(self) -> ProfileChange:
        """Return what a valid form says, the best known language first."""
        data, order = self.cleaned_data, [*Level.values, ""]
        chosen = {
            data[f"language_{row}"]: data[f"level_{row}"]
            for row in range(self._rows)
            if data[f"language_{row}"]
        }
        best_first = sorted(chosen, key=lambda tag: order.index(chosen[tag]))
        return ProfileChange(
            languages=best_first,
            levels=chosen,
            audiences={"languages": data["audience"]} if data["audience"] else {},
        )


class PictureForm(forms.Form):
    """One's own picture, and who sees it."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB. It is cut to a square."),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    drop_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    audience = audience_field(_("Who sees your picture?"))

    def __init__(self, *args: Any, now: MemberChanged, **kwargs: Any) -> None:
        initial = {"audience": now.details.audiences["picture"]}
        super().__init__(*args, **({"label_suffix": "", "initial": initial} | kwargs))
        if not now.details.picture:
            del self.fields["drop_picture"]

    def clean_picture(self) -> ContentFile[bytes] | None:
        """Return the picture drawn anew, or None where none was sent."""
        sent = self.cleaned_data["picture"]
        return draw_picture(sent) if sent else None
