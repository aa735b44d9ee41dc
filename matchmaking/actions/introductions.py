"""Writes of introductions: proposed, answered by both sides, moved on, closed.

Both sides' answers come to the same row, under the lock of both profiles; it opens with the second
yes, whichever that is, and then a conversation with a brief on both begins.
"""

from django.utils.translation import gettext as _

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound
from live.registry import Written
from matchmaking.access.introductions import introduction_for
from matchmaking.access.profiles import answering_for
from matchmaking.actions.conversations import open_conversation
from matchmaking.actions.telling import lock_topics_of, tell_introduction, tell_suggestions
from matchmaking.models import Introduction, MarketState, MatchingProfile, Suggestion
from matchmaking.queries.introductions import is_known_to, with_sides
from matchmaking.queries.market import eligible
from matchmaking.rules.introductions import Side, after_saying, next_states
from matchmaking.vocabulary import WAITING, Answer, IntroductionState, Said
from members.access import Acting, organisation_for, role_in
from members.actions import record_act
from members.models import Accompaniment, Member
from moderation.access import is_apart

PROPOSED = "introduction.proposed"
"""The act of an intermediary that proposes two whom it accompanies to each other."""


def lock_pair(one: int, other: int) -> None:
    """Lock two matching profiles in the order of their ids; what is said of both waits here."""
    pair = MatchingProfile.objects.select_for_update().filter(pk__in=(one, other))
    list(pair.order_by("pk").values_list("pk", flat=True))


def locked_between(one: int, other: int) -> Introduction | None:
    """Return the introduction of two that goes on, locked; one that ran out is closed.

    The caller holds the lock of both profiles.
    """
    first, second = sorted((one, other))
    rows = Introduction.objects.select_for_update(of=("self",))
    row = rows.filter(first=first, second=second).exclude(state=IntroductionState.CLOSED).first()
    if row is not None and row.standing.at(now()).state == IntroductionState.CLOSED:
        close(row)
        return None
    return row


def close(row: Introduction) -> None:
    """Close an introduction, whose row is locked, and say so to both sides."""
    row.state, row.closed_at, row.changed_at = IntroductionState.CLOSED, now(), now()
    row.save(update_fields=["state", "closed_at", "changed_at"])
    if row.opened_at is None:
        _let_interest_lapse(row)
    tell_introduction(None, row)


def _let_interest_lapse(row: Introduction) -> None:
    """Note of interest that came to nothing since when it may come to something again.

    Whether the other side said no or nothing makes no difference.
    """
    sides = (row.first_id, row.second_id)
    rows = Suggestion.objects.filter(profile__in=sides, other__in=sides, lapsed_at=None)
    # What is said just now, while the old introduction is closed, is about the next one.
    rows.filter(answer=Answer.INTERESTED, answered_at__lte=row.answer_by).update(lapsed_at=now())


def say(*, actor: Member, organisation_id: int, other_id: int, said: Said) -> Introduction | None:
    """Say yes or no to meeting another, under the lock of both profiles; idempotent.

    A yes makes an introduction where there is none; a no to none is not kept here.

    Raises:
        Conflict: `introduction.over`, both agreed already, and it is a no;
            `suggestion.gone`, the two block each other.
    """
    row = locked_between(organisation_id, other_id)
    if row is None:
        if said != Said.YES:
            return None
        row = _begun(organisation_id, other_id)
    side = row.side_of(organisation_id)
    if row.state not in WAITING:
        if said == Said.YES:
            return row
        raise over()
    if row.standing.said[side] == said:
        return row
    _write(row, side, said, actor)
    _close_if_unwanted(row)
    return row


def unsay(*, actor: Member, organisation_id: int, other_id: int) -> None:
    """Take back what one's side said, under the lock of both profiles.

    An introduction of which nobody wants anything any more is closed.

    Raises:
        Conflict: `introduction.over`, both agreed already.
    """
    row = locked_between(organisation_id, other_id)
    if row is None:
        return
    if row.state not in WAITING:
        raise over()
    side = row.side_of(organisation_id)
    if row.standing.said[side] == Said.NOTHING:
        return
    _write(row, side, Said.NOTHING, actor)
    _close_if_unwanted(row)


def _close_if_unwanted(row: Introduction) -> None:
    """Close what nobody wants any more, unless an intermediary's proposal still waits."""
    if row.intermediary_id is None and Said.YES not in row.standing.said:
        close(row)


def _begun(one: int, other: int) -> Introduction:
    """A new introduction; what a side declined before stays declined, and stays its own."""
    first, second = sorted((one, other))
    declined = set(
        Suggestion.objects.filter(
            profile__in=(one, other), other__in=(one, other), answer=Answer.DECLINED
        ).values_list("profile_id", flat=True)
    )
    return Introduction.objects.create(
        first_id=first,
        second_id=second,
        first_said=Said.NO if first in declined else Said.NOTHING,
        second_said=Said.NO if second in declined else Said.NOTHING,
    )


def _write(row: Introduction, side: Side, said: Said, actor: Member) -> None:
    """Keep what a side said; with the second yes the conversation opens."""
    name = "first" if side == Side.FIRST else "second"
    after = after_saying(row.standing, side, said)
    setattr(row, f"{name}_said", said)
    setattr(row, f"{name}_by", actor if said == Said.YES else None)
    setattr(row, f"{name}_at", now() if said else None)
    before, row.state = row.state, after.state
    if after.state == IntroductionState.OPEN:
        speakers = (row.first_by, row.second_by)
        if None in speakers or is_apart(speakers[0].pk, speakers[1].pk):  # type: ignore[union-attr]
            raise gone()
        row.opened_at = row.changed_at = now()
        row.channel = open_conversation(actor, row)
    row.save()
    if said == Said.YES and after.state != IntroductionState.OPEN:
        # The other side is soon shown who would like to meet it.
        other = row.second_id if side == Side.FIRST else row.first_id
        MatchingProfile.objects.filter(pk=other).update(suggested_at=None)
    # A no is told to nobody else: not even that something happened.
    is_silent = before == after.state
    tell_introduction(actor, row, only=side if is_silent else None)


def propose_introduction(
    *, actor: Member, intermediary_id: int, first_id: int, second_id: int
) -> Written:
    """Propose two organisations that an intermediary accompanies to each other.

    Where an introduction of both goes on already, that one is returned.

    Raises:
        NotFound: `not_found`, no such organisation, or one without a matching profile that counts.
        Forbidden: `forbidden`, no role in the intermediary, or it does not accompany both.
        Invalid: `invalid`, twice the same.
        Conflict: `suggestion.gone`, one of them does not look for partners now.
    """
    intermediary = organisation_for(actor, intermediary_id)
    if not role_in(actor, intermediary):
        raise Forbidden
    if first_id == second_id:
        raise Invalid(fields={"second": [_("Choose two different organisations.")]})
    actings = [_accompanying(actor, intermediary_id, pk) for pk in sorted((first_id, second_id))]
    lock_pair(first_id, second_id)
    known = locked_between(first_id, second_id)
    if known is not None:
        return Written(known)
    if second_id not in eligible(first_id, [second_id]):
        raise gone()
    row = _begun(first_id, second_id)
    row.intermediary, row.proposed_by = intermediary, actor
    row.save(update_fields=["intermediary", "proposed_by"])
    for acting in actings:
        record_act(acting=acting, what=PROPOSED, subject=row.pk)
    tell_introduction(actor, row)
    return Written(row)


def _accompanying(actor: Member, intermediary_id: int, organisation_id: int) -> Acting:
    """In what capacity the actor acts for an organisation through this intermediary.

    Raises:
        NotFound, Forbidden: the intermediary does not accompany it.
    """
    organisation = organisation_for(actor, organisation_id)
    through = (
        Accompaniment.objects.holding()
        .filter(organisation=organisation, intermediary=intermediary_id)
        .select_related("intermediary")
        .first()
    )
    if through is None:
        raise Forbidden
    return Acting(actor, organisation, through=through)


def answer_introduction(
    *, actor: Member, introduction_id: int, organisation_id: int, yes: bool
) -> Written:
    """Say yes or no to an introduction that waits; the same again changes nothing.

    Raises:
        NotFound: `not_found`, no such introduction of this organisation.
        Forbidden: `forbidden`, the actor has no role in it.
        Conflict: `introduction.over`, it ran out or is closed, or it is open and this is a no;
            `suggestion.gone`, one of both does not look for partners now.
    """
    answering_for(actor, organisation_id)
    row = introduction_for(organisation_id, introduction_id)
    if not is_known_to(with_sides(Introduction.objects.filter(pk=row.pk)).get(), organisation_id):
        raise NotFound
    other_id = row.across(organisation_id)
    lock_pair(organisation_id, other_id)
    standing = locked_between(organisation_id, other_id)
    if standing is None or standing.pk != introduction_id:
        raise over()
    if yes and other_id not in eligible(organisation_id, [other_id]):
        raise gone()
    said = Said.YES if yes else Said.NO
    say(actor=actor, organisation_id=organisation_id, other_id=other_id, said=said)
    _answer_too(actor, organisation_id, other_id, Answer.INTERESTED if yes else Answer.DECLINED)
    return Written(row)


def _answer_too(actor: Member, organisation_id: int, other_id: int, answer: Answer) -> None:
    """Where the other was suggested as well, what was said is the answer to that."""
    rows = Suggestion.objects.filter(profile=organisation_id, other=other_id)
    if rows.exclude(answer=answer).update(
        answer=answer, why="", until=None, answered_at=now(), answered_by=actor
    ):
        tell_suggestions(actor, [(organisation_id, other_id)])


def move_introduction(
    *, actor: Member, introduction_id: int, organisation_id: int, state: str
) -> Written:
    """Say how an introduction goes on: met, cooperating, closed; the same again changes nothing.

    Raises:
        NotFound: `not_found`, no such introduction of this organisation.
        Forbidden: `forbidden`, the actor has no role in it.
        Conflict: `introduction.over`, its state does not lead there.
    """
    answering_for(actor, organisation_id)
    introduction_for(organisation_id, introduction_id)
    row = Introduction.objects.select_for_update(of=("self",)).get(pk=introduction_id)
    if row.state == state and row.opened_at is not None:
        return Written(row)
    if state not in next_states(IntroductionState(row.state)):
        raise over()
    was_cooperating = row.state == IntroductionState.COOPERATING
    row.state, row.changed_at, row.asked_at = IntroductionState(state), now(), None
    name = {"met": "met_at", "cooperating": "cooperating_at", "closed": "closed_at"}[state]
    setattr(row, name, now())
    row.save(update_fields=["state", "changed_at", "asked_at", name])
    if was_cooperating or row.state == IntroductionState.COOPERATING:
        MarketState.touch(Introduction.objects.filter(pk=row.pk))
    tell_introduction(actor, row)
    return Written(row)


def close_overdue(*, at_most: int) -> int:
    """Close introductions that ran out without both agreeing, so many at most. In a unit.

    Returns how many had run out, those among them that were answered meanwhile.
    """
    overdue = Introduction.objects.filter(
        state__in=[state.value for state in WAITING], answer_by__lte=now()
    )
    sides = list(overdue.order_by("pk").values_list("pk", "first_id", "second_id")[:at_most])
    lock_topics_of([house for _pk, *houses in sides for house in houses])
    rows = overdue.select_for_update(of=("self",)).filter(pk__in=[pk for pk, *_houses in sides])
    for row in rows.order_by("pk"):
        close(row)
    return len(sides)


def over() -> Conflict:
    """What is to be done needs another state of the introduction."""
    return Conflict(
        code="introduction.over", detail=_("This introduction stands otherwise by now.")
    )


def gone() -> Conflict:
    """One of two does not look for partners now."""
    return Conflict(
        code="suggestion.gone",
        detail=_("This organisation does not look for partners at the moment."),
    )
