"""Writes of the members app; each checks its rule, writes, and tells whom it concerns.

Whatever takes access away (suspension, a new password, signing out, a revoked token) calls
`live.credentials.revoke` in the same transaction, so that open sockets close within seconds.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid
from live import credentials
from live.registry import Written
from live.units import append
from members.access import Actor, can_suspend, require_staff
from members.events import ProfileChange
from members.models import Invitation, Member, Organisation, SiteSettings
from members.profile import profile_errors
from members.queries import profile_now, site_settings
from members.rules import INVITATION_LASTS, invitation_hash, is_setup_code, new_invitation_token
from members.vocabulary import Registration, Role


@dataclass(frozen=True)
class Profile:
    """What a member says of themselves; `organisation` is a name, "" for none."""

    name: str
    organisation: str
    country: str
    languages: list[str]
    time_zone: str


def named_organisation(name: str, country: str) -> Organisation | None:
    """Return the organisation of this name in this country, made if it was missing; None for "".

    Case and spaces around do not make another one.
    """
    name = " ".join(name.split())
    if not name:
        return None
    found = Organisation.objects.filter(name__iexact=name, country=country).first()
    return found or Organisation.objects.create(name=name, country=country)


def sign_up(
    *,
    member: Member,
    profile: Profile,
    registration: Registration,
    invitation_token: str = "",
    locale: str = "",
) -> None:
    """Save a new account as the way of registration allows it.

    An invitation lets in at once and gives its role, in every way of registration; without one,
    `approval` leaves the account waiting, and `invitation` refuses.

    Raises:
        Conflict: `invitation.used`, the link was used or ran out in the meantime.
        Forbidden: `registration.closed`, this site takes newcomers by invitation only.
    """
    with transaction.atomic():
        _fill(member, profile)
        member.locale = locale
        if not invitation_token:
            if registration == Registration.INVITATION:
                raise Forbidden(
                    code="registration.closed",
                    detail=gettext_lazy("This site takes new members by invitation only."),
                )
            member.is_approved = member.is_active = registration == Registration.OPEN
        member.save()
        if invitation_token:
            _claim(invitation_token, member)


def _fill(member: Member, profile: Profile) -> None:
    """Write a profile to a member's fields, unsaved."""
    member.name = profile.name
    member.country = profile.country
    member.languages = profile.languages
    member.time_zone = profile.time_zone
    member.organisation = named_organisation(profile.organisation, profile.country)


def _claim(token: str, member: Member) -> None:
    """Use an invitation up for this member and give its role."""
    at = now()
    unused = Invitation.objects.filter(
        token_hash=invitation_hash(token), used_at=None, expires_at__gt=at
    )
    # The update is the lock: of two that come with one link, one changes a row.
    if unused.update(used_at=at, used_by=member) == 0:
        raise Conflict(
            code="invitation.used",
            detail=gettext_lazy("This invitation was used already or has run out."),
        )
    role = Invitation.objects.get(token_hash=invitation_hash(token)).role
    member.is_moderator = role == Role.MODERATOR
    member.is_staff = role == Role.STAFF
    member.save(update_fields=["is_moderator", "is_staff"])


def change_profile(*, actor: Member, change: ProfileChange) -> Written:
    """Change one's own profile inside a unit; one's open tabs are told.

    Raises:
        Invalid: `invalid`, with a message per field.
    """
    wrong = profile_errors(change)
    if wrong:
        raise Invalid(fields=wrong)
    given = msgspec.to_builtins(change)
    organisation = given.pop("organisation", None)
    if "name" in given:
        given["name"] = " ".join(given["name"].split())
    for name, value in given.items():
        setattr(actor, name, value)
    if organisation is not None and not _works_for(actor, organisation):
        actor.organisation = named_organisation(organisation, actor.country)
    actor.save(update_fields=[*given, "organisation"])
    append(
        topic=f"member:{actor.pk}",
        event="member.changed",
        actor=actor,
        subject=actor,
        fresh=lambda: profile_now(actor),
    )
    return Written(subject=actor)


def _works_for(member: Member, name: str) -> bool:
    """Return whether the member's organisation has this name already, in whatever country."""
    current = member.organisation
    return current is not None and current.name.casefold() == " ".join(name.split()).casefold()


def approve_member(*, actor: Actor, member: Member, sign_in_at: str) -> None:
    """Let in somebody who waits, and mail them where to sign in.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
        Conflict: `member.not_waiting`, somebody else has decided.
    """
    require_staff(actor)
    with transaction.atomic():
        waiting = Member.objects.filter(pk=member.pk, is_approved=False)
        if waiting.update(is_approved=True, is_active=True) == 0:
            raise _not_waiting()
        member.is_approved = member.is_active = True
        transaction.on_commit(lambda: _write_approval(member, sign_in_at))


def decline_member(*, actor: Actor, member: Member) -> None:
    """Refuse somebody who waits: their request is deleted with everything they typed.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
        Conflict: `member.not_waiting`, somebody else has decided.
    """
    require_staff(actor)
    deleted, _rows = Member.objects.filter(pk=member.pk, is_approved=False).delete()
    if not deleted:
        raise _not_waiting()


def _not_waiting() -> Conflict:
    return Conflict(
        code="member.not_waiting", detail=gettext_lazy("This request was decided already.")
    )


def _write_approval(member: Member, sign_in_at: str) -> None:
    """Mail a member that the account works, in their language."""
    site = site_settings()
    with translation.override(member.locale or settings.LANGUAGE_CODE):
        send_mail(
            _("Welcome to %(site)s") % {"site": site.name},
            _("Hello %(name)s,\n\nyour account at %(site)s is ready. Sign in here:\n%(address)s")
            % {"name": member.name, "site": site.name, "address": sign_in_at},
            None,
            [member.email],
        )


def suspend_member(*, actor: Actor, member: Member) -> None:
    """Take a member's access away; open pages and sockets end within seconds.

    Raises:
        Forbidden: `forbidden`, the actor may not suspend this member.
    """
    if not can_suspend(actor, member):
        raise Forbidden
    with transaction.atomic():
        member.is_active = False
        member.save(update_fields=["is_active"])
        credentials.revoke(member=member)


def reactivate_member(*, actor: Actor, member: Member) -> None:
    """Give a suspended member access again.

    Raises:
        Forbidden: `forbidden`, the actor may not suspend this member.
        Conflict: `member.not_suspended`, the member waits for approval.
    """
    if not can_suspend(actor, member):
        raise Forbidden
    if not member.is_approved:
        raise Conflict(
            code="member.not_suspended", detail=gettext_lazy("This member waits for approval.")
        )
    member.is_active = True
    member.save(update_fields=["is_active"])


def sign_out(*, member: Member, session_key: str | None) -> None:
    """End the sockets that a session opened; the session itself is the caller's to end."""
    if session_key:
        credentials.revoke(member=member, session_key=session_key)


def change_password(*, member: Member, password: str) -> None:
    """Set a password and end every session and socket that the old one had opened."""
    with transaction.atomic():
        member.set_password(password)
        member.save(update_fields=["password"])
        credentials.revoke_sessions(member=member)


def invite(
    *, actor: Actor, email: str = "", role: str = Role.MEMBER, lasts: timedelta = INVITATION_LASTS
) -> tuple[Invitation, str]:
    """Return a new invitation and its token, which cannot be read again afterwards.

    With an address, only that address may sign up with it.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
    """
    require_staff(actor)
    token = new_invitation_token()
    invitation = Invitation.objects.create(
        token_hash=invitation_hash(token),
        email=email.lower(),
        role=role,
        invited_by_id=actor.pk,
        expires_at=now() + lasts,
    )
    return invitation, token


def withdraw_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """Make an unused invitation worthless.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
        Conflict: `invitation.used`, somebody signed up with it.
    """
    require_staff(actor)
    deleted, _rows = Invitation.objects.filter(pk=invitation.pk, used_at=None).delete()
    if not deleted:
        raise Conflict(
            code="invitation.used",
            detail=gettext_lazy("This invitation was used already or has run out."),
        )


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
