"""allauth's forms of the account, with their fields called as the site calls them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADDRESS = _("E-mail address")
NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password again")}


class Called(forms.Form):
    """A form that says what its fields are called."""

    labels: ClassVar[Mapping[str, str | Promise]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.fields[name].label = str(label)


class SignInForm(Called, LoginForm):
    """Signing in."""

    labels: ClassVar[Mapping[str, str | Promise]] = {"login": ADDRESS}


class AddressForm(Called, AddEmailForm):
    """Another address."""

    labels: ClassVar[Mapping[str, str | Promise]] = {"email": ADDRESS}


class ForgottenPasswordForm(Called, ResetPasswordForm):
    """Asking for a link with which one chooses a new password."""

    labels: ClassVar[Mapping[str, str | Promise]] = {"email": ADDRESS}


class ChosenPasswordForm(Called, ResetPasswordKeyForm):
    """A new password, by that link."""

    labels: ClassVar[Mapping[str, str | Promise]] = NEW_PASSWORD


class ChangedPasswordForm(Called, ChangePasswordForm):
    """A new password for the one that one has."""

    labels: ClassVar[Mapping[str, str | Promise]] = {
        "oldpassword": _("Current password")
    } | NEW_PASSWORD


class FirstPasswordForm(Called, SetPasswordForm):
    """A password where there was none."""

    labels: ClassVar[Mapping[str, str | Promise]] = NEW_PASSWORD
