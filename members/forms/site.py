"""HTML input of the site's settings and of the first run."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.languages import SITE_LANGUAGES
from members.actions.site import SiteChoices
from members.forms.seen import SeenForm
from members.logo import clean_logo
from members.models.people import Member
from members.models.site import SiteSettings
from members.profile import (
    NAME_LENGTH,
)
from members.vocabulary import Registration


class SiteForm(SeenForm):
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
