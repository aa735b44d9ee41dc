"""Reads of organisations."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q, QuerySet

from members.access.people import Actor, visible_members
from members.events import OrganisationCard
from members.models.organisations import (
    Act,
    Organisation,
    OrganisationText,
)
from members.models.people import Member, MemberQuerySet
from members.queries.directory import is_open
from members.rules import OrganisationFacts, profile_gaps
from members.vocabulary import Gap, Purpose


def organisation_card(organisation: Organisation) -> OrganisationCard:
    """Return how an organisation is named on the wire. No query."""
    return OrganisationCard(
        id=organisation.pk,
        name=organisation.name,
        country=organisation.country,
        kind=organisation.kind,
    )


def with_details(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Return the organisations with sectors, languages and texts loaded, in three more queries."""
    return organisations.prefetch_related("sectors", "languages", "texts")


def text_for(texts: Iterable[OrganisationText], wanted: Sequence[str]) -> OrganisationText | None:
    """Return the text in the first wanted language that there is, else English, else the first.

    A text in `de` serves whoever wants `de-AT`.
    """
    by_language = {text.language: text for text in texts}
    for tag in [*wanted, "en"]:
        found = by_language.get(tag) or by_language.get(tag.partition("-")[0])
        if found:
            return found
    return next(iter(by_language.values()), None)


def people_of(actor: Actor, organisation: Organisation) -> MemberQuerySet:
    """Return the members of the directory who say that this is their organisation, by name."""
    listed = visible_members(actor).listed().consenting(Purpose.DIRECTORY)
    return listed.filter(is_open("organisation"), organisation=organisation)


def gaps_of(organisations: Sequence[Organisation]) -> dict[int, list[Gap]]:
    """Return what is missing on the pages of these organisations, by id. One query.

    Sectors, languages and texts must be loaded with them.
    """
    represented = dict(
        Organisation.objects.filter(pk__in=[organisation.pk for organisation in organisations])
        .annotate(total=Count("appointments", filter=Q(appointments__granted_at__isnull=False)))
        .values_list("pk", "total")
    )
    return {
        organisation.pk: profile_gaps(
            OrganisationFacts(
                has_text=bool(organisation.texts.all()),
                has_sectors=bool(organisation.sectors.all()),
                has_languages=bool(organisation.languages.all()),
                has_place=bool(organisation.region and organisation.town),
                has_logo=bool(organisation.logo),
                has_website=bool(organisation.website),
                has_size=bool(organisation.size),
                is_represented=bool(represented.get(organisation.pk)),
            )
        )
        for organisation in organisations
    }


def acts_for_it(organisation: Organisation) -> QuerySet[Act]:
    """Return what was done for an organisation, newest first, with who did it and for whom."""
    return Act.objects.filter(organisation=organisation).select_related(
        "member", "accompaniment__intermediary"
    )


def workers_of(organisation: Organisation) -> QuerySet[Member]:
    """Return the members whose main organisation this is."""
    return Member.objects.filter(organisation=organisation)
