"""What is kept of people in organisations.

An organisation is no person and stays; a freelancer's is, and goes with the only person in it.
"""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from base.personal import (
    ANONYMISED,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
    update_all,
)
from members.models import (
    Accompaniment,
    Act,
    Appointment,
    Organisation,
    PortfolioInvitation,
)
from members.vocabulary import OrganisationKind

OF_THE_HOUSE = kept("says what an organisation is, and stays with it; a freelancer's goes")


def export(member_id: int) -> Iterator[ExportFile]:
    """The roles that one has or asked for, and what one did for organisations one accompanies."""
    roles = Appointment.objects.filter(member_id=member_id).order_by("pk")
    yield as_json(
        "organisations/roles.json",
        roles.values("organisation_id", "organisation__name", "role", "asked_at", "granted_at"),
    )
    acts = Act.objects.filter(member_id=member_id).order_by("pk")
    yield as_json(
        "organisations/acts.json",
        acts.values("organisation_id", "organisation__name", "what", "subject", "at").iterator(),
    )


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Take the member out of roles, accompaniments and acts; a lone freelancer's page goes."""
    for organisation in list(_alone_in(member_id)):
        if organisation.logo:
            organisation.logo.delete(save=False)
        organisation.delete()
        yield
    yield from delete_all(PortfolioInvitation.objects.filter(invitation__arrivals=member_id))
    yield from delete_all(Appointment.objects.filter(member_id=member_id))
    yield from update_all(Appointment.objects.filter(granted_by=member_id), granted_by=None)
    for name in ("asked_by", "confirmed_by", "ended_by"):
        rows = Accompaniment.objects.filter(**{name: member_id})
        yield from update_all(rows, **{name: None})
    yield from update_all(Act.objects.filter(member_id=member_id), member=None)


def _alone_in(member_id: int) -> QuerySet[Organisation]:
    """The freelancers' organisations in which there is nobody but this member."""
    own = Q(members=member_id) | Q(appointments__member=member_id)
    others = Organisation.objects.filter(
        Q(members__isnull=False) & ~Q(members=member_id)
        | Q(appointments__isnull=False) & ~Q(appointments__member=member_id)
    )
    freelancers = Organisation.objects.filter(own, kind=OrganisationKind.FREELANCER)
    return freelancers.exclude(pk__in=others.values("pk")).distinct()


register_holdings(
    Holdings(
        name="members.organisations",
        columns={
            "members.Organisation.name": OF_THE_HOUSE,
            "members.Organisation.country": OF_THE_HOUSE,
            "members.Organisation.region": OF_THE_HOUSE,
            "members.Organisation.town": OF_THE_HOUSE,
            "members.Organisation.folded": OF_THE_HOUSE,
            "members.Organisation.website": OF_THE_HOUSE,
            "members.Organisation.logo": OF_THE_HOUSE,
            "members.OrganisationSector.code": OF_THE_HOUSE,
            "members.OrganisationLanguage.language": OF_THE_HOUSE,
            "members.OrganisationText.language": OF_THE_HOUSE,
            "members.OrganisationText.text": OF_THE_HOUSE,
            "members.Appointment.member": ERASED,
            "members.Appointment.granted_by": ANONYMISED,
            "members.Accompaniment.asked_by": ANONYMISED,
            "members.Accompaniment.confirmed_by": ANONYMISED,
            "members.Accompaniment.ended_by": ANONYMISED,
            "members.Act.member": ANONYMISED,
            "members.Act.what": kept("names a kind of act, a word of the program"),
            "members.PortfolioInvitation.name": ERASED,
            "members.PortfolioInvitation.country": ERASED,
            "members.PortfolioInvitation.town": ERASED,
            "members.PortfolioInvitation.language": ERASED,
        },
        export=export,
        erase=erase,
    )
)
