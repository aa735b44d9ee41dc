"""``python -m tests.costs.site``: one of everything, in a site of its own.

Prints one JSON object: what addresses name in their braces, and the sessions of those who look:
the owner, the member, who has a second factor, and somebody who is new and has no password.
"""

import json
import os
import sys

import django


def main() -> None:
    """Make them and print where they are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    from allauth.account.forms import default_token_generator
    from allauth.account.models import EmailAddress, EmailConfirmationHMAC
    from allauth.account.utils import user_pk_to_url_str
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import settings
    from django.test import Client

    from members.models import SiteSettings
    from tests import factories
    from tests.costs.world import new_world
    from tests.members.signing import trusted

    SiteSettings.objects.update_or_create(pk=1, defaults={"is_set_up": True})
    world = new_world()
    world.grow()
    # A key that no device holds would be asked for.
    Authenticator.objects.filter(user=world.member).delete()
    TOTP.activate(world.member, generate_totp_secret())
    RecoveryCodes.activate(world.member)
    plain = factories.member()
    plain.set_unusable_password()
    plain.save()
    EmailAddress.objects.create(user=plain, email=plain.email, verified=True, primary=True)
    sessions = {}
    for name, reader in (("owner", world.owner), ("member", world.member), ("plain", plain)):
        client = Client()
        client.force_login(reader)
        sessions[name] = trusted(client).cookies[settings.SESSION_COOKIE_NAME].value
    address = EmailAddress.objects.get(user=world.member)
    address.verified = False
    more = {
        "email": world.member.email,
        "key": Authenticator.objects.filter(user=world.owner).latest("pk").pk,
        "confirmation": EmailConfirmationHMAC(address).key,
        "reset": "-".join(
            (user_pk_to_url_str(world.member), default_token_generator.make_token(world.member))
        ),
    }
    said = {
        "names": world.names | more,
        "sessions": sessions,
        "cookie": settings.SESSION_COOKIE_NAME,
    }
    sys.stdout.write(json.dumps(said, default=str) + "\n")


if __name__ == "__main__":
    main()
