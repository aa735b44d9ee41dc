"""Who may see, keep and answer cooperation requests.

A request counts for others while it lasts and its contact is active and may act for its
organisation. Strangers see those for everyone; of two members of whom one blocks the other neither
sees what the other posted.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from base.errors import Conflict, Forbidden, NotFound
from matchmaking.models import CooperationRequest
from matchmaking.models.requests import CooperationRequestQuerySet
from matchmaking.vocabulary import Facet, RequestAudience
from members.access import Acting, Actor, acting_for, is_member, may_act
from members.models import Accompaniment, Appointment, Member, Organisation
from members.vocabulary import MemberKind
from moderation.access import apart


def open_requests() -> CooperationRequestQuerySet:
    """Return the requests that count for others now."""
    speakers = Member.objects.filter(pk=OuterRef("contact"), is_active=True, kind=MemberKind.MEMBER)
    return CooperationRequest.objects.lasting().filter(
        Exists(speakers), may_act("contact", "organisation")
    )


def open_to(actor: Actor) -> CooperationRequestQuerySet:
    """Return the requests that count now and that the actor may read."""
    if not is_member(actor):
        return open_requests().filter(audience=RequestAudience.EVERYONE)
    return open_requests().filter(~apart(actor, OuterRef("contact")))


def kept_by(actor: Actor) -> CooperationRequestQuerySet:
    """Return the requests of organisations for which the actor may act, whatever their state."""
    if not is_member(actor):
        return CooperationRequest.objects.none()
    return CooperationRequest.objects.filter(organisation__in=acted_for(actor))


def acted_for(actor: Member) -> QuerySet[Organisation]:
    """Return the organisations for which a member may act, by name: own and accompanied ones."""
    roles = Appointment.objects.granted().filter(member=actor)
    accompanied = Accompaniment.objects.holding().filter(
        intermediary__in=roles.values("organisation")
    )
    return Organisation.objects.filter(
        Q(pk__in=roles.values("organisation")) | Q(pk__in=accompanied.values("organisation"))
    ).order_by("name", "pk")


def visible_requests(actor: Actor) -> CooperationRequestQuerySet:
    """Return the requests that the actor may read: the open ones, and those that one keeps."""
    kept = kept_by(actor).values("pk") if is_member(actor) else ()
    return CooperationRequest.objects.filter(Q(pk__in=open_to(actor).values("pk")) | Q(pk__in=kept))


def request_for(actor: Actor, request_id: int) -> CooperationRequest:
    """Return the request with this id, its organisation loaded.

    Raises:
        NotFound: `not_found`, there is none or the actor may not see it.
    """
    rows = visible_requests(actor).select_related("organisation", "contact")
    rows = rows.prefetch_related("choices")
    found = rows.filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return found


def kept_request_for(actor: Actor, request_id: int) -> tuple[Acting, CooperationRequest]:
    """Return a request for whose organisation the actor acts, and in what capacity.

    Raises:
        NotFound: `not_found`, there is none or the actor may not see it.
        Forbidden: `forbidden`, the actor may not act for its organisation.
    """
    found = request_for(actor, request_id)
    return acting_for(actor, found.organisation), found


def require_answerable(request: CooperationRequest, organisation: Organisation) -> None:
    """Let an organisation answer a request that is for it: from another country, a sought one.

    One query, none where choices are prefetched.

    Raises:
        Conflict: `request.over`, it is no longer open.
        Forbidden: `request.elsewhere`, partners are sought in other countries.
    """
    if not request.is_lasting:
        raise Conflict(code="request.over", detail=_("This request is no longer open."))
    if not is_sought(request, organisation):
        raise Forbidden(
            code="request.elsewhere", detail=_("This request looks for partners elsewhere.")
        )


def is_sought(request: CooperationRequest, organisation: Organisation) -> bool:
    """Return whether a request looks for partners where an organisation is."""
    wanted = request.codes(Facet.WANTED)
    is_abroad = organisation.country != request.organisation.country
    return is_abroad and (not wanted or organisation.country in wanted)
