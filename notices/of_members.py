"""What members are told of organisations, accompaniments and the safety of their accounts.

The members app stands below this one and cannot register kinds itself; its events are enough to
know whom something concerns.
"""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jobs.following import Change, following
from live.registry import load_actors
from members.events import Card
from members.models import Accompaniment, Appointment, Member, SecurityEvent
from members.queries import member_card
from members.vocabulary import OrganisationRole, SecurityKind, Side
from notices.actions.telling import tell
from notices.kinds import Draft, Facts, Kind, register_kind
from notices.models import Notice
from notices.vocabulary import Way

ACCOMPANIMENT, ROLE, SECURITY = "members.accompaniment", "members.role", "members.security"
ASKED, CONFIRMED, ENDED, GRANTED = "asked", "confirmed", "ended", "granted"

TOLD_SECURITY = frozenset(
    {
        SecurityKind.NEW_DEVICE,
        SecurityKind.EMAIL_RESTORED,
        SecurityKind.TOKEN_MADE,
        SecurityKind.EXPORT_ASKED,
        SecurityKind.LEAVING,
    }
)
"""What nobody else sends a mail about; of passwords, addresses and second steps allauth does."""


def _state(row: Accompaniment) -> str:
    if row.ended_at is not None:
        return ENDED
    return CONFIRMED if row.confirmed_at is not None else ASKED


def _represented(member_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Which members represent which organisations. One query."""
    rows = Appointment.objects.granted().filter(
        member_id__in=member_ids, role=OrganisationRole.REPRESENTATIVE
    )
    return set(rows.values_list("member_id", "organisation_id"))


def _other_side(row: Accompaniment) -> int:
    """The organisation that is to answer."""
    by_intermediary = row.asked_side == Side.INTERMEDIARY
    return row.organisation_id if by_intermediary else row.intermediary_id


def accompaniment_drafts(changes: Sequence[Change]) -> list[Draft]:
    """Whom accompaniments that were asked for, agreed to or ended concern. Two queries.

    A request concerns the side that is to answer, anything else both; never who did it.
    """
    rows = Accompaniment.objects.in_bulk({each.subject or 0 for each in changes})
    represented = _represented([each.number for each in changes])
    found = []
    for each in changes:
        row = rows.get(each.subject or 0)
        if row is None or each.number == each.by:
            continue
        state = _state(row)
        if state == ASKED and (each.number, _other_side(row)) not in represented:
            continue
        found.append(
            Draft(
                member_id=each.number,
                kind=ACCOMPANIMENT,
                key=f"accompaniment:{row.pk}:{state}",
                group=f"accompaniment:{row.pk}",
                subject=row.pk,
                at=each.at,
                data={"state": state, "by": each.by},
            )
        )
    return found


def role_drafts(changes: Sequence[Change]) -> list[Draft]:
    """Whom roles that were asked for or granted concern. Two queries.

    A wish concerns those who represent the organisation, a grant who has the role now.
    """
    people = {each.number for each in changes} | {each.by for each in changes if each.by}
    represented = _represented(sorted(people))
    rows = list(
        Appointment.objects.filter(
            Q(member_id__in=people, granted_at=None)
            | Q(member_id__in=people, granted_by_id__in=people)
        ).order_by("pk")
    )
    found = []
    for each in changes:
        for row in rows:
            is_asked = (
                row.granted_at is None
                and row.member_id == each.by
                and (each.number, row.organisation_id) in represented
            )
            is_granted = row.granted_by_id == each.by and row.member_id == each.number
            if each.number == each.by or not (is_asked or (is_granted and row.granted_at)):
                continue
            state = GRANTED if row.granted_at else ASKED
            since = row.granted_at or row.asked_at
            found.append(
                Draft(
                    member_id=each.number,
                    kind=ROLE,
                    key=f"role:{row.pk}:{state}:{since.timestamp():.0f}",
                    group=f"role:{row.organisation_id}:{state}",
                    subject=row.pk,
                    at=since,
                    data={"state": state},
                )
            )
    return found


def security_drafts(changes: Sequence[Change]) -> list[Draft]:
    """What happened to accounts that their owners should know. One query."""
    rows = SecurityEvent.objects.filter(
        pk__in={each.subject or 0 for each in changes}, kind__in=TOLD_SECURITY
    )
    return [
        Draft(
            member_id=row.member_id,
            kind=SECURITY,
            key=f"security:{row.pk}",
            group=f"security:{row.pk}",
            subject=row.pk,
            at=row.at,
        )
        for row in rows
    ]


def accompaniment_facts(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What notices about accompaniments show to those who still represent a side. Five queries."""
    rows = Accompaniment.objects.select_related("intermediary", "organisation").in_bulk(
        {notice.subject for notice in notices}
    )
    represented = _represented([notice.member_id for notice in notices])
    people = load_actors({notice.data["by"] for notice in notices if notice.data["by"]})
    found: list[Facts | None] = []
    for notice in notices:
        row = rows.get(notice.subject)
        sides = (row.intermediary_id, row.organisation_id) if row else ()
        own = next((pk for pk in sides if (notice.member_id, pk) in represented), None)
        if row is None or own is None:
            found.append(None)
            continue
        other = row.organisation if own == row.intermediary_id else row.intermediary
        actor = people.get(notice.data["by"] or 0)
        is_over = notice.data["state"] == ASKED and _state(row) != ASKED
        found.append(
            Facts(
                url=reverse("members:organisation_accompaniment", args=[own]),
                actor=Card(**member_card(actor)) if actor else None,
                place=other.name,
                state=notice.data["state"],
                is_seen=is_over,
            )
        )
    return found


def role_facts(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What notices about roles show, while the role is asked for or held. Four queries."""
    rows = Appointment.objects.select_related("organisation").in_bulk(
        {notice.subject for notice in notices}
    )
    represented = _represented([notice.member_id for notice in notices])
    people = load_actors({row.member_id for row in rows.values()})
    found: list[Facts | None] = []
    for notice in notices:
        row = rows.get(notice.subject)
        is_own = row is not None and row.member_id == notice.member_id
        if row is None or not (is_own or (notice.member_id, row.organisation_id) in represented):
            found.append(None)
            continue
        person: Member | None = None if is_own else people.get(row.member_id)
        found.append(
            Facts(
                url=reverse("members:organisation", args=[row.organisation_id]),
                actor=Card(**member_card(person)) if person else None,
                place=row.organisation.name,
                state=notice.data["state"],
                # Somebody has answered it.
                is_seen=notice.data["state"] == ASKED and row.granted_at is not None,
            )
        )
    return found


def security_facts(notices: Sequence[Notice]) -> Sequence[Facts | None]:
    """What notices about an account show to its owner. One query."""
    rows = SecurityEvent.objects.in_bulk({notice.subject for notice in notices})
    url = reverse("members:security")
    return [
        Facts(url=url, state=rows[notice.subject].kind) if notice.subject in rows else None
        for notice in notices
    ]


def _name(facts: Facts) -> str:
    return facts.actor.name if facts.actor else _("Somebody")


def say_accompaniment(facts: Sequence[Facts]) -> str:
    """How an accompaniment stands, by the newest of its notices."""
    newest = facts[0]
    if newest.state == ASKED:
        text = _("%(name)s asks for an accompaniment with %(organisation)s: please answer")
    elif newest.state == CONFIRMED:
        text = _("The accompaniment with %(organisation)s is agreed")
    else:
        text = _("The accompaniment with %(organisation)s has ended")
    return text % {"name": _name(newest), "organisation": newest.place}


def say_role(facts: Sequence[Facts]) -> str:
    """Who asks for a role, or that one has it."""
    newest = facts[0]
    if newest.state == GRANTED:
        return _("You have a role in %(organisation)s now") % {"organisation": newest.place}
    if len(facts) == 1:
        text = _("%(name)s asks for a role in %(organisation)s: please answer")
        return text % {"name": _name(newest), "organisation": newest.place}
    text = ngettext(
        "%(total)s member asks for a role in %(organisation)s",
        "%(total)s members ask for a role in %(organisation)s",
        len(facts),
    )
    return text % {"total": len(facts), "organisation": newest.place}


def say_security(facts: Sequence[Facts]) -> str:
    """What happened to the account."""
    what = SecurityKind(facts[0].state).label
    return _("Your account: %(what)s. If it was not you, change your password.") % {"what": what}


@following(
    name="notices.members",
    kinds=("member",),
    events=("accompaniment.changed", "roles.changed", "security.noted"),
    from_now=True,
)
def gather(changes: Sequence[Change]) -> None:
    """Tell whom these changes concern."""

    def those(event: str) -> list[Change]:
        return [each for each in changes if each.event == event]

    found: list[Draft] = []
    if accompaniments := those("accompaniment.changed"):
        found += accompaniment_drafts(accompaniments)
    if roles := those("roles.changed"):
        found += role_drafts(roles)
    if security := those("security.noted"):
        found += security_drafts(security)
    tell(found)


def register() -> None:
    """Add the kinds of the members app."""
    register_kind(
        Kind(
            name=ACCOMPANIMENT,
            label=gettext_lazy("Accompaniments of my organisations"),
            icon="handshake",
            facts=accompaniment_facts,
            say=say_accompaniment,
            defaults=frozenset({Way.PAGE, Way.MAIL, Way.PUSH}),
        )
    )
    register_kind(
        Kind(
            name=ROLE,
            label=gettext_lazy("Roles in organisations"),
            icon="building-2",
            facts=role_facts,
            say=say_role,
            defaults=frozenset({Way.PAGE, Way.MAIL, Way.PUSH}),
        )
    )
    register_kind(
        Kind(
            name=SECURITY,
            label=gettext_lazy("Safety of my account"),
            icon="shield-alert",
            facts=security_facts,
            say=say_security,
            is_security=True,
        )
    )
