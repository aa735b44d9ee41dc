"""Signing up, approval, suspension, signing out, passwords."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.clock import now
from base.errors import Conflict, Forbidden
from base.text import one_line
from live import credentials
from members.access.people import Actor, can_suspend, require_staff
from members.actions.consents import record_consents
from members.actions.details import write_languages
from members.actions.invitations import use_invitation
from members.actions.organisations import named_organisation
from members.actions.profiles import Profile
from members.actions.roles import appoint_founder
from members.models.leaving import Departure
from members.models.organisations import Organisation
from members.models.people import Member, unverified_addresses
from members.queries.site import site_settings
from members.vocabulary import LeavingTexts, Registration

UNCONFIRMED_LASTS = timedelta(days=14)
GIVEN_UP_AT_ONCE = 500


def sign_up(
    *,
    member: Member,
    profile: Profile,
    registration: Registration,
    consents: Collection[str] = (),
    invitation_token: str = "",
    locale: str = "",
) -> None:
    """Save a new account, with what it consents to, as the way of registration allows it.

    An invitation lets in at once and gives its role, in every way of registration; without one,
    `approval` leaves the account waiting, and `invitation` refuses.

    Raises:
        Conflict: `invitation.used`, the link was used or ran out in the meantime.
        Forbidden: `registration.closed`, this site takes newcomers by invitation only.
    """
    with transaction.atomic():
        has_founded = _fill(member, profile)
        member.locale = locale
        if not invitation_token:
            if registration == Registration.INVITATION:
                raise Forbidden(
                    code="registration.closed",
                    detail=gettext_lazy("This site takes new members by invitation only."),
                )
            member.is_approved = member.is_active = registration == Registration.OPEN
        member.save()
        record_consents(member=member, purposes=consents)
        write_languages(member, dict.fromkeys(member.languages, ""))
        if has_founded and member.organisation:
            appoint_founder(member=member, organisation=member.organisation)
        if invitation_token:
            use_invitation(invitation_token, member)


def _fill(member: Member, profile: Profile) -> bool:
    """Write a profile to a member's fields, unsaved; return whether it made the organisation."""
    member.name = one_line(profile.name)
    member.country = profile.country
    member.languages = list(dict.fromkeys(profile.languages))
    member.time_zone = profile.time_zone
    member.organisation, is_new = named_organisation(
        profile.organisation, profile.country, is_confirmed=False
    )
    return is_new


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

    An organisation that came with the request goes too, unless others stand by it meanwhile.

    Raises:
        Forbidden: `forbidden`, the actor is not staff.
        Conflict: `member.not_waiting`, somebody else has decided.
    """
    require_staff(actor)
    with transaction.atomic():
        founded = _founded_by(member)
        deleted, _rows = Member.objects.filter(pk=member.pk, is_approved=False).delete()
        if not deleted:
            raise _not_waiting()
        _delete_forsaken(founded)


def give_up_unconfirmed() -> int:
    """Have those erased who signed up and never confirmed their address; returns how many.

    Whoever typed it may be somebody else, so nobody is written to. An organisation that came with
    them goes at once, unless others stand by it meanwhile.
    """
    unconfirmed = unverified_addresses().filter(user=OuterRef("pk"))
    found = Member.objects.filter(
        Exists(unconfirmed),
        joined_at__lt=now() - UNCONFIRMED_LASTS,
        last_login=None,
        leaving_at=None,
        is_staff=False,
    )
    given_up = 0
    for member in found.order_by("pk")[:GIVEN_UP_AT_ONCE]:
        with transaction.atomic():
            founded = _founded_by(member)
            member.appointments.all().delete()
            Member.objects.filter(pk=member.pk).update(organisation=None, leaving_at=now())
            Departure.objects.create(member_number=member.pk, texts=LeavingTexts.TAKE, due_at=now())
            _delete_forsaken(founded)
        given_up += 1
    return given_up


def _founded_by(member: Member) -> list[int]:
    return list(member.appointments.values_list("organisation_id", flat=True))


def _delete_forsaken(founded: Collection[int]) -> None:
    """Delete those of a newcomer's organisations by which nobody stands now."""
    Organisation.objects.filter(
        pk__in=founded, members=None, appointments=None, accompanies=None, accompanied_by=None
    ).delete()


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
