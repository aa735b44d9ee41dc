"""Introductions: both sides act in any order or at once, and come out the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from base.clock import now
from base.errors import Conflict, Forbidden, NotFound
from chat.models import Channel
from live.limits import writes
from live.models import Event
from matchmaking.events.suggestions import MoveIntroduction, ProposeIntroduction
from matchmaking.models import Introduction, Suggestion
from matchmaking.queries.introductions import going_on_of, states_for_intermediary
from matchmaking.queries.market import forget
from matchmaking.queries.suggestions import shown_suggestions
from matchmaking.tasks.suggestions import ask, close
from matchmaking.vocabulary import AGAIN_AFTER, ANSWERED_WITHIN, Answer
from members.models import Act
from notices.models import Notice
from tests import factories
from tests.matchmaking.matching import House, answer, do, introduce, pair, say, suggest, undo

ANSWERS = st.sampled_from(["interested", "declined", "later", "undo"])
MOVES = st.sampled_from(["met", "cooperating", "closed"])
STEP = st.one_of(
    st.tuples(st.just("one"), st.integers(0, 1), ANSWERS | MOVES),
    st.tuples(st.just("both"), ANSWERS | MOVES, ANSWERS | MOVES),
    st.tuples(st.just("wait"), st.integers(1, 15)),
)


def act(sides: tuple[House, House], who: int, what: str) -> None:
    """One click, which may be refused by how things stand."""
    own, other = sides[who], sides[1 - who]
    try:
        with transaction.atomic():
            if what == "undo":
                undo(own, other)
            elif what in Answer.values:
                answer(own, other, what)
            else:
                row = Introduction.objects.of(own.id).first()
                if row is not None:
                    move(own, row, what)
    except Conflict as refusal:
        if refusal.code != "introduction.over":
            raise


def move(of: House, row: Introduction, state: str) -> dict[str, Any]:
    data = MoveIntroduction(id=row.pk, organisation=of.id, state=state)
    return do(of.member, "introduction.move", data)


def standing(sides: tuple[House, House]) -> list[Any]:
    """What both say and see, without ids and times."""
    said = Suggestion.objects.order_by("profile").values_list("profile", "answer")
    rows = Introduction.objects.order_by("pk").values_list("state", "first_said", "second_said")
    views = [
        [(each.state, each.said, each.is_mine_to_answer) for each in going_on_of(side.id)]
        for side in sides
    ]
    return [list(said), list(rows), views, Channel.objects.count()]


def yes_of(sides: tuple[House, House]) -> list[int]:
    """Which of both wait for the other's yes."""
    views = [going_on_of(side.id) for side in sides]
    return [who for who, view in enumerate(views) if any(each.said == "yes" for each in view)]


def check(sides: tuple[House, House], before: list[tuple[int, str]]) -> None:
    """What holds whatever was done."""
    rows = list(Introduction.objects.order_by("pk"))
    assert sum(row.state != "closed" for row in rows) <= 1
    for row in rows:
        agreed = row.first_said == row.second_said == "yes"
        assert (row.channel_id is not None) == (row.opened_at is not None) == agreed
    # Who agreed once talks for good: what was opened is never waiting again.
    opened = {row.pk for row in rows if row.opened_at is not None}
    assert {pk for pk, state in before if state in {"open", "met", "cooperating"}} <= opened
    assert Channel.objects.count() == len(opened)


class TestBothSides(TestCase):
    """Any course of clicks and days."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=1, max_size=8))
    def test_any_course_keeps_the_rules_and_any_order_comes_out_the_same(
        self, steps: list[Any]
    ) -> None:
        forget()
        writes._buckets.clear()
        sides = pair()
        suggest(*sides)
        for step in steps:
            before = list(Introduction.objects.values_list("pk", "state"))
            if step[0] == "wait":
                gone = timedelta(days=step[1])
                for row in Introduction.objects.all():
                    Introduction.objects.filter(pk=row.pk).update(answer_by=row.answer_by - gone)
            elif step[0] == "one":
                act(sides, step[1], step[2])
                once = standing(sides)
                act(sides, step[1], step[2])
                assert standing(sides) == once
            else:
                found, wishing = [], yes_of(sides)
                for order in ((0, 1), (1, 0)):
                    mark = transaction.savepoint()
                    for who in order:
                        act(sides, who, step[1 + who])
                    found.append(standing(sides))
                    if order == (0, 1):
                        transaction.savepoint_rollback(mark)
                # Who takes a yes back races with the other's yes: whichever comes first holds.
                stays = all(step[1 + who] == "interested" for who in wishing)
                if stays and {step[1], step[2]} <= set(Answer.values):
                    assert found[0] == found[1]
            check(sides, before)


@pytest.mark.django_db
def test_an_unanswered_one_ends_for_both_and_blames_nobody() -> None:
    one, other = pair()
    suggest(one, other)
    answer(one, other, "interested")
    assert [each.state for each in going_on_of(one.id)] == ["accepted"]
    assert [each.is_mine_to_answer for each in going_on_of(other.id)] == [True]
    Introduction.objects.update(answer_by=now())
    assert (going_on_of(one.id), going_on_of(other.id)) == ([], [])
    row = Introduction.objects.get()
    with pytest.raises(Conflict):
        say(other, row, yes=True)
    close()
    row.refresh_from_db()
    assert (row.state, Channel.objects.count(), Notice.objects.count()) == ("closed", 0, 0)
    assert timedelta(days=14) == ANSWERED_WITHIN


@pytest.mark.django_db
@pytest.mark.parametrize("other_said", ["", "declined"])
def test_interest_that_ran_out_may_come_again_whatever_the_other_said(other_said: str) -> None:
    one, other = pair()
    suggest(one, other)
    answer(one, other, "interested")
    if other_said:
        answer(other, one, other_said)
    Introduction.objects.update(answer_by=now())
    close()
    suggest(one)
    assert Suggestion.objects.get(profile=one.id).answer == "interested"
    # Three months later it is as if it had never been asked.
    Suggestion.objects.filter(profile=one.id).update(lapsed_at=now() - AGAIN_AFTER * 1.01)
    suggest(one)
    assert [each.state.answer for each in shown_suggestions(one.id)] == [""]
    answer(one, other, "interested")
    assert [each.state for each in going_on_of(one.id)] == ["accepted"]
    assert Suggestion.objects.get(profile=one.id).lapsed_at is None


@pytest.mark.django_db
def test_interest_said_anew_outlives_the_introduction_that_ran_out() -> None:
    one, other = pair()
    suggest(one, other)
    answer(one, other, "interested")
    Introduction.objects.update(answer_by=now())
    # Before the job closes the old one.
    answer(other, one, "interested")
    answer(one, other, "interested")
    assert Suggestion.objects.get(profile=other.id).lapsed_at is None
    states = Introduction.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["closed", "open"]


@pytest.mark.django_db
def test_how_it_goes_is_asked_after_a_month_and_told_by_one_click() -> None:
    one, other = pair()
    row = introduce(one, other)
    ask()
    assert Notice.objects.count() == 0
    Introduction.objects.update(changed_at=now() - timedelta(days=31))
    ask()
    ask()
    asked = Notice.objects.values_list("member_id", "kind", "data")
    assert sorted(asked, key=lambda each: each[0]) == [
        (side.member.pk, "matchmaking.introduction", {"organisation": side.id, "what": "how"})
        for side in (one, other)
    ]
    move(one, row, "met")
    move(other, row, "met")
    move(other, row, "cooperating")
    assert [each.state for each in going_on_of(one.id)] == ["cooperating"]
    move(one, row, "closed")
    assert (going_on_of(one.id), going_on_of(other.id)) == ([], [])
    with pytest.raises(Conflict):
        move(other, row, "met")
    elsewhere = factories.appointment(member=one.member).organisation
    with pytest.raises(NotFound):
        move(House(elsewhere, one.member), row, "met")


def accompanied() -> tuple[House, House, Any]:
    """Two whom one intermediary accompanies, and its member."""
    one, other = pair()
    hub = factories.organisation(name="Hub", kind="incubator", country="EE")
    helper = factories.member(organisation=hub)
    factories.appointment(member=helper, organisation=hub, role="editor")
    for side in (one, other):
        factories.accompaniment(intermediary=hub, organisation=side.organisation)
    return one, other, (hub, helper)


@pytest.mark.django_db
def test_an_intermediary_proposes_and_sees_states_but_never_a_no() -> None:
    one, other, (hub, helper) = accompanied()
    proposal = ProposeIntroduction(intermediary=hub.pk, first=other.id, second=one.id)
    client = Client()
    client.force_login(helper)
    sent = {"first": other.id, "second": one.id}
    assert client.post(f"/partners/{hub.pk}/propose/", sent).status_code == 302
    do(helper, "introduction.propose", proposal)
    assert "Sadam · Majakka" in client.get(f"/partners/{hub.pk}/propose/").content.decode()
    assert client.get(f"/partners/{one.id}/propose/").status_code == 403
    row = Introduction.objects.get()
    acts = Act.objects.filter(what="introduction.proposed").values_list(
        "organisation_id", flat=True
    )
    assert sorted(acts) == [one.id, other.id]

    def seen() -> list[str]:
        return [each.state.value for each in states_for_intermediary(one.id)]

    assert seen() == ["proposed"]
    with pytest.raises(Forbidden):
        say(House(one.organisation, helper), row, yes=True)
    say(other, row, yes=False)
    assert seen() == ["proposed"]
    assert [each.state for each in going_on_of(one.id)] == ["proposed"]
    say(one, row, yes=True)
    assert seen() == ["accepted"]
    say(other, row, yes=True)
    assert seen() == ["open"]
    stranger = factories.member()
    before = Event.objects.count()
    with pytest.raises(Forbidden):
        do(stranger, "introduction.propose", proposal)
    third = factories.organisation()
    with pytest.raises(Forbidden):
        do(
            helper,
            "introduction.propose",
            ProposeIntroduction(intermediary=hub.pk, first=one.id, second=third.pk),
        )
    assert (Introduction.objects.count(), Event.objects.count()) == (1, before)
