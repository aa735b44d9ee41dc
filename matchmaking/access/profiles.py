"""Who may see and keep matching profiles, and which of them count."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from base.errors import Forbidden, NotFound
from matchmaking.models import MatchingProfile
from matchmaking.models.profiles import MatchingProfileQuerySet
from members.access import Acting, Actor, acting_for, is_member, may_act, organisation_for, role_in
from members.models import Appointment, Member, Organisation
from members.vocabulary import MemberKind, Purpose
from moderation.access import apart


def acting_in_matching(actor: Actor, organisation_id: int) -> Acting:
    """Return in what capacity the actor acts for an organisation.

    Raises:
        NotFound: `not_found`, there is none.
        Forbidden: `forbidden`, the actor may not act for it.
    """
    return acting_for(actor, organisation_for(actor, organisation_id))


def matching_for(actor: Actor, organisation_id: int) -> tuple[Acting, MatchingProfile]:
    """Return the matching profile of an organisation for which the actor acts, with its choices.

    Raises:
        NotFound: `not_found`, no such organisation, or it has no matching profile.
        Forbidden: `forbidden`, the actor may not act for it.
    """
    acting = acting_in_matching(actor, organisation_id)
    profile = MatchingProfile.objects.filter(pk=organisation_id).first()
    if profile is None:
        raise NotFound
    return acting, profile


def counting() -> MatchingProfileQuerySet:
    """Return the matching profiles that count now.

    They last, and their contact is active, consents and may act for the organisation.
    """
    speakers = Member.objects.filter(
        pk=OuterRef("contact"), is_active=True, kind=MemberKind.MEMBER
    ).consenting(Purpose.MATCHING)
    return MatchingProfile.objects.lasting().filter(
        Exists(speakers), may_act("contact", "organisation")
    )


def may_meet(one: str, other: str) -> Q:
    """Return whether two profiles may be suggested to each other now, as a condition on a row.

    Both count, and neither contact blocks the other.

    Args:
        one: The row's field that names one of the profiles.
        other: That which names the other.
    """
    both = (Exists(counting().filter(pk=OuterRef(name))) for name in (one, other))
    return Q(*both) & ~Q(apart(OuterRef(f"{one}__contact"), OuterRef(f"{other}__contact")))


def own_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations in which the actor has a role, by name."""
    if not is_member(actor):
        return Organisation.objects.none()
    roles = Appointment.objects.granted().filter(member=actor, organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(roles)).order_by("name", "pk")


def own_people_of(organisation_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the active members with a role in each organisation, by its id. One query.

    They alone hear of suggestions and introductions, and answer them: an intermediary sees states.
    """
    found: dict[int, set[int]] = {pk: set() for pk in organisation_ids}
    roles = Appointment.objects.granted().filter(organisation__in=found, member__is_active=True)
    for organisation, member in roles.values_list("organisation_id", "member_id"):
        found[organisation].add(member)
    return found


def keepers_of(organisation_ids: Collection[int]) -> dict[int, set[int]]:
    """Return who hears of each organisation's matching profile, by its id. Two queries.

    Those with a role in it, and its contact.
    """
    found = own_people_of(organisation_ids)
    contacts = MatchingProfile.objects.filter(pk__in=found, contact__is_active=True)
    for organisation, contact in contacts.values_list("pk", "contact_id"):
        if contact is not None:
            found[organisation].add(contact)
    return found


def answering_for(actor: Actor, organisation_id: int) -> Organisation:
    """Return an organisation in which the actor has a role: its own people answer for it.

    Raises:
        NotFound: `not_found`, there is none.
        Forbidden: `forbidden`, the actor has no role in it, though an intermediary's perhaps.
    """
    organisation = organisation_for(actor, organisation_id)
    if not role_in(actor, organisation):
        raise Forbidden
    return organisation
