"""HTML input of a passkey."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 60


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey; the browser fills in what proves that it is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        name = self.fields["name"]
        name.label = _("Name")
        name.max_length = NAME_LENGTH
        name.widget.attrs["maxlength"] = str(NAME_LENGTH)
        alone = self.fields["passwordless"]
        alone.label = _("Sign in with it alone, without the password")
        alone.help_text = _("It then asks for your finger, face or PIN.")
        alone.initial = True

    def clean_name(self) -> str:
        """Return the name, cut to what fits."""
        return str(super().clean_name())[:NAME_LENGTH]
