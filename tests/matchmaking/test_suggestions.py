"""Suggestions: made within the limit, with reasons, answered in silence, gone with consent."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import translation

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound
from chat.models import Membership
from jobs.periodic import _jobs
from live.models import Event
from live.registry import topic_kinds
from matchmaking.actions.profiles import market_changed
from matchmaking.events.profiles import NameMatching
from matchmaking.models import Introduction, MatchingProfile, Suggestion
from matchmaking.queries.introductions import going_on_of, own_introductions
from matchmaking.queries.suggestions import own_suggestions, shown_suggestions
from members.consent import QUESTIONS
from members.events import GiveConsent, WithdrawConsent
from members.vocabulary import Purpose
from moderation.events import BlockMember
from moderation.models import Block
from tests import factories
from tests.matchmaking.matching import (
    House,
    answer,
    do,
    house,
    introduce,
    pair,
    suggest,
    suggested_to,
    undo,
)

pytestmark = pytest.mark.django_db


def shown(of: int) -> list[int]:
    return [each.state.other.id for each in shown_suggestions(of)]


def told() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("event", flat=True))


def heard_by(of: House) -> list[str]:
    rows = Event.objects.filter(topic__name=f"member:{of.member.pk}").order_by("seq")
    return list(rows.values_list("event", flat=True))


def test_two_who_fit_are_suggested_to_each_other_with_reasons() -> None:
    one, other = pair(wanted=["EE", "FI"])
    suggest(one, other)
    assert (suggested_to(one), suggested_to(other)) == ([other.id], [one.id])
    (seen,) = shown_suggestions(one.id)
    assert seen.reasons.sentences[:2] == (
        "You look for a festival invitation; they offer that.",
        "They look for a residency; you offer that.",
    )
    assert seen.reasons.languages == "Languages you both work in: English."
    with translation.override("de"):
        assert shown_suggestions(one.id)[0].reasons.languages.endswith("Englisch.")


def test_who_has_nothing_to_give_is_not_suggested() -> None:
    one = house("EE", needs=["festival"], offers=["residency"])
    house("FI", needs=["space"], offers=["fair"])
    suggest(one)
    assert suggested_to(one) == []


def test_nobody_gets_more_in_a_week_than_they_set() -> None:
    one = house("EE", weekly=2)
    for country in ("FI", "SE", "LV", "LT"):
        house(country, needs=["residency"], offers=["festival"])
    suggest(one, one, one)
    assert len(suggested_to(one)) == 2
    for row in Suggestion.objects.filter(profile=one.id):
        row.answer = "declined"
        row.save()
    suggest(one)
    assert len(suggested_to(one)) == 2
    Suggestion.objects.update(made_at=now() - timedelta(days=8))
    suggest(one)
    assert len(suggested_to(one)) == 4


def test_who_is_at_home_blocked_expired_or_without_consent_is_not_suggested() -> None:
    one = house("EE")
    fits: dict[str, Any] = {"needs": ["residency"], "offers": ["festival"]}
    house("EE", **fits)
    house("SE", consents=("directory",), **fits)
    blocked = house("LV", **fits)
    Block.objects.create(blocker=blocked.member, blocked=one.member)
    expired = house("LT", **fits)
    MatchingProfile.objects.filter(pk=expired.id).update(expires_at=now())
    market_changed(organisation_ids=[expired.id])
    left = house("PL", **fits)
    left.member.appointments.all().delete()
    stays = house("FI", **fits)
    suggest(one)
    assert suggested_to(one) == [stays.id]


def test_withdrawn_consent_is_gone_at_once_though_memory_still_has_it() -> None:
    one, other = pair()
    suggest(one, other)
    assert shown(one.id) == [other.id]
    do(other.member, "consent.withdraw", WithdrawConsent(purpose="matching"))
    assert (shown(one.id), shown(other.id)) == ([], [])
    assert (own_suggestions(one.member), own_suggestions(other.member)) == ([], [])


def copy_of(of: House) -> tuple[dict[int, bool], dict[int, str]]:
    """What a copy that is kept up by events has: who may be answered, and how far others are."""
    events = Event.objects.filter(topic__name=f"member:{of.member.pk}").order_by("seq")
    said = msgspec.to_builtins(topic_kinds()["member"].present(list(events)))
    open_, states = {}, {}
    for each in filter(None, said):
        if "suggestion" in each:
            open_[each["suggestion"]["other"]["id"]] = each["suggestion"]["is_open"]
        if "introduction" in each:
            states[each["introduction"]["other"]["id"]] = each["introduction"]["state"]
    return open_, states


def test_what_may_not_be_suggested_any_more_goes_from_page_home_socket_and_comes_back(
    client: Client,
) -> None:
    one, other = pair()
    follow = _jobs["matchmaking.market"].run
    follow()
    suggest(one, other)
    answer(other, one, "interested")
    client.force_login(one.member)

    def seen() -> list[Any]:
        follow()
        snapshot = [each.other.id for each in own_suggestions(one.member)]
        asked = [each.other.id for each in own_introductions(one.member)]
        is_at_home = f"#s-{other.id}" in client.get("/").content.decode()
        return [shown(one.id), snapshot, asked, is_at_home, *copy_of(one)]

    there = [[other.id]] * 3 + [True, {other.id: True}, {other.id: "accepted"}]
    gone = [[]] * 3 + [False, {other.id: False}, {other.id: "closed"}]
    version = QUESTIONS[Purpose.MATCHING].version
    name = NameMatching(organisation=other.id)
    blocks = BlockMember(member=one.member.pk)
    assert seen() == there
    for cmd, data, undone, back in (
        ("consent.withdraw", WithdrawConsent(purpose="matching"),
         "consent.give", GiveConsent(purpose="matching", version=version)),
        ("matching.rest", name, "matching.renew", name),
        ("member.block", blocks, "member.unblock", blocks),
    ):  # fmt: skip
        do(other.member, cmd, data)
        assert seen() == gone, cmd
        do(other.member, undone, back)
        assert seen() == there, undone


def test_an_answer_that_is_no_interest_changes_nothing_for_the_other_side() -> None:
    one, other = pair()
    suggest(one, other)
    before = (shown(other.id), going_on_of(other.id), heard_by(other))
    answer(one, other, "declined", why="sector")
    answer(one, other, "later", weeks=2)
    answer(one, other, "declined")
    assert (shown(other.id), going_on_of(other.id)) == before[:2]
    assert Introduction.objects.count() == 0
    assert heard_by(other) == before[2]
    row = Suggestion.objects.get(profile=one.id)
    assert (row.answer, row.why, row.until) == ("declined", "", None)
    undo(one, other)
    assert shown(one.id) == [other.id]


def test_both_interested_opens_one_conversation() -> None:
    one, other = pair()
    row = introduce(one, other)
    assert (row.state, row.first_by_id, row.second_by_id) == (
        "open",
        one.member.pk,
        other.member.pk,
    )
    inside = Membership.objects.filter(channel=row.channel).values_list("member_id", flat=True)
    assert set(inside) == {one.member.pk, other.member.pk}
    assert row.channel is not None
    assert row.channel.purpose.splitlines() == [
        "Sadam (Estonia). Looks for: Festival invitation. Offers: Residency.",
        "Majakka (Finland). Looks for: Residency. Offers: Festival invitation.",
    ]
    answer(one, other, "interested")
    assert Introduction.objects.count() == 1
    with pytest.raises(Conflict) as refused:
        undo(one, other)
    assert refused.value.code == "introduction.over"
    assert Suggestion.objects.get(profile=one.id).answer == "interested"


def test_put_off_comes_again_when_its_time_is_over() -> None:
    one, other = pair()
    suggest(one)
    answer(one, other, "later", weeks=1)
    assert shown(one.id) == []
    Suggestion.objects.update(until=now())
    assert shown(one.id) == [other.id]


def test_what_nobody_answered_goes_and_may_come_again_much_later() -> None:
    one, other = pair()
    suggest(one)
    Suggestion.objects.update(made_at=now() - timedelta(days=29))
    suggest(one)
    assert shown(one.id) == []
    Suggestion.objects.update(lapsed_at=now() - timedelta(days=91))
    suggest(one)
    assert shown(one.id) == [other.id]


def test_wrong_answers_write_nothing_and_tell_nobody() -> None:
    one, other = pair()
    suggest(one)
    stranger, before = factories.member(), told()
    for said in (
        {"said": "maybe"},
        {"said": "later", "weeks": 0},
        {"said": "declined", "why": "x"},
    ):
        with pytest.raises(Invalid):
            answer(one, other, **said)
    with pytest.raises(NotFound):
        answer(other, one, "interested")
    with pytest.raises(Forbidden):
        answer(type(one)(one.organisation, stranger), other, "interested")
    MatchingProfile.objects.filter(pk=one.id).update(expires_at=now())
    with pytest.raises(Conflict) as refused:
        answer(one, other, "interested")
    assert refused.value.code == "matching.not_shared"
    assert Suggestion.objects.exclude(answer="").count() == 0
    assert (Introduction.objects.count(), told()) == (0, before)


def test_interest_comes_within_the_number_that_one_set_and_is_unknown_before() -> None:
    one, other = house("EE", weekly=1), house("FI", needs=["residency"], offers=["festival"])
    wisher = house("SE", needs=["residency"], offers=["festival"])
    suggest(one, wisher)
    (shown_first,) = suggested_to(one)
    asks = wisher if shown_first == other.id else other
    suggest(asks)
    before = heard_by(one)
    answer(asks, one, "interested")
    suggest(one)
    assert (suggested_to(one), going_on_of(one.id), heard_by(one)) == ([shown_first], [], before)
    Suggestion.objects.filter(profile=one.id).update(made_at=now() - timedelta(days=8))
    suggest(one)
    assert suggested_to(one) == [shown_first, asks.id]
    assert [each.other.id for each in going_on_of(one.id)] == [asks.id]


def test_who_wants_to_meet_comes_first_within_the_limit() -> None:
    one = house("EE", weekly=1)
    best = house("FI", needs=["residency"], offers=["festival"])
    wisher = house("SE", needs=["residency"], offers=["festival", "space", "fair"])
    suggest(wisher)
    answer(wisher, one, "interested")
    suggest(one)
    assert suggested_to(one) == [wisher.id]
    assert shown_suggestions(one.id)[0].state.wants_to_meet
    assert best.id != wisher.id
