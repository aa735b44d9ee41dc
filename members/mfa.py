"""How allauth's second steps are bent to this site: names, secrets at rest, whose site it is."""

import base64
import hashlib
from functools import cache
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from members.queries import site_settings


@cache
def _box(secret: str) -> Fernet:
    """What seals secrets at rest: a key of its own, derived from the site's."""
    digest = hashlib.sha256(b"members.mfa\0" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class MfaAdapter(DefaultMFAAdapter):
    """Second steps of members."""

    def encrypt(self, text: str) -> str:
        """Seal a secret, so that a copy of the database alone opens no account."""
        return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return _box(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the name under which an app lists this account."""
        return site_settings().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return whose passkeys these are: the site's host, under its name.

        `SITE_URL` counts before the Host header: passkeys are bound to it for good.
        """
        own = urlsplit(settings.SITE_URL or context.request.build_absolute_uri("/"))
        return {"id": own.hostname or "", "name": site_settings().name}

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002 - allauth's name
    ) -> str:
        """Return a name for a key that its owner did not name."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)d") % {"number": number}
