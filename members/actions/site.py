"""The site's settings and its first run."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.errors import Conflict, Invalid
from members.access.people import Actor, require_staff
from members.models.people import Member
from members.models.site import SiteSettings
from members.rules import is_setup_code


@dataclass(frozen=True)
class SiteChoices:
    """What an instance may say of itself; `logo` is a cleaned image, None leaves it as it is."""

    name: str
    languages: list[str]
    registration: str
    logo: Any = None
    drop_logo: bool = False


def change_site(*, actor: Actor, choices: SiteChoices) -> None:
    """Change the site's settings.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
    """
    require_staff(actor)
    with transaction.atomic():
        _write_site(_locked_site(), choices)


def set_up_site(*, choices: SiteChoices, name: str, email: str, password: str, code: str) -> Member:
    """Return the first member of staff of a new instance, whose settings are now written.

    Of two that set up at the same time, one is refused.

    Raises:
        Invalid: `setup.code`, the code is not the one that the server printed at start.
        Conflict: `setup.done`, the instance is set up already.
    """
    if not is_setup_code(code, settings.SETUP_CODE):
        wrong = _("This is not the code that the server printed at start.")
        raise Invalid(code="setup.code", fields={"code": [wrong]})
    with transaction.atomic():
        site = _locked_site()
        if site.is_set_up or Member.objects.exists():
            raise Conflict(code="setup.done", detail=gettext_lazy("This site is set up already."))
        site.is_set_up = True
        _write_site(site, choices)
        member = Member.objects.create_superuser(email, password, name=name)
        # Whoever reads the server's output owns the instance; there may be no mail yet.
        EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
        return member


def _locked_site() -> SiteSettings:
    """Return the one row of settings, made if it was missing, locked until commit."""
    SiteSettings.objects.get_or_create(pk=1)
    return SiteSettings.objects.select_for_update().get(pk=1)


def _write_site(site: SiteSettings, choices: SiteChoices) -> None:
    site.name = choices.name
    site.languages = choices.languages
    site.registration = choices.registration
    if choices.logo is not None or choices.drop_logo:
        old, storage = site.logo.name, site.logo.storage
        site.logo = choices.logo or ""
        if old:
            transaction.on_commit(lambda: storage.delete(old))
    site.save()
