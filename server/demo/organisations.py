"""Organisations of the demo: what they say of themselves, who represents and accompanies them."""

from collections.abc import Mapping

from base.clock import now
from members.models import (
    Accompaniment,
    Appointment,
    Member,
    Organisation,
    OrganisationLanguage,
    OrganisationSector,
    OrganisationText,
)
from members.vocabulary import OrganisationRole, Side
from server.demo import reading


def fill_organisations() -> dict[str, Organisation]:
    """Return the demo's organisations by name, made and described where they are missing."""
    wanted = {row.name: row for row in reading.organisations()}
    known = set(Organisation.objects.filter(name__in=wanted).values_list("name", flat=True))
    made = Organisation.objects.bulk_create(
        [
            Organisation(
                name=row.name,
                country=row.country,
                town=row.town,
                region=row.region,
                kind=row.kind,
                founded=row.founded,
                size=row.size,
                website=row.website,
                is_public=True,
            )
            for row in wanted.values()
            if row.name not in known
        ]
    )
    for organisation in made:
        _describe(organisation, wanted[organisation.name])
    return {row.name: row for row in Organisation.objects.filter(name__in=wanted)}


def _describe(organisation: Organisation, row: reading.DemoOrganisation) -> None:
    OrganisationSector.objects.bulk_create(
        OrganisationSector(organisation=organisation, code=code) for code in row.sectors
    )
    OrganisationLanguage.objects.bulk_create(
        OrganisationLanguage(organisation=organisation, language=tag) for tag in row.languages
    )
    OrganisationText.objects.bulk_create(
        OrganisationText(organisation=organisation, language=language, text=text)
        for language, text in row.descriptions.items()
    )


def fill_roles(people: Mapping[str, Member]) -> None:
    """Make whoever comes first in an organisation its representative, and the accompaniments hold.

    Nothing is added to an organisation that has roles already.
    """
    taken = set(Appointment.objects.values_list("organisation_id", flat=True))
    first: dict[int, Member] = {}
    for member in people.values():
        if member.organisation_id and member.organisation_id not in taken:
            first.setdefault(member.organisation_id, member)
    Appointment.objects.bulk_create(
        Appointment(
            member=member,
            organisation_id=organisation_id,
            role=OrganisationRole.REPRESENTATIVE,
            granted_at=now(),
        )
        for organisation_id, member in first.items()
    )
    ids = dict(Organisation.objects.values_list("name", "pk"))
    for row in reading.organisations():
        if row.accompanied_by and ids[row.name] in first:
            _accompany(ids[row.accompanied_by], ids[row.name], first)


def _accompany(intermediary: int, organisation: int, first: Mapping[int, Member]) -> None:
    """Both sides agreed, the intermediary asked first."""
    Accompaniment.objects.get_or_create(
        intermediary_id=intermediary,
        organisation_id=organisation,
        ended_at=None,
        defaults={
            "asked_side": Side.INTERMEDIARY,
            "asked_by": first.get(intermediary),
            "confirmed_by": first.get(organisation),
            "confirmed_at": now(),
        },
    )
