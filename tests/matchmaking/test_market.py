"""One view of the market in all processes, whatever each remembers."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from base.clock import now
from jobs.periodic import _jobs
from matchmaking.actions.profiles import market_changed
from matchmaking.events.groups import BeginGroup
from matchmaking.events.profiles import NameMatching
from matchmaking.events.suggestions import MoveIntroduction
from matchmaking.models import Introduction, MatchingProfile, Suggestion
from matchmaking.queries.market import (
    _held,
    asking_profile,
    current_market,
    fits,
    forget,
    read_cooperations,
)
from members.consent import QUESTIONS
from members.events import GiveConsent, WithdrawConsent
from members.vocabulary import Purpose
from tests.matchmaking.matching import (
    House,
    begin_group,
    do,
    house,
    introduce,
    pair,
    save,
    suggest,
    suggested_to,
)

WITHIN_S = 2
Ask = Callable[[House], list[str]]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Two processes on this database; what each answers for an organisation."""
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "tests.matchmaking.child", name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    children = [subprocess.Popen(command, text=True, **pipes) for _ in range(2)]  # type: ignore[call-overload]

    def both(of: House) -> list[str]:
        for child in children:
            child.stdin.write(f"{of.id}\n")
            child.stdin.flush()
        return [child.stdout.readline().strip() for child in children]

    yield both
    for child in children:
        child.stdin.close()
        child.wait(60)
        child.stdout.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_process_has_every_change_within_two_seconds(ask: Ask) -> None:
    one, other = pair()

    def soon(of: House, found: list[int]) -> None:
        started = time.monotonic()
        assert ask(of) == [str(found)] * 2
        assert time.monotonic() - started < WITHIN_S

    assert ask(one) == [str([other.id])] * 2
    third = house("SE", needs=["residency"], offers=["festival"])
    soon(one, [other.id, third.id])
    save(other, excluded=["EE"])
    soon(one, [third.id])
    do(third.member, "matching.rest", NameMatching(organisation=third.id))
    soon(one, [])
    do(third.member, "matching.renew", NameMatching(organisation=third.id))
    soon(one, [third.id])
    do(third.member, "consent.withdraw", WithdrawConsent(purpose="matching"))
    soon(one, [])
    version = QUESTIONS[Purpose.MATCHING].version
    job = _jobs["matchmaking.market"]
    job.run()
    do(third.member, "consent.give", GiveConsent(purpose="matching", version=version))
    job.run()
    soon(one, [third.id])
    begin_group(one, third)
    soon(one, [])
    soon(third, [other.id])


@pytest.mark.django_db
def test_a_market_that_is_up_to_date_costs_one_query(
    django_assert_num_queries: Callable[[int], object],
) -> None:
    one, other = pair()
    market = current_market()
    assert (len(market), one.id in market, other.id in market) == (2, True, True)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        current_market()
    MatchingProfile.objects.filter(pk=other.id).update(expires_at=now())
    market_changed(organisation_ids=[other.id])
    assert other.id not in current_market()


@pytest.mark.django_db
def test_private_needs_are_in_ones_own_question_alone() -> None:
    one = house("EE", needs=["festival"], private=["investment"])
    current_market()
    mine = asking_profile(one.id)
    assert mine is not None
    assert mine.needs == {"festival", "investment"}
    angel = house("FI", needs=["residency"], offers=["investment"])
    assert [pk for pk, *_rest in fits(one.id, 5, ())] == [angel.id]


def _common(of: House, other: House) -> tuple[str, ...]:
    """Partners in common, as the market has them."""
    mine = asking_profile(of.id)
    assert mine is not None
    terms = {term.name: term for term in current_market().explain_for(mine, other.id).terms}
    return terms["network"].mine if "network" in terms else ()


@pytest.mark.django_db
def test_who_works_together_is_not_suggested_and_brings_others_closer() -> None:
    one, other = pair()
    third = house("SE", needs=["residency"], offers=["festival"])
    suggest(one, third)
    assert (set(suggested_to(one)), suggested_to(third)) == ({other.id, third.id}, [one.id])
    begin_group(one, other, third)
    assert [fits(each.id, 5, ()) for each in (one, other, third)] == [[], [], []]
    assert not Suggestion.objects.open().exists()
    fourth = house("LV", needs=["residency"], offers=["festival"])
    assert _common(one, fourth) == ()
    begin_group(other, fourth)
    assert _common(one, fourth) == (str(other.id),)
    # Without consent it is between nobody; with it again it is.
    other.member.consents.all().delete()
    market_changed(organisation_ids=[other.id])
    assert _common(one, fourth) == ()
    assert [pk for pk, *_rest in fits(one.id, 5, ())] == [fourth.id]


LOOK = ("look", 0, 0)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["cooperate", "close", "group", "more", "look", "save", "erase"]),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=12,
)


@pytest.mark.slow
class TestWhatIsHeld(TestCase):
    """What a process holds after any course of changes, however often it looked on the way."""

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @example(steps=[("cooperate", 0, 1), LOOK, ("erase", 0, 0)])
    @example(steps=[("cooperate", 0, 1), LOOK, ("close", 0, 1), ("cooperate", 2, 3)])
    @example(steps=[("cooperate", 0, 1), LOOK, ("group", 0, 1), LOOK, ("more", 0, 1)])
    @example(steps=[("more", 0, 1), ("more", 0, 2), LOOK, ("erase", 0, 0), ("save", 1, 2)])
    @given(steps=STEPS)
    def test_is_what_one_that_begins_now_would_hold(
        self, steps: list[tuple[str, int, int]]
    ) -> None:
        forget()
        everybody = [house(code) for code in ("DE", "EE", "FI", "LV", "PL", "SE")]
        there = dict(enumerate(everybody))
        for what, first, second in steps:
            if what == "look":
                current_market()
            elif what == "erase":
                self._erase(there, first)
            elif first in there and second in there and first != second:
                self._between(there[first], there[second], what)
        seen = self._seen(everybody)
        held = dict(_held.cooperating)
        forget()
        assert (held, seen) == (read_cooperations(), self._seen(everybody))

    def _seen(self, houses: list[House]) -> list[list[float]]:
        """Scores of all with all, which depend on who works with whom."""
        market = current_market()
        ids = [each.id for each in houses if each.id in market]
        return [[market.fit(one, other, 0.0) for other in ids] for one in ids]

    def _between(self, one: House, other: House, what: str) -> None:
        row = Introduction.objects.of(one.id).of(other.id).going_on().first()
        if what == "save":
            market_changed(organisation_ids=[one.id])
        elif what == "more":
            begin_group(one, other)
        elif row is None and what == "cooperate":
            ids = sorted((one.id, other.id))
            row = Introduction.objects.create(
                first_id=ids[0], second_id=ids[1], state="open", opened_at=now()
            )
        if row is not None and what in {"cooperate", "close"}:
            state = {"cooperate": "cooperating", "close": "closed"}[what]
            do(one.member, "introduction.move",
               MoveIntroduction(id=row.pk, organisation=one.id, state=state))  # fmt: skip
        elif row is not None and what == "group":
            do(one.member, "group.begin", BeginGroup(organisation=one.id, introduction=row.pk))

    def _erase(self, there: dict[int, House], which: int) -> None:
        """As a lone freelancer goes: out of the market first, then with all that is theirs."""
        gone = there.pop(which, None)
        if gone is not None:
            MatchingProfile.objects.filter(pk=gone.id).update(contact=None)
            market_changed(organisation_ids=[gone.id])
            gone.organisation.delete()


@pytest.mark.django_db
def test_what_did_not_change_is_not_read_again() -> None:
    one, other = pair()
    begin_group(one, other)
    current_market()
    save(other, excluded=["SE"])
    with CaptureQueriesContext(connection) as asked:
        current_market()
    read = [each["sql"] for each in asked if "grouphouse" in each["sql"]]
    # One counts, one asks for what changed; none reads all of it.
    assert [("COUNT" in sql, "version" in sql) for sql in read] == [(False, True), (True, False)]


@pytest.mark.django_db
def test_one_cooperation_is_counted_once() -> None:
    one, other = pair()
    row = introduce(one, other)
    assert read_cooperations() == {}
    cooperate = MoveIntroduction(id=row.pk, organisation=one.id, state="cooperating")
    do(one.member, "introduction.move", cooperate)
    both = frozenset((one.id, other.id))
    assert read_cooperations() == {f"introduction {row.pk}": both}
    group = do(one.member, "group.begin", BeginGroup(organisation=one.id, introduction=row.pk))
    assert read_cooperations() == {f"group {group['id']}": both}
