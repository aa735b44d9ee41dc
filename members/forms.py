"""HTML input of the members app: signing up, profile, site settings, first run, invitations.

Forms check shapes and keep what was typed; the rules stand in the actions.
"""

from typing import Any

from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.countries import country_choices
from base.languages import SITE_LANGUAGES, language_choices
from members.actions import Profile, SiteChoices
from members.logo import clean_logo
from members.models import Invitation, Member, Organisation, SiteSettings
from members.profile import (
    MOST_LANGUAGES,
    NAME_LENGTH,
    ORGANISATION_LENGTH,
    place_name,
    time_zones,
    zone_of_country,
)
from members.queries import usable_invitation
from members.vocabulary import Registration, Role

INVITATION_SESSION_KEY = "invitation"
SUGGESTED_ORGANISATIONS = 300


class Suggestions(forms.TextInput):
    """A text field with suggestions that the browser offers while one types."""

    template_name = "members/widgets/suggestions.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the id of the list of suggestions and the suggestions themselves."""
        list_id = f"{(attrs or {}).get('id', name)}_suggestions"
        found = super().get_context(name, value, (attrs or {}) | {"list": list_id})
        names = Organisation.objects.order_by("name").values_list("name", flat=True)
        return found | {"list_id": list_id, "suggestions": names[:SUGGESTED_ORGANISATIONS]}


class ProfileFields(forms.Form):
    """What a person says of themselves when signing up and later in the settings."""

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
    languages = forms.MultipleChoiceField(
        label=_("Languages you speak"), widget=forms.CheckboxSelectMultiple, required=False
    )
    further_languages = forms.MultipleChoiceField(
        label=_("Further languages"),
        help_text=_("To choose several, hold Ctrl (on a Mac: Command)."),
        widget=forms.SelectMultiple({"size": 4}),
        required=False,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Times of meetings are shown in it."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        languages = language_choices()
        zones = [(zone, place_name(zone)) for zone in _ordered_zones()]
        self._choose("country", [("", _("Choose a country")), *country_choices()])
        self._choose("languages", [pair for pair in languages if pair[0] in SITE_LANGUAGES])
        self._choose(
            "further_languages", [pair for pair in languages if pair[0] not in SITE_LANGUAGES]
        )
        self._choose("time_zone", [("", _("The one of my country")), *zones])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Put the languages into one list, and find the time zone of the country."""
        cleaned = super().clean() or {}
        further = cleaned.pop("further_languages", [])
        cleaned["languages"] = [*cleaned.get("languages", []), *further]
        if len(cleaned["languages"]) > MOST_LANGUAGES:
            self.add_error("languages", _at_most_languages())
        if not cleaned.get("time_zone") and cleaned.get("country"):
            cleaned["time_zone"] = zone_of_country(cleaned["country"])
            if not cleaned["time_zone"]:
                self.add_error("time_zone", _("Your country has several: please choose one."))
        return cleaned

    def profile(self) -> Profile:
        """Return what a valid form says."""
        data = self.cleaned_data
        return Profile(
            name=" ".join(data["name"].split()),
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


class SignUpForm(ProfileFields):
    """The part of allauth's sign-up form that is ours; allauth adds address and password."""

    field_order = ("email", "password1", *ProfileFields.base_fields)

    def clean(self) -> dict[str, Any]:
        """Refuse an invitation that is used up, or that was made out to another address."""
        cleaned = super().clean() or {}
        token = context.request.session.get(INVITATION_SESSION_KEY)
        if token:
            invitation = usable_invitation(token)
            if invitation is None:
                raise ValidationError(_("This invitation was used already or has run out."))
            if invitation.email and cleaned.get("email", invitation.email) != invitation.email:
                self.add_error("email", _("The invitation was made out to another address."))
        return cleaned

    def signup(self, request: Any, user: Member) -> None:
        """Do nothing: the adapter saves account and profile in one transaction."""


class SettingsForm(ProfileFields):
    """One's own profile and interface language."""

    locale = forms.ChoiceField(label=_("Language of the site"), required=False)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("locale", [("", _("As the browser asks for")), *languages])


class SiteForm(forms.Form):
    """What the site says of itself and how it takes newcomers."""

    site_name = forms.CharField(label=_("Name of the site"), max_length=80)
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG, WebP or GIF, at most 2 MB. It is shown small, on light and dark."),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    drop_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages of the site"),
        help_text=_("What visitors can choose; what is not translated stays English."),
        choices=list(SITE_LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    registration = forms.ChoiceField(
        label=_("New members"), choices=Registration.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, site: SiteSettings, **kwargs: Any) -> None:
        initial = {
            "site_name": site.name,
            "languages": site.languages or list(SITE_LANGUAGES),
            "registration": site.registration,
        }
        super().__init__(*args, **({"initial": initial, "label_suffix": ""} | kwargs))
        if not site.logo:
            del self.fields["drop_logo"]

    def clean_logo(self) -> Any:
        """Return the picture as a fresh PNG, or None where none was sent."""
        sent = self.cleaned_data["logo"]
        return clean_logo(sent) if sent else None

    def choices(self) -> SiteChoices:
        """Return what a valid form says."""
        data = self.cleaned_data
        return SiteChoices(
            name=data["site_name"],
            languages=data["languages"],
            registration=data["registration"],
            logo=data["logo"],
            drop_logo=data.get("drop_logo", False),
        )


class SetUpForm(SiteForm):
    """The first-run page: the site's settings and its first member of staff."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput({"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=password_validation.password_validators_help_text_html(),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    code = forms.CharField(
        label=_("Set-up code"),
        help_text=_("The server printed it when it started; it shows that the server is yours."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.SETUP_CODE:
            del self.fields["code"]

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """Check the password by the site's rules, against name and address too."""
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            member = Member(name=cleaned.get("name", ""), email=cleaned.get("email", ""))
            try:
                password_validation.validate_password(cleaned["password"], member)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class InvitationForm(forms.ModelForm[Invitation]):
    """A new invitation."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)

    class Meta:
        model = Invitation
        fields = ("email", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("With an address, nobody else can use the link.")


class TokenForm(forms.Form):
    """A new access token."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A name by which you know it again, such as: backup script."),
        max_length=80,
    )


class SearchForm(forms.Form):
    """Search in the list of members."""

    q = forms.CharField(label=_("Name or organisation"), required=False, max_length=80)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, countries: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All countries")), *country_choices(countries)]
