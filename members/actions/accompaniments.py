"""Writes of accompaniments: one side asks, the other confirms, either ends it."""

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid
from live.registry import Written
from live.units import append, current
from members.access.organisations import (
    accompaniment_for,
    is_representative,
    organisation_for,
    speaks_for,
)
from members.access.people import is_staff
from members.models.organisations import Accompaniment, Organisation
from members.models.people import Member
from members.queries.roles import representative_ids
from members.vocabulary import Side

MOST_ACCOMPANIED = 1000


def ask_accompaniment(
    *, actor: Member, intermediary_id: int, organisation_id: int, side: str
) -> Written:
    """Ask for an accompaniment in the name of one side, inside a unit; the other side confirms.

    Where the other side has asked already, this confirms it.

    Raises:
        NotFound: `not_found`, no such organisation.
        Forbidden: `forbidden`, does not represent this side.
        Invalid: `invalid`, no such side; `accompaniment.not_an_intermediary`, it cannot accompany
            others, or would accompany itself.
        Conflict: `accompaniment.exists`, this side has asked already, or it holds;
            `accompaniment.too_many`.
    """
    if side not in Side.values:
        raise Invalid(fields={"side": [_("There is no such side.")]})
    intermediary = organisation_for(actor, intermediary_id)
    organisation = organisation_for(actor, organisation_id)
    if not is_representative(actor, intermediary if side == Side.INTERMEDIARY else organisation):
        raise Forbidden
    require_possible(intermediary, organisation)
    standing = Accompaniment.objects.open().filter(
        intermediary=intermediary, organisation=organisation
    )
    found = standing.select_related("intermediary", "organisation").first()
    if found is not None:
        if found.confirmed_at is not None or found.asked_side == side:
            raise Conflict(
                code="accompaniment.exists", detail=_("This was asked for or agreed to already.")
            )
        return _confirm(actor, found)
    row = Accompaniment.objects.create(
        intermediary=intermediary, organisation=organisation, asked_side=side, asked_by=actor
    )
    tell_accompaniment(actor=actor, row=row)
    return Written(row)


def confirm_accompaniment(*, actor: Member, accompaniment_id: int) -> Written:
    """Agree to an accompaniment that the other side asked for, inside a unit.

    Raises:
        NotFound: `not_found`, none that is open, or no role on either side.
        Forbidden: `forbidden`, does not represent the side that was asked.
        Conflict: `accompaniment.exists`, it was agreed to already.
    """
    row = accompaniment_for(actor, accompaniment_id)
    if not speaks_for(actor, row, row.confirming_side):
        raise Forbidden
    return _confirm(actor, row)


def end_accompaniment(*, actor: Member, accompaniment_id: int) -> Written:
    """End an accompaniment, or decline or take back the wish for one; inside a unit.

    Raises:
        NotFound: `not_found`, none that is open, or no role on either side.
        Forbidden: `forbidden`, represents neither side, and is not staff.
    """
    row = accompaniment_for(actor, accompaniment_id)
    if not is_staff(actor) and not any(speaks_for(actor, row, side) for side in Side):
        raise Forbidden
    row.ended_at, row.ended_by = now(), actor
    # Of two that end it at once, the second changes nothing that it would have to say.
    if Accompaniment.objects.open().filter(pk=row.pk).update(ended_at=row.ended_at, ended_by=actor):
        tell_accompaniment(actor=actor, row=row)
    return Written(row)


def agree_at_once(
    *,
    actor: Member,
    intermediary: Organisation,
    organisation: Organisation,
    asked_by: Member | None,
) -> Accompaniment:
    """Return an accompaniment that holds: an invitation was its asking, the answer confirms it.

    Raises:
        Invalid, Conflict: as `ask_accompaniment`; one that was asked for already is confirmed.
    """
    require_possible(intermediary, organisation)
    open_ones = Accompaniment.objects.open().select_related("intermediary", "organisation")
    row = open_ones.filter(intermediary=intermediary, organisation=organisation).first()
    if row is None:
        row = Accompaniment.objects.create(
            intermediary=intermediary,
            organisation=organisation,
            asked_side=Side.INTERMEDIARY,
            asked_by=asked_by,
        )
    if row.confirmed_at is None:
        _confirm(actor, row)
    return row


def require_possible(intermediary: Organisation, organisation: Organisation) -> None:
    """Let pairs through of which the one can accompany the other, and has room for it.

    Raises:
        Invalid: `accompaniment.not_an_intermediary`.
        Conflict: `accompaniment.too_many`.
    """
    if not intermediary.may_accompany or intermediary.pk == organisation.pk:
        raise Invalid(
            code="accompaniment.not_an_intermediary",
            detail=_("Only an intermediary can accompany others, and not itself."),
        )
    if Accompaniment.objects.open().filter(intermediary=intermediary).count() >= MOST_ACCOMPANIED:
        raise Conflict(
            code="accompaniment.too_many",
            detail=_("It accompanies too many organisations already."),
        )


def tell_accompaniment(*, actor: Member, row: Accompaniment) -> None:
    """Say to those who represent either side how an accompaniment stands now."""
    ids = representative_ids([row.intermediary_id, row.organisation_id])
    current().lock([f"member:{pk}" for pk in ids], make=True)
    for pk in ids:
        append(topic=f"member:{pk}", event="accompaniment.changed", actor=actor, subject=row)


def _confirm(actor: Member, row: Accompaniment) -> Written:
    row.confirmed_at, row.confirmed_by = now(), actor
    waiting = Accompaniment.objects.asked().filter(pk=row.pk)
    if waiting.update(confirmed_at=row.confirmed_at, confirmed_by=actor) == 0:
        raise Conflict(
            code="accompaniment.exists", detail=_("This was asked for or agreed to already.")
        )
    tell_accompaniment(actor=actor, row=row)
    return Written(row)
