"""``python -m tests.services.people NUMBER FIELDS``: members with tokens, one JSON line each."""

import json
import os
import sys
from typing import Any

import django


def main() -> None:
    """Make them and print id, address, name and token."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from live.credentials import create_tokens
    from members.models import Consent, Member, SiteSettings
    from tests.services.servers import PASSWORD

    number, fields = int(sys.argv[1]), json.loads(sys.argv[2])
    SiteSettings.objects.update_or_create(pk=1, defaults={"is_set_up": True})
    first = Member.objects.count() + 1
    # One hash for all: hashing slowly is another suite's subject.
    password = make_password(PASSWORD)
    common: dict[str, Any] = {"password": password, "country": "EE", "time_zone": "Europe/Tallinn"}
    members = Member.objects.bulk_create(
        Member(**{
            "email": f"person-{n}@example.org", "name": f"Person {n}", **common, **fields
        })
        for n in range(first, first + number)
    )  # fmt: skip
    Consent.objects.bulk_create(
        Consent(member=member, purpose="directory", version=1, language="en") for member in members
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email, verified=True, primary=True)
        for member in members
    )
    tokens = create_tokens(members, name="tests")
    for member, token in zip(members, tokens, strict=True):
        said = {"id": member.pk, "email": member.email, "name": member.name, "token": token}
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
