"""Writes of consents: each purpose is given and withdrawn by itself; nothing is overwritten."""

from collections.abc import Iterable
from functools import partial

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Invalid
from base.languages import active_locale
from live.registry import Written
from live.units import append
from members.consent import QUESTIONS
from members.events import ConsentChanged
from members.models.consents import Consent
from members.models.people import Member
from members.queries.consents import consent_state
from members.vocabulary import Purpose


def give_consent(*, actor: Member, purpose: str, version: int) -> Written:
    """Agree to a purpose in the words that are asked now; agreeing again changes nothing.

    Raises:
        Invalid: `invalid`, no such purpose.
        Conflict: `consent.outdated`, the words shown are not those that are asked now.
    """
    asked = known_purpose(purpose)
    if version != QUESTIONS[asked].version:
        raise Conflict(
            code="consent.outdated",
            detail=_("The words have changed meanwhile. Please read them again."),
        )
    standing = _standing(actor, asked)
    if standing is not None:
        if standing.version == version:
            return Written(standing)
        standing.withdraw(now())
    given = Consent.objects.create(
        member=actor, purpose=asked, version=version, language=active_locale()
    )
    _tell(actor, given, given)
    return Written(given)


def withdraw_consent(*, actor: Member, purpose: str) -> Written:
    """Take consent to a purpose back; without one nothing changes.

    Raises:
        Invalid: `invalid`, no such purpose.
    """
    standing = _standing(actor, known_purpose(purpose))
    if standing is None:
        return Written()
    standing.withdraw(now())
    _tell(actor, standing, None)
    return Written(standing)


def record_consents(*, member: Member, purposes: Iterable[str]) -> None:
    """Write what a newcomer agreed to while signing up, in the words that are asked now."""
    Consent.objects.bulk_create(
        Consent(
            member=member,
            purpose=purpose,
            version=QUESTIONS[Purpose(purpose)].version,
            language=active_locale(),
        )
        for purpose in dict.fromkeys(purposes)
    )


def known_purpose(purpose: str) -> Purpose:
    """Return the purpose of this name.

    Raises:
        Invalid: `invalid`, there is none.
    """
    if purpose not in Purpose.values:
        raise Invalid(fields={"purpose": [_("This is not a purpose that we ask consent for.")]})
    return Purpose(purpose)


def _standing(member: Member, purpose: Purpose) -> Consent | None:
    return Consent.objects.filter(member=member, purpose=purpose, withdrawn_at=None).first()


def _tell(actor: Member, changed: Consent, standing: Consent | None) -> None:
    """Tell one's open tabs how the purpose stands now."""
    append(
        topic=f"member:{actor.pk}",
        event="consent.changed",
        actor=actor,
        subject=changed,
        fresh=partial(ConsentChanged, purpose=changed.purpose, consent=consent_state(standing)),
    )
