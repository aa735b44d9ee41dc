"""Writes of organisations: made, changed, and given a logo.

A change of the page may be made by those with a role, by the people of an intermediary that
accompanies the organisation (then it is kept as an act), and by staff.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.errors import Conflict, Forbidden, Invalid
from base.text import clean_text, one_line
from live.registry import Written
from live.units import append, current, unit
from members.access.organisations import editing, organisation_for
from members.access.people import is_member
from members.actions.acts import record_act
from members.actions.cards import retell_cards
from members.actions.roles import appoint_founder, holders, tell_roles
from members.events import OrganisationChange, OrganisationCreate, OrganisationWords
from members.models.organisations import (
    Accompaniment,
    Organisation,
    OrganisationLanguage,
    OrganisationSector,
    OrganisationText,
)
from members.models.people import Member
from members.organisation import NAME_LENGTH, TEXT_LENGTH, TOWN_LENGTH, organisation_errors
from members.queries.organisations import workers_of
from members.vocabulary import MAY_ACCOMPANY

_COLUMNS = (
    "name", "kind", "country", "region", "town", "website", "founded", "size", "is_public",
)  # fmt: skip


_when_changed: list[Callable[[Organisation], None]] = []


def when_organisation_changes(react: Callable[[Organisation], None]) -> None:
    """Have an app above react to a change of an organisation's page, inside its unit."""
    _when_changed.append(react)


def named_organisation(
    name: str, country: str, *, is_confirmed: bool = True
) -> tuple[Organisation | None, bool]:
    """Return the organisation of this name in this country and whether it was made just now.

    Case and spaces around do not make another one; "" names none. One that somebody named at
    signing up and did not confirm makes room for one that is.
    """
    name = one_line(name)
    if not name:
        return None, False
    if is_confirmed:
        _unconfirmed(name, country).delete()
    found = Organisation.objects.filter(name__iexact=name, country=country).first()
    if found:
        return found, False
    made = Organisation.objects.create(name=name, country=country, is_confirmed=is_confirmed)
    return made, True


def confirm_organisations(member: Member) -> None:
    """What came with a newcomer's sign-up is seen from now on: they have signed in. One query."""
    own = Q(members=member) | Q(appointments__member=member)
    waiting = Organisation.objects.filter(own, is_confirmed=False).values("pk")
    Organisation.objects.filter(pk__in=waiting).update(is_confirmed=True)


def _unconfirmed(name: str, country: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(is_confirmed=False, name__iexact=name, country=country)


def create_organisation(*, actor: Member, words: OrganisationCreate) -> Written:
    """Make an organisation inside a unit; its maker represents it.

    Whoever has no main organisation works for this one from now on.

    Raises:
        Forbidden: `forbidden`, not a full member.
        Invalid: `invalid`, with a message per field.
        Conflict: `organisation.exists`, the country has one of this name;
            `organisation.too_many_roles`.
    """
    if not is_member(actor):
        raise Forbidden
    wrong = organisation_errors(words, words.country or "")
    if words.name is msgspec.UNSET:
        wrong["name"] = [_("Please give the organisation's name.")]
    if words.country is msgspec.UNSET:
        wrong["country"] = [_("Please choose a country.")]
    if wrong:
        raise Invalid(fields=wrong)
    organisation = Organisation()
    _write(organisation, words)
    appoint_founder(member=actor, organisation=organisation)
    if actor.organisation_id is None:
        _work_for(actor, organisation)
    tell_roles(actor=actor, member_ids=[actor.pk])
    return Written(organisation)


def change_organisation(*, actor: Member, change: OrganisationChange) -> Written:
    """Change an organisation's page inside a unit; nothing is written where nothing differs.

    Raises:
        NotFound: `not_found`.
        Forbidden: `forbidden`, neither a role in it, nor an accompaniment, nor staff.
        Invalid: `invalid`, with a message per field.
        Conflict: `organisation.exists`, the country has another one of this name.
    """
    organisation = organisation_for(actor, change.id)
    acting = editing(actor, organisation)
    country = organisation.country if change.country is msgspec.UNSET else change.country
    wrong = organisation_errors(change, country)
    if not wrong:
        wrong = _contradictions(organisation, change)
    if wrong:
        raise Invalid(fields=wrong)
    before = (organisation.name, organisation.country, organisation.kind)
    if not _write(organisation, change):
        return Written(organisation)
    for react in _when_changed:
        react(organisation)
    if before != (organisation.name, organisation.country, organisation.kind):
        tell_roles(actor=actor, member_ids=holders(organisation))
    if before[0] != organisation.name:
        _tell_workers(actor, organisation)
    record_act(acting=acting, what="organisation.changed")
    return Written(organisation)


def change_logo(*, actor: Member, organisation_id: int, picture: Any) -> Organisation:
    """Give an organisation a logo, a picture that was cleaned; None takes it away.

    Raises:
        NotFound: `not_found`.
        Forbidden: `forbidden`, as for a change of the page.
    """
    with unit():
        organisation = organisation_for(actor, organisation_id)
        acting = editing(actor, organisation)
        old, storage = organisation.logo.name, organisation.logo.storage
        organisation.logo = picture or ""
        organisation.save(update_fields=["logo"])
        record_act(acting=acting, what="organisation.logo_changed")
        if old:
            transaction.on_commit(lambda: storage.delete(old))
    return organisation


def _contradictions(organisation: Organisation, change: OrganisationChange) -> dict[str, list[str]]:
    """What a change would contradict that stands already, by field."""
    region, country = organisation.region, change.country
    moves = country is not msgspec.UNSET and country != organisation.country
    if moves and region and change.region is msgspec.UNSET:
        return {"region": [_("This is not a region of the country.")]}
    ends = change.kind is not msgspec.UNSET and change.kind not in MAY_ACCOMPANY
    if ends and organisation.may_accompany:
        open_ones = Accompaniment.objects.open().filter(intermediary=organisation)
        if open_ones.exists():
            return {"kind": [_("It accompanies others: first end these accompaniments.")]}
    return {}


def _write(organisation: Organisation, words: OrganisationWords) -> bool:
    """Write what is given, and return whether anything differs from before."""
    given = {
        name: value for name in _COLUMNS if (value := getattr(words, name)) is not msgspec.UNSET
    }
    if "name" in given:
        given["name"] = one_line(clean_text(given["name"], NAME_LENGTH, field="name"))
    if "town" in given:
        given["town"] = one_line(clean_text(given["town"], TOWN_LENGTH, field="town"))
    differs = {name for name, value in given.items() if getattr(organisation, name) != value}
    for name in differs:
        setattr(organisation, name, given[name])
    if differs & {"name", "country"}:
        _require_free_name(organisation)
    if organisation.pk is None:
        organisation.save()
    elif differs:
        organisation.save(update_fields=sorted(differs))
    return any(
        [
            bool(differs),
            _write_sectors(organisation, words),
            _write_languages(organisation, words),
            _write_texts(organisation, words),
        ]
    )


def _require_free_name(organisation: Organisation) -> None:
    _unconfirmed(organisation.name, organisation.country).exclude(pk=organisation.pk).delete()
    taken = Organisation.objects.filter(
        name__iexact=organisation.name, country=organisation.country
    ).exclude(pk=organisation.pk)
    if taken.exists():
        detail = gettext_lazy("There is an organisation of this name in this country already.")
        raise Conflict(code="organisation.exists", detail=detail, fields={"name": [detail]})


def _write_sectors(organisation: Organisation, words: OrganisationWords) -> bool:
    if words.sectors is msgspec.UNSET:
        return False
    codes = set(words.sectors)
    if codes == set(organisation.sectors.values_list("code", flat=True)):
        return False
    organisation.sectors.exclude(code__in=codes).delete()
    OrganisationSector.objects.bulk_create(
        [OrganisationSector(organisation=organisation, code=code) for code in sorted(codes)],
        ignore_conflicts=True,
    )
    return True


def _write_languages(organisation: Organisation, words: OrganisationWords) -> bool:
    if words.languages is msgspec.UNSET:
        return False
    tags = list(dict.fromkeys(words.languages))
    if tags == list(organisation.languages.values_list("language", flat=True)):
        return False
    # Their order says which is spoken best, so all are written anew.
    organisation.languages.all().delete()
    OrganisationLanguage.objects.bulk_create(
        [OrganisationLanguage(organisation=organisation, language=tag) for tag in tags]
    )
    return True


def _write_texts(organisation: Organisation, words: OrganisationWords) -> bool:
    if words.descriptions is msgspec.UNSET:
        return False
    before = dict(organisation.texts.values_list("language", "text"))
    after = dict(before)
    for language, text in words.descriptions.items():
        after[language] = clean_text(text.strip(), TEXT_LENGTH, field="descriptions")
    after = {language: text for language, text in after.items() if text}
    if after == before:
        return False
    organisation.texts.exclude(language__in=after).delete()
    for language, text in after.items():
        if before.get(language) != text:
            OrganisationText.objects.update_or_create(
                organisation=organisation, language=language, defaults={"text": text}
            )
    return True


def _work_for(member: Member, organisation: Organisation) -> None:
    """Make an organisation a member's main one."""
    member.organisation = organisation
    member.save(update_fields=["organisation"])
    _tell_profile(member, member)
    retell_cards([member.pk])


def _tell_workers(actor: Member, organisation: Organisation) -> None:
    """Say to everybody whose card names the organisation that it is called otherwise now."""
    workers = list(workers_of(organisation))
    current().lock([f"member:{worker.pk}" for worker in workers], make=True)
    for worker in workers:
        _tell_profile(actor, worker)
    retell_cards([worker.pk for worker in workers])


def _tell_profile(actor: Member, member: Member) -> None:
    append(topic=f"member:{member.pk}", event="member.changed", actor=actor, subject=member)
