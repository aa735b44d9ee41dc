"""Writes of suggestions: made for an organisation, answered by its own people, taken back.

Invariants: an organisation gets no more in seven days than it set; an answer other than interest
changes nothing that anybody else can see; topics are locked before profiles, and both rows of a
pair in one order, so what two sides and a job do at once is done one after the other.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from base.clock import now
from base.errors import Conflict, Invalid, NotFound
from live.registry import Written
from live.units import unit
from matchmaking.access.profiles import answering_for
from matchmaking.actions.fitting import WEEK, heard_lately
from matchmaking.actions.introductions import gone, lock_pair, say, unsay
from matchmaking.actions.telling import lock_topics_of, tell_introduction, tell_suggestions
from matchmaking.engine.market import Explanation
from matchmaking.models import Introduction, MatchingProfile, Suggestion
from matchmaking.queries.market import asking_profile, current_market, eligible, fits
from matchmaking.queries.suggestions import asking_to_meet
from matchmaking.vocabulary import AGAIN_AFTER, OPEN_FOR, Answer, Said, Why
from members.models import Member

MOST_WEEKS = 52
ASKED = "asked"
KEPT_FROM = 3
"""From so many suggestions a week on one place is kept for who would like to meet."""
MEETING = frozenset({"reciprocal", "sought", "offered", "sectors"})
"""Terms of which one must count: freshness or a country alone is no reason to meet."""


def suggest_now(*, organisation_id: int) -> list[Suggestion]:
    """Look for whom to suggest to an organisation and store it; returns what is new.

    Not inside a transaction: the market is read as it was committed.
    """
    profile = MatchingProfile.objects.filter(pk=organisation_id).first()
    if profile is None:
        return []
    room = _room(profile)
    found = _found(organisation_id, room) if room > 0 else []
    with unit():
        lock_topics_of([organisation_id])
        locked = MatchingProfile.objects.select_for_update().get(pk=organisation_id)
        locked.suggested_at = now()
        locked.save(update_fields=["suggested_at"])
        _lapse(organisation_id)
        # Somebody else may have looked at the same time.
        fresh = [row for row in found if _is_free(row)][: max(_room(locked), 0)]
        for row in fresh:
            Suggestion.objects.filter(profile=row.profile_id, other=row.other_id).delete()
        Suggestion.objects.bulk_create(fresh)
        tell_suggestions(None, [(row.profile_id, row.other_id) for row in fresh])
        _tell_who_asks(organisation_id, {row.other_id for row in fresh if row.place == ASKED})
    return fresh


def _tell_who_asks(organisation_id: int, others: Collection[int]) -> None:
    """Say what an organisation may know now: who would like to meet it."""
    if not others:
        return
    for row in Introduction.objects.of(organisation_id).going_on():
        if row.across(organisation_id) in others:
            tell_introduction(None, row, only=row.side_of(organisation_id))


def _room(profile: MatchingProfile) -> int:
    """How many more an organisation may get now, fitting requests counted too. Two queries."""
    return profile.weekly - heard_lately(profile.pk)


def _found(organisation_id: int, room: int) -> list[Suggestion]:
    """Whom to suggest now, unsaved: who wants to meet first, then who fits best."""
    gone = _gone(organisation_id)
    wishes = sorted(asking_to_meet(organisation_id) - gone)
    wanted = [pk for pk in wishes if pk in eligible(organisation_id, wishes)][:room]
    best = fits(
        organisation_id,
        room - len(wanted) - (0 if wanted else _kept(organisation_id)),
        {*gone, *wishes},
    )
    places = [(pk, ASKED) for pk in wanted] + [(pk, place) for pk, _score, place in best]
    mine = asking_profile(organisation_id) if places else None
    if mine is None:
        return []
    whys = current_market().explain_all(mine, [pk for pk, _place in places])
    return [
        _row(organisation_id, pk, place, whys[pk])
        for pk, place in places
        if pk in whys and (place == ASKED or any(term.name in MEETING for term in whys[pk].terms))
    ]


def _kept(organisation_id: int) -> int:
    """How many places are kept for who would like to meet: one a week, where there are several."""
    lately = Suggestion.objects.filter(
        profile=organisation_id, place=ASKED, made_at__gt=now() - WEEK
    )
    several = MatchingProfile.objects.filter(pk=organisation_id, weekly__gte=KEPT_FROM)
    return int(several.exists() and not lately.exists())


def _row(organisation_id: int, other_id: int, place: str, why: Explanation) -> Suggestion:
    return Suggestion(
        profile_id=organisation_id,
        other_id=other_id,
        place=place,
        score=why.score,
        terms={term.name: round(term.value, 6) for term in why.terms},
    )


def _gone(organisation_id: int) -> set[int]:
    """Who is not suggested anew: answered, still shown, lapsed lately, or met already."""
    rows = Suggestion.objects.filter(profile=organisation_id)
    again = rows.filter(_may_come_again())
    gone = set(rows.exclude(pk__in=again.values("pk")).values_list("other_id", flat=True))
    met = Introduction.objects.of(organisation_id).exclude(opened_at=None)
    return gone | {row.across(organisation_id) for row in met}


def _is_free(row: Suggestion) -> bool:
    before = Suggestion.objects.filter(profile=row.profile_id, other=row.other_id)
    return not before.exclude(_may_come_again()).exists()


def _may_come_again() -> Q:
    """What went long ago without an answer, of either side."""
    return Q(lapsed_at__lt=now() - AGAIN_AFTER, answer__in=("", Answer.INTERESTED))


def _lapse(organisation_id: int) -> None:
    """Let go what nobody answered for weeks."""
    old = Suggestion.objects.filter(profile=organisation_id, answer="", lapsed_at=None)
    old = old.filter(made_at__lt=now() - OPEN_FOR)
    gone = list(old.values_list("other_id", flat=True))
    old.update(lapsed_at=now())
    tell_suggestions(None, [(organisation_id, pk) for pk in gone])


def let_go_among(organisation_ids: Collection[int]) -> None:
    """Let go what is still suggested among those who work together now. Inside a unit."""
    among = {"profile__in": organisation_ids, "other__in": organisation_ids}
    open_ones = Suggestion.objects.filter(**among, lapsed_at=None, answer__in=("", Answer.LATER))
    pairs = list(open_ones.order_by("profile", "other").values_list("profile_id", "other_id"))
    open_ones.update(lapsed_at=now())
    tell_suggestions(None, pairs)


def bring_back(*, at_most: int) -> list[Suggestion]:
    """Open what was put off until now anew, and return it. Inside a unit."""
    put_off = Suggestion.objects.filter(answer=Answer.LATER, until__lte=now(), lapsed_at=None)
    ids = dict(put_off.order_by("pk").values_list("pk", "profile_id")[:at_most])
    lock_topics_of(ids.values())
    found = list(put_off.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    for row in found:
        row.answer, row.until, row.answered_at, row.answered_by = "", None, None, None
        row.made_at = now()
        row.save()
    tell_suggestions(None, [(row.profile_id, row.other_id) for row in found])
    return found


def answer_suggestion(
    *,
    actor: Member,
    organisation_id: int,
    other_id: int,
    answer: str,
    why: str = "",
    weeks: int = 4,
) -> Written:
    """Say what one's organisation thinks of a suggestion; another answer replaces it.

    Interest goes to the other side; where both are interested a conversation opens.

    Raises:
        NotFound: `not_found`, no such organisation, or the other was not suggested to it.
        Forbidden: `forbidden`, the actor has no role in it.
        Invalid: `invalid`, no such answer or reason, or not 1 to 52 weeks.
        Conflict: `matching.not_shared`, its own profile does not count now; `suggestion.gone`, the
            other's does not; `introduction.over`, both agreed already.
    """
    answering_for(actor, organisation_id)
    _require_known(answer, why, weeks)
    row = _locked(organisation_id, other_id)
    if answer == Answer.INTERESTED:
        _require_shared(organisation_id, other_id)
    said = {Answer.INTERESTED: Said.YES, Answer.DECLINED: Said.NO}.get(Answer(answer))
    row.answer, row.why = answer, why if answer == Answer.DECLINED else ""
    row.until = now() + timedelta(weeks=weeks) if answer == Answer.LATER else None
    row.answered_at, row.answered_by, row.lapsed_at = now(), actor, None
    row.save()
    if said is None:
        unsay(actor=actor, organisation_id=organisation_id, other_id=other_id)
    else:
        say(actor=actor, organisation_id=organisation_id, other_id=other_id, said=said)
    tell_suggestions(actor, [(organisation_id, other_id)])
    return Written(row)


def undo_answer(*, actor: Member, organisation_id: int, other_id: int) -> Written:
    """Take an answer back, as long as both have not agreed; without one nothing changes.

    Raises:
        NotFound: `not_found`, no such organisation, or the other was not suggested to it.
        Forbidden: `forbidden`, the actor has no role in it.
        Conflict: `introduction.over`, both agreed already.
    """
    answering_for(actor, organisation_id)
    row = _locked(organisation_id, other_id)
    if not row.answer:
        return Written(row)
    unsay(actor=actor, organisation_id=organisation_id, other_id=other_id)
    row.answer, row.why, row.until = "", "", None
    row.answered_at, row.answered_by = None, None
    row.save()
    tell_suggestions(actor, [(organisation_id, other_id)])
    return Written(row)


def _require_known(answer: str, why: str, weeks: int) -> None:
    wrong = {}
    if answer not in Answer.values:
        wrong["answer"] = [_("This is not an answer.")]
    if why and why not in Why.values:
        wrong["why"] = [_("This reason is not known.")]
    if not 1 <= weeks <= MOST_WEEKS:
        wrong["weeks"] = [_("Choose 1 to 52 weeks.")]
    if wrong:
        raise Invalid(fields=wrong)


def _locked(organisation_id: int, other_id: int) -> Suggestion:
    """The suggestion, with both profiles locked."""
    lock_pair(organisation_id, other_id)
    row = Suggestion.objects.filter(profile=organisation_id, other=other_id).first()
    if row is None:
        raise NotFound
    return row


def _require_shared(organisation_id: int, other_id: int) -> None:
    if other_id in eligible(organisation_id, [other_id]):
        return
    if asking_profile(organisation_id) is None:
        raise Conflict(
            code="matching.not_shared",
            detail=_("Your matching profile rests or is not shared. Renew it first."),
        )
    raise gone()
