"""Notices of cooperation requests: one that fits, and the end of one's own."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from base.clock import now
from base.text import excerpt
from matchmaking.access.profiles import own_people_of
from matchmaking.access.requests import open_requests
from matchmaking.models import CooperationRequest, RequestFit
from matchmaking.queries.requests import keepers_of
from matchmaking.vocabulary import RequestState
from moderation.access import apart_among
from notices.kinds import Draft, Facts, Kind, register_kind
from notices.models import Notice
from notices.vocabulary import Way

FITS, OVER = "matchmaking.request_fits", "matchmaking.request_over"
ENDING = "matchmaking.request_ends"
EXCERPT = 140


def drafts_of_fits(fits: Sequence[RequestFit]) -> list[Draft]:
    """What is to be told of these: to those with a role in the organisation that each fits."""
    people = own_people_of({each.profile_id for each in fits})
    return [
        Draft(
            member_id=member,
            kind=FITS,
            key=f"request:{each.request_id}",
            group="requests",
            subject=each.request_id,
            at=each.told_at,
        )
        for each in fits
        for member in sorted(people[each.profile_id])
    ]


def drafts_of_ends(request_ids: Iterable[int], kind: str = OVER) -> list[Draft]:
    """What is to be told of requests that expired, or soon do: to those who keep them."""
    moment = now()
    return [
        Draft(
            member_id=member,
            kind=kind,
            # One that was renewed and expires again is told again.
            key=f"request:{pk}:{moment.date().isoformat()}",
            group="requests",
            subject=pk,
            at=moment,
        )
        for pk, members in keepers_of(list(request_ids)).items()
        for member in sorted(members)
    ]


def facts_of_fits(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What notices of fitting requests show: nothing of one that is over or not for the reader.

    Two queries.
    """
    wanted = {notice.subject for notice in notices}
    rows = open_requests().select_related("organisation").in_bulk(wanted)
    contacts = {row.contact_id for row in rows.values() if row.contact_id is not None}
    apart = apart_among([*contacts, *{notice.member_id for notice in notices}])
    found: list[Facts | None] = []
    for notice in notices:
        row = rows.get(notice.subject)
        pair = (notice.member_id, row.contact_id if row else None)
        is_apart = pair in apart or pair[::-1] in apart
        found.append(None if row is None or is_apart else _facts(row))
    return found


def facts_of_ends(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What notices of expired requests show, to those who still keep them. Three queries."""
    expired = CooperationRequest.objects.filter(state=RequestState.EXPIRED)
    return [None if row is None else _facts(row) for row in _still_kept(notices, expired)]


def facts_of_reminders(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What reminders show to those who still keep the requests; read once one is renewed.

    Three queries.
    """
    return [
        None if row is None else replace(_facts(row), is_seen=row.reminded_at is None)
        for row in _still_kept(notices, CooperationRequest.objects.lasting())
    ]


def _still_kept(
    notices: Sequence[Notice], among: QuerySet[CooperationRequest]
) -> list[CooperationRequest | None]:
    """The request of each notice, None of one that is not among these or that its reader left."""
    wanted = {notice.subject for notice in notices}
    rows, keepers = among.select_related("organisation").in_bulk(wanted), keepers_of(list(wanted))
    return [
        rows.get(notice.subject) if notice.member_id in keepers[notice.subject] else None
        for notice in notices
    ]


def _facts(row: CooperationRequest) -> Facts:
    return Facts(
        url=reverse("matchmaking:request", args=[row.pk]),
        place=row.organisation.name,
        excerpt=excerpt(row.title, EXCERPT),
    )


def _say_fits(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        text = _("A cooperation request fits you: “%(title)s”, %(organisation)s")
        return text % {"title": facts[0].excerpt, "organisation": facts[0].place}
    text = ngettext(
        "%(total)s cooperation request fits you",
        "%(total)s cooperation requests fit you",
        len(facts),
    )
    return text % {"total": len(facts)}


def _say_over(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        return _("Your cooperation request “%(title)s” has expired") % {"title": facts[0].excerpt}
    text = ngettext(
        "%(total)s of your cooperation requests has expired",
        "%(total)s of your cooperation requests have expired",
        len(facts),
    )
    return text % {"total": len(facts)}


def _say_ending(facts: Sequence[Facts]) -> str:
    if len(facts) == 1:
        text = _("Your cooperation request “%(title)s” ends soon: one click renews it")
        return text % {"title": facts[0].excerpt}
    text = ngettext(
        "%(total)s of your cooperation requests ends soon",
        "%(total)s of your cooperation requests end soon",
        len(facts),
    )
    return text % {"total": len(facts)}


register_kind(
    Kind(
        name=FITS,
        label=gettext_lazy("Cooperation requests that fit us"),
        icon="megaphone",
        facts=facts_of_fits,
        say=_say_fits,
        defaults=frozenset({Way.PAGE, Way.DIGEST}),
    )
)
register_kind(
    Kind(
        name=ENDING,
        label=gettext_lazy("End of our cooperation requests"),
        icon="clock",
        facts=facts_of_reminders,
        say=_say_ending,
        defaults=frozenset({Way.PAGE, Way.MAIL}),
    )
)
register_kind(
    Kind(
        name=OVER,
        label=gettext_lazy("Requests of ours that expired"),
        icon="calendar-x",
        facts=facts_of_ends,
        say=_say_over,
        defaults=frozenset({Way.PAGE, Way.MAIL}),
    )
)
