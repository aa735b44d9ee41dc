"""HTML input of signing up, whole: allauth's part, and ours in it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.functional import Promise

from members.forms.signing_in import ADDRESS, Called


class WholeSignUpForm(Called, SignupForm):
    """Signing up, which takes as long whether the address is known or not."""

    labels: ClassVar[Mapping[str, str | Promise]] = {"email": ADDRESS}

    def try_save(self, request: HttpRequest) -> Any:
        """Make the account; for a known address hash the password for nothing, as long as it takes.

        Else whoever signs up with the address of another could tell by the clock.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
