"""Keeping what an intermediary's people do for an organisation, where its own people see it."""

from base.errors import Forbidden
from live.units import append, current
from members.access.organisations import Acting
from members.acts import act_kind
from members.models.organisations import Accompaniment, Act
from members.queries.roles import representative_ids


def record_act(*, acting: Acting, what: str, subject: int | None = None) -> Act | None:
    """Keep an act and tell those who represent the organisation; inside the unit of the act itself.

    Whoever acts by a role of their own, or as staff, needs no record: None is returned. `acting`
    is what `members.access.acting_for` said at the beginning of the same unit.

    Args:
        acting: Who acts, for whom, and through which accompaniment.
        what: Name of a declared kind of act (`members.acts`).
        subject: id of the row that the act made or changed.

    Raises:
        Forbidden: `forbidden`, the accompaniment was ended in the meantime.
    """
    if act_kind(what) is None:
        message = f"the act {what} is not declared"
        raise ValueError(message)
    if acting.through is None:
        return None
    # The lock makes an end that is under way wait, or this act fail.
    holding = Accompaniment.objects.holding().select_for_update(of=("self",))
    if not holding.filter(pk=acting.through.pk).exists():
        raise Forbidden
    act = Act.objects.create(
        accompaniment=acting.through,
        organisation=acting.organisation,
        member=acting.member,
        what=what,
        subject=subject,
    )
    members = representative_ids([acting.organisation.pk])
    current().lock([f"member:{pk}" for pk in members], make=True)
    for pk in members:
        append(topic=f"member:{pk}", event="organisation.acted", actor=acting.member, subject=act)
    return act
