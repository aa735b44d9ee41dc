"""Writes of organisations."""

from members.models.organisations import Organisation


def named_organisation(name: str, country: str) -> Organisation | None:
    """Return the organisation of this name in this country, made if it was missing; None for "".

    Case and spaces around do not make another one.
    """
    name = " ".join(name.split())
    if not name:
        return None
    found = Organisation.objects.filter(name__iexact=name, country=country).first()
    return found or Organisation.objects.create(name=name, country=country)
